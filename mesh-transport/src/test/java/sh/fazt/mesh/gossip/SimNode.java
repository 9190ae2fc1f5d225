package sh.fazt.mesh.gossip;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import sh.fazt.mesh.apply.Ingested;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.clock.Dot;
import sh.fazt.mesh.delta.DotRange;
import sh.fazt.mesh.identity.Chance;
import sh.fazt.mesh.identity.MeshId;
import sh.fazt.mesh.identity.SigningKey;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.identity.VerifyKey;
import sh.fazt.mesh.wire.SignedBatch;

/** One engine with its log in a simulated world, and what is counted of it. */
final class SimNode {
  final VerifyKey key;
  final SiteId site;
  final MemoryLog log = new MemoryLog();
  final List<Report> reports = new ArrayList<>();

  /** What other nodes' applications have broadcast. */
  final List<String> heard = new ArrayList<>();

  final List<Message> stateHeard = new ArrayList<>();
  final Counts counts = new Counts();
  Set<VerifyKey> sought = Set.of();
  final Map<Dot, Long> deliveredAt = new HashMap<>();
  final Set<Bytes> roster = new LinkedHashSet<>();
  private final World world;
  private final GossipConfig config;
  private final Chance chance;
  private final Map<Timer, Long> timers = new HashMap<>();
  private final Map<String, List<DotRange>> asked = new TreeMap<>();
  private MemoryLog.Cursors<String> cursors = new MemoryLog.Cursors<>();
  private GossipEngine engine;
  private final SigningKey signing;
  private int life;
  private long said;

  SimNode(World world, Random random, GossipConfig config) {
    this.world = world;
    this.config = config;
    this.chance = Chance.from(random);
    this.signing = SigningKey.generate(chance);
    this.key = signing.verifyKey();
    this.site = new SiteId(key, 1);
    this.engine = fresh();
  }

  GossipEngine engine() {
    return engine;
  }

  void start() {
    on(new Input.Start());
  }

  /** Loses everything but the log and the roster. */
  void restart() {
    life++;
    said = 0;
    timers.clear();
    asked.clear();
    cursors = new MemoryLog.Cursors<>();
    engine = fresh();
    start();
  }

  void write(int padding) {
    SignedBatch batch = log.author(site, padding);
    deliveredAt.put(batch.dot(), world.now());
    counts.wrote(batch.dot());
    on(new Input.LocalBatches(List.of(batch)));
  }

  void say(String text) {
    BroadcastId id = new BroadcastId(site, life + 1, ++said);
    Broadcast.Content content =
        new Broadcast.Content(new MeshId(Hash.ZERO), id, world.now(), Bytes.utf8(text));
    on(new Input.Say(Broadcast.sign(content, signing)));
  }

  /** All nodes of the world are members, as far as this one knows. */
  void knowAll() {
    on(new Input.Members(world.nodes.stream().map(node -> node.key).collect(Collectors.toSet())));
  }

  void addToRoster(Bytes op) {
    roster.add(op);
    on(new Input.RosterChanged(List.copyOf(roster), Optional.empty()));
  }

  void on(Input input) {
    count(input);
    for (Output output : engine.on(input, world.now())) {
      perform(output);
    }
  }

  int openCursors() {
    return cursors.open();
  }

  private GossipEngine fresh() {
    LocalNode local =
        new LocalNode(new MeshId(Hash.ZERO), site, "n", "0.1.0", List.of("192.0.2.1:8443"));
    return new GossipEngine(local, log.summary(), List.copyOf(roster), config, chance);
  }

  private void perform(Output output) {
    if (output instanceof Output.Send o) {
      watch(o);
      world.send(this, o.to(), o.message());
    } else if (output instanceof Output.Ingest o) {
      later(1, () -> ingest(o));
    } else if (output instanceof Output.Provide o) {
      later(0, () -> provide(o));
    } else if (output instanceof Output.CloseProvided o) {
      cursors.close(o.peer() + "/" + o.want());
    } else if (output instanceof Output.Schedule o) {
      schedule(o);
    } else if (output instanceof Output.MergeRoster o) {
      if (roster.addAll(o.ops())) {
        later(0, () -> on(new Input.RosterChanged(List.copyOf(roster), Optional.of(o.from()))));
      }
    } else if (output instanceof Output.Drop o) {
      asked.keySet().removeIf(want -> want.startsWith(o.peer() + "/"));
      world.close(this, o.peer());
    } else if (output instanceof Output.Seek o) {
      sought = o.members();
      world.seeks(this);
    } else if (output instanceof Output.Hear o) {
      heard.add(o.content().payload().asUtf8());
    } else if (output instanceof Output.StateHeard o) {
      stateHeard.add(o.message());
    } else if (output instanceof Output.Tell o) {
      reports.add(o.report());
    } else {
      throw new AssertionError("unhandled " + output);
    }
  }

  private void later(long millis, Runnable action) {
    int born = life;
    world.at(
        world.now() + millis,
        () -> {
          if (born == life) {
            action.run();
          }
        });
  }

  private void schedule(Output.Schedule schedule) {
    long due = Math.max(world.now(), schedule.dueMillis());
    timers.put(schedule.timer(), due);
    later(
        due - world.now(),
        () -> {
          if (timers.remove(schedule.timer(), due)) {
            on(new Input.TimerFired(schedule.timer()));
          }
        });
  }

  private void ingest(Output.Ingest ingest) {
    List<Input.Verdict> verdicts = new ArrayList<>();
    for (Output.Arrival arrival : ingest.arrivals()) {
      Ingested result = log.ingest(arrival.envelope());
      if (result instanceof Ingested.Delivered delivered) {
        deliveredAt.put(delivered.dot(), world.now());
      }
      verdicts.add(new Input.Verdict(arrival.claimed(), result));
    }
    on(new Input.Judged(ingest.from(), verdicts));
  }

  private void provide(Output.Provide provide) {
    String cursor = provide.peer() + "/" + provide.want();
    List<SignedBatch> batches = cursors.next(log, cursor, provide.ranges(), provide.bytesMax());
    on(new Input.Provided(provide.peer(), provide.want(), batches));
  }

  private void count(Input input) {
    if (input instanceof Input.Received in) {
      if (in.message() instanceof Done done) {
        asked.remove(in.peer() + "/" + done.id());
      }
    } else if (input instanceof Input.PeerDown in) {
      asked.keySet().removeIf(want -> want.startsWith(in.peer() + "/"));
    } else if (input instanceof Input.PeerUp in) {
      asked.keySet().removeIf(want -> want.startsWith(in.peer() + "/"));
    }
  }

  /** Fails if a batch is asked of two peers at once. */
  private void watch(Output.Send send) {
    if (send.message() instanceof Want want) {
      for (DotRange range : want.ranges()) {
        asked.forEach(
            (other, ranges) -> {
              if (ranges.stream().anyMatch(taken -> overlap(taken, range))) {
                throw new AssertionError(range + " asked of " + other + " and " + send.to());
              }
            });
      }
      asked.put(send.to() + "/" + want.id(), want.ranges());
    } else if (send.message() instanceof Stop stop) {
      asked.remove(send.to() + "/" + stop.id());
    }
  }

  private static boolean overlap(DotRange a, DotRange b) {
    return a.site().equals(b.site()) && a.from() <= b.to() && b.from() <= a.to();
  }
}
