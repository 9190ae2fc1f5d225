package sh.fazt.mesh.node;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import sh.fazt.mesh.delta.Summary;
import sh.fazt.mesh.gossip.GossipConfig;
import sh.fazt.mesh.identity.SigningKey;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.roster.Authors;

/**
 * A mesh of whole nodes in simulated time: faults first, then none, then all must be equal. {@link
 * #nodes} are the honest members of this moment.
 */
final class SimWorld implements AutoCloseable {
  /** A round of anti-entropy. */
  static final long ROUND_MILLIS = GossipConfig.standard().pace().antiEntropyMillis();

  /** Rounds after which a world that is not equal is given up. */
  static final int ROUNDS_MAX = 10;

  private static final long LOOK_MILLIS = 250;

  final SimPlan plan;
  final SimTime time;
  final SimNetwork network;
  final SimLedger ledger = new SimLedger();
  final SimJudge judge = new SimJudge(ledger);
  final List<SimNode> nodes = new ArrayList<>();
  private final SimFaults faults;
  private final SimMembers members;
  private final Optional<SimIntruder> intruder;
  private final List<SimNode> made = new ArrayList<>();
  private final Path folder;
  private final Runnable end;
  private int toWrite;
  private int committed;
  private boolean healed;

  /**
   * @param folder with what {@link SimSetup} has made for so many nodes
   * @param end run once it is closed
   */
  SimWorld(SimPlan plan, Path folder, Runnable end) {
    this.end = end;
    this.plan = plan;
    this.time = new SimTime(plan.seed());
    this.network = new SimNetwork(time, plan.topology()::isNear);
    this.folder = folder;
    for (int index = 0; index < plan.nodes(); index++) {
      nodes.add(make(index));
    }
    SimForger forger = new SimForger(time, this::removed, ledger::mayBe);
    this.intruder =
        plan.intruder()
            ? Optional.of(new SimIntruder(make(plan.nodes()), time, forger))
            : Optional.empty();
    intruder.ifPresent(
        liar -> {
          ledger.parted.add("n" + liar.index());
          network.liar = (from, frame) -> from == liar.index() ? liar.say(frame) : List.of(frame);
        });
    this.members = new SimMembers(this, folder);
    this.faults = new SimFaults(this, folder);
  }

  /** The node with the file of that number. */
  SimNode make(int index) {
    SimNode node = new SimNode(index, plan.members(), folder, network, ledger);
    made.add(node);
    return node;
  }

  SimNode any() {
    return nodes.get(time.random.nextInt(nodes.size()));
  }

  /** One that was removed, once all honest members know it, and hold all of it that counts. */
  private Optional<SimForger.Gone> removed() {
    return members.removed().stream()
        .filter(SimNode::isUp)
        .map(node -> node.mesh().nodeKey())
        .filter(key -> nodes.stream().allMatch(node -> node.knowsRemoved(key.verifyKey())))
        .flatMap(key -> last(key).stream())
        .findFirst();
  }

  private Optional<SimForger.Gone> last(SigningKey key) {
    Summary held = nodes.get(0).mesh().summary();
    Authors authors = nodes.get(0).mesh().membership().roster().authors();
    SiteId site = new SiteId(key.verifyKey(), 1);
    return held.head(site)
        .filter(head -> head.seq() == authors.limit(site))
        .map(head -> new SimForger.Gone(key, site, head));
  }

  /** Runs the whole plan; throws what {@link SimJudge} finds, with the story that led to it. */
  SimFigures run() {
    try {
      storm();
      return settle();
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError(
          "%s at %s: %s%n%s".formatted(plan, time.clock(), e.getMessage(), time.story()), e);
    }
  }

  /** Writes and faults, as the seed has it. */
  void storm() {
    for (SimNode node : nodes) {
      time.in(time.between(0, 3_000), node::start);
    }
    time.in(2_000, this::look);
    stormAgain();
  }

  /** More of them, after the first have settled. */
  void stormAgain() {
    healed = false;
    toWrite = plan.statements();
    time.in(500, this::write);
    time.in(4_000, this::fault);
    time.in(2_000, this::intrude);
    if (plan.changes()) {
      time.in(time.between(5_000, 40_000), this::change);
    }
    while (toWrite > 0) {
      time.run(1_000);
    }
  }

  /** Ends all faults, and waits until all nodes are equal. */
  SimFigures settle() {
    healed = true;
    intruder.ifPresent(SimIntruder::end);
    faults.end();
    members.removed().forEach(SimNode::start);
    time.tell("all faults end");
    long millis = untilEqual();
    judge.end(nodes);
    // What was thought to be over would show now.
    time.run(2 * ROUND_MILLIS);
    if (judge.lackTimeAlone(nodes)) {
      untilEqual();
    }
    judge.end(nodes);
    members.removed().forEach(judge::runs);
    return new SimFigures(
        millis,
        committed,
        made.stream().mapToInt(node -> node.app.statements()).sum(),
        network.frames,
        network.bytes,
        time.counts(),
        time.trace());
  }

  /**
   * How long it takes from now until all are equal. Where one whose clock was ahead shows already
   * what is too early for the others, time alone makes them equal; this is not counted.
   */
  private long untilEqual() {
    long millis = 0;
    long waited = 0;
    Optional<String> difference = judge.difference(nodes);
    while (difference.isPresent()) {
      if (millis > ROUNDS_MAX * ROUND_MILLIS) {
        throw new SimJudge.Broken(
            "not equal after %d rounds: %s".formatted(ROUNDS_MAX, difference.get()));
      }
      if (waited < SimFaults.CLOCK_OFF_MAX && judge.lackTimeAlone(nodes)) {
        waited += LOOK_MILLIS;
      } else {
        millis += LOOK_MILLIS;
      }
      time.run(LOOK_MILLIS);
      difference = judge.difference(nodes);
    }
    if (waited > 0) {
      time.count("times waited for a stamp's time");
    }
    return millis;
  }

  private void write() {
    if (healed || toWrite <= 0) {
      return;
    }
    SimNode node = any();
    int before = node.app.statements();
    boolean kept = node.app.write();
    toWrite -= node.app.statements() - before;
    if (kept) {
      committed++;
      time.trace(node.index);
      if (time.happens(700)) {
        time.in(time.between(0, 3), node::wake);
      }
    }
    time.in(time.happens(700) ? time.between(0, 40) : time.between(100, 3_000), this::write);
  }

  private void look() {
    SimNode node = any();
    if (!node.app.isHolding()) {
      judge.look(node);
    }
    time.in(time.between(50, 800), this::look);
  }

  private void intrude() {
    if (!healed && intruder.isPresent()) {
      intruder.get().goOn();
      time.in(time.between(200, 4_000), this::intrude);
    }
  }

  private void change() {
    if (!healed) {
      members.next();
      time.in(time.between(2_000, 50_000), this::change);
    }
  }

  private void fault() {
    if (!healed) {
      faults.next();
      time.in(time.between(200, 5_000), this::fault);
    }
  }

  /** The rows of {@code tale} that some node holds. */
  Set<String> told() {
    Set<String> told = new HashSet<>();
    nodes.forEach(node -> told.addAll(node.app.column("SELECT id FROM tale")));
    return told;
  }

  @Override
  public void close() {
    made.forEach(SimNode::close);
    end.run();
  }
}
