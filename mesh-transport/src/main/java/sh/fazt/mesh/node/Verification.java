package sh.fazt.mesh.node;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import sh.fazt.mesh.StateSource;
import sh.fazt.mesh.apply.RowJudge;
import sh.fazt.mesh.apply.RowProof;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.fingerprint.Prefix;
import sh.fazt.mesh.fingerprint.Reconciliation;
import sh.fazt.mesh.fingerprint.RowReport;
import sh.fazt.mesh.fingerprint.StateAnswer;
import sh.fazt.mesh.fingerprint.StateAnswer.Why;
import sh.fazt.mesh.fingerprint.StatePlan;
import sh.fazt.mesh.fingerprint.StateQuestion;
import sh.fazt.mesh.node.VerifyReport.NotCompared;
import sh.fazt.mesh.node.VerifyReport.Outcome;
import sh.fazt.mesh.node.VerifyReport.PeerVerify;
import sh.fazt.mesh.roster.Member;
import sh.fazt.mesh.schema.Identifier;

/**
 * One comparison of this node's whole state with a peer's: both read theirs at the same time and
 * compare the fingerprints of all; where these differ, ranges are compared until the rows are
 * found, and each side judges its own by its change log. Confined to the mesh thread.
 */
final class Verification {
  /** Until the next try where one side was not ready, or the two were not level. */
  static final long RETRY_MILLIS = 200;

  private final StateDesk desk;
  private final World world;
  private final Wish wish;
  private final CompletableFuture<PeerVerify> answer = new CompletableFuture<>();
  private final Differences differences = new Differences();
  private final List<NotCompared> apart = new ArrayList<>();
  private StatePlan plan = new StatePlan(List.of());
  private boolean agreed;
  private boolean mayMend;
  private boolean complete = true;
  private int attempt;
  private Optional<StateSource.State> ours = Optional.empty();
  private Optional<StateAnswer> theirs = Optional.empty();
  private Optional<List<RowJudge.Judged>> judged = Optional.empty();
  private @Nullable Reconciliation search;

  /**
   * What is wanted.
   *
   * @param mend whether rows that are damaged here are to be mended
   */
  record Wish(Member peer, boolean mend, long startMillis, long deadlineMillis) {}

  /** What a comparison does beyond reading. */
  interface World {
    long nowMillis();

    void later(long millis, Runnable work);

    /** Asks the peer; the answer comes through {@link Verification#told}. */
    void ask(StateQuestion question);

    /** Bytes of messages so far. */
    long bytes();

    /** Whether the peer can be asked. */
    boolean isLinked();

    /** Whether it may be so in a moment. */
    boolean isWithinReach();

    /** Exchanges with the peer what either lacks. */
    void sync();

    /** See {@link sh.fazt.mesh.Mesh#mend}. */
    int mend(List<RowProof> proofs);

    /** The peer has broken the rules. */
    void punish(String why);
  }

  Verification(StateDesk desk, World world, Wish wish) {
    this.desk = desk;
    this.world = world;
    this.wish = wish;
    this.mayMend = wish.mend();
  }

  CompletableFuture<PeerVerify> answer() {
    return answer;
  }

  void start() {
    if (!world.isLinked()) {
      if (world.isWithinReach()) {
        again();
      } else {
        finish(Outcome.OFFLINE);
      }
      return;
    }
    desk.ask(
        StateSource::plan,
        planned -> {
          if (planned.isEmpty()) {
            again();
          } else {
            plan = planned.get().plan();
            agreed = false;
            apart.clear();
            planned.get().apart().forEach(this::apart);
            attempt();
          }
        });
  }

  private void apart(StatePlan.Apart each) {
    NotCompared known = new NotCompared(each.table(), each.column(), each.why().name());
    boolean waits =
        apart.stream()
            .anyMatch(
                other ->
                    other.table().equals(each.table())
                        && other.why().equals(StatePlan.Apart.Why.WAITS.name()));
    if (!waits) {
      apart.add(known);
    }
  }

  private void attempt() {
    if (answer.isDone()) {
      return;
    }
    if (world.nowMillis() >= wish.deadlineMillis()) {
      finish(Outcome.UNSETTLED);
      return;
    }
    attempt++;
    ours = Optional.empty();
    theirs = Optional.empty();
    judged = Optional.empty();
    search = null;
    world.ask(agreed ? new StateQuestion.Part(plan) : new StateQuestion.Whole(plan.hash()));
    StatePlan wanted = plan;
    int mine = attempt;
    desk.ask(
        source -> StateServing.take(source, wanted, desk),
        taken -> {
          if (mine == attempt && !answer.isDone()) {
            took(taken);
          }
        });
  }

  private void took(Optional<StateSource.Taken> taken) {
    if (taken.isPresent() && taken.get() instanceof StateSource.State state) {
      ours = Optional.of(state);
      compare();
    } else if (taken.isPresent() && taken.get() instanceof StateSource.NotNow notNow) {
      notNow(notNow.why());
    } else {
      again();
    }
  }

  /** Waits a moment, then begins anew. */
  private void again() {
    attempt++;
    if (!answer.isDone()) {
      world.later(RETRY_MILLIS, this::startOrEnd);
    }
  }

  private void startOrEnd() {
    if (!answer.isDone() && world.nowMillis() >= wish.deadlineMillis()) {
      finish(world.isLinked() ? Outcome.UNSETTLED : Outcome.OFFLINE);
    } else if (!answer.isDone()) {
      start();
    }
  }

  private void notNow(Why why) {
    if (why == Why.TOO_LARGE) {
      finish(Outcome.TOO_LARGE);
    } else {
      again();
    }
  }

  /** The peer has answered the last question. */
  void told(StateAnswer told) {
    if (answer.isDone()) {
      return;
    }
    try {
      if (told instanceof StateAnswer.NotNow notNow) {
        notNow(notNow.why());
      } else if (told instanceof StateAnswer.Plan other) {
        agree(other.plan());
      } else if (told instanceof StateAnswer.Root) {
        theirs = Optional.of(told);
        compare();
      } else if (told instanceof StateAnswer.Ranges ranges && search != null) {
        search.on(ranges.ranges());
        goOn(search);
      } else if (told instanceof StateAnswer.Rows rows) {
        theirs = Optional.of(rows);
        combine();
      } else {
        throw new MalformedException("an answer to no question");
      }
    } catch (MalformedException e) {
      world.punish(String.valueOf(e.getMessage()));
      finish(Outcome.OFFLINE);
    }
  }

  private void agree(StatePlan other) throws MalformedException {
    if (agreed) {
      throw new MalformedException("a plan though one is agreed");
    }
    StatePlan.Fit fit = StatePlan.Fit.of(plan, other);
    fit.apart().forEach(this::apart);
    plan = fit.common();
    agreed = true;
    attempt();
  }

  private void compare() {
    if (ours.isEmpty() || theirs.isEmpty() || !(theirs.get() instanceof StateAnswer.Root root)) {
      return;
    }
    if (!root.summary().equals(ours.get().summary())) {
      world.sync();
      again();
    } else if (root.fingerprint().equals(ours.get().rows().root())) {
      finish(Outcome.EQUAL);
    } else {
      search = new Reconciliation(ours.get().rows(), root.fingerprint());
      goOn(search);
    }
  }

  private void goOn(Reconciliation towards) {
    List<Prefix> ranges = towards.next();
    StateAnswer.Root root = (StateAnswer.Root) theirs.orElseThrow();
    if (!ranges.isEmpty()) {
      world.ask(new StateQuestion.Ranges(root.fingerprint().hash(), ranges));
      return;
    }
    complete = !towards.isCut();
    List<Long> ids = towards.differing();
    if (ids.isEmpty()) {
      // Fingerprints that differ without a row that does: the peer has not told the truth.
      complete = false;
      finish(Outcome.DIFFERENT);
      return;
    }
    theirs = Optional.empty();
    world.ask(new StateQuestion.Rows(root.fingerprint().hash(), ids));
    StatePlan wanted = plan;
    int mine = attempt;
    desk.ask(
        source -> source.judge(wanted, ids),
        found -> {
          if (mine == attempt && !answer.isDone()) {
            judged = found.or(() -> Optional.of(List.of()));
            combine();
          }
        });
  }

  /** Both sides have judged their rows. */
  private void combine() {
    if (judged.isEmpty() || !(theirs.orElse(null) instanceof StateAnswer.Rows rows)) {
      return;
    }
    if (mayMend && mend()) {
      // Looks again, whether all is well now.
      mayMend = false;
      again();
      return;
    }
    List<RowReport> here = judged.get().stream().map(RowJudge.Judged::report).toList();
    differences.add(plan, search == null ? List.of() : search.differing(), here, rows.rows());
    boolean alike = differences.differing() == 0 && complete;
    finish(alike ? Outcome.EQUAL : Outcome.DIFFERENT);
  }

  private boolean mend() {
    Map<String, List<RowJudge.Judged>> damaged = new TreeMap<>();
    judged
        .orElse(List.of())
        .forEach(
            row ->
                row.proof()
                    .ifPresent(
                        proof ->
                            damaged
                                .computeIfAbsent(
                                    Identifier.folded(proof.table()), name -> new ArrayList<>())
                                .add(row)));
    damaged.forEach(
        (table, rows) -> {
          int mended =
              world.mend(
                  rows.stream().map(RowJudge.Judged::proof).flatMap(Optional::stream).toList());
          List<String> keys =
              rows.stream().map(row -> Differences.keyText(row.report())).limit(mended).toList();
          differences.mended(table, mended, keys);
        });
    return !damaged.isEmpty();
  }

  /** The peer is gone. */
  void lost() {
    finish(Outcome.OFFLINE);
  }

  /** Time is over, whatever is under way. */
  void late() {
    finish(Outcome.UNSETTLED);
  }

  private void finish(Outcome outcome) {
    answer.complete(
        new PeerVerify(
            wish.peer().id(),
            wish.peer().name(),
            outcome,
            ours.map(StateSource.State::shown).orElse(0L),
            plan.tables().size(),
            ours.map(state -> state.rows().root().hash().value().hex()).orElse(""),
            world.nowMillis() - wish.startMillis(),
            world.bytes(),
            differences.all(),
            apart,
            complete));
  }
}
