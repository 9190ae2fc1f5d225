package sh.fazt.mesh.node;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import sh.fazt.mesh.StateSource;
import sh.fazt.mesh.apply.RowJudge;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.fingerprint.StateAnswer;
import sh.fazt.mesh.fingerprint.StateAnswer.Why;
import sh.fazt.mesh.fingerprint.StatePlan;
import sh.fazt.mesh.fingerprint.StateQuestion;
import sh.fazt.mesh.gossip.StateAsk;
import sh.fazt.mesh.gossip.StateTell;
import sh.fazt.mesh.identity.VerifyKey;

/**
 * Answers what peers ask about this node's state: one question of each peer at a time, and what
 * takes long not again before as much time has passed. It only reads. Confined to the mesh thread.
 */
final class StateServing {
  /** How much longer a peer's costly questions rest than they took. */
  private static final int REST_FACTOR = 2;

  /** The shortest rest: less than honest peers leave between two tries. */
  static final long REST_MILLIS_MIN = Verification.RETRY_MILLIS / 2;

  private final Agenda agenda;
  private final StateDesk desk;
  private final Answers answers;
  private final long restMillisMin;
  private final Set<VerifyKey> busy = new HashSet<>();
  private final Map<Kind, Long> restEndMillis = new HashMap<>();

  /** What a peer asks: for the whole state, or for judgements. */
  private record Kind(VerifyKey peer, boolean rows) {}

  /** Says an answer to a peer. */
  interface Answers {
    void say(VerifyKey peer, StateTell answer);
  }

  /**
   * @param restMillisMin the shortest rest after a costly question
   */
  StateServing(Agenda agenda, StateDesk desk, Answers answers, long restMillisMin) {
    this.agenda = agenda;
    this.desk = desk;
    this.answers = answers;
    this.restMillisMin = restMillisMin;
  }

  void asked(VerifyKey from, StateAsk ask) {
    boolean costly = !(ask.question() instanceof StateQuestion.Ranges);
    Kind kind = new Kind(from, ask.question() instanceof StateQuestion.Rows);
    boolean rests = costly && agenda.nowMillis() < restEndMillis.getOrDefault(kind, 0L);
    if ((rests && kind.rows()) || !busy.add(from)) {
      answers.say(from, new StateTell(ask.id(), new StateAnswer.NotNow(Why.BUSY)));
      return;
    }
    long start = agenda.nowMillis();
    desk.ask(
        source -> answer(source, ask.question(), !rests),
        answer -> {
          busy.remove(from);
          if (costly && !rests && !(answer.orElse(null) instanceof StateAnswer.Plan)) {
            long now = agenda.nowMillis();
            restEndMillis.put(kind, now + Math.max(restMillisMin, REST_FACTOR * (now - start)));
          }
          StateAnswer told = answer.orElse(new StateAnswer.NotNow(Why.BUSY));
          answers.say(from, new StateTell(ask.id(), told));
        });
  }

  /**
   * @param mayRead whether a state may be read for it that is not in memory
   */
  private StateAnswer answer(StateSource source, StateQuestion question, boolean mayRead) {
    if (question instanceof StateQuestion.Whole whole) {
      StatePlan plan = source.plan().plan();
      return plan.hash().equals(whole.plan())
          ? root(source, plan, mayRead)
          : new StateAnswer.Plan(plan);
    } else if (question instanceof StateQuestion.Part part) {
      return root(source, part.plan(), mayRead);
    } else if (question instanceof StateQuestion.Ranges ranges) {
      return known(source, ranges.root())
          .<StateAnswer>map(
              state ->
                  new StateAnswer.Ranges(
                      ranges.ranges().stream().map(state.rows()::range).toList()))
          .orElse(new StateAnswer.NotNow(Why.MOVED));
    } else if (question instanceof StateQuestion.Rows rows) {
      return known(source, rows.root())
          .<StateAnswer>map(
              state ->
                  new StateAnswer.Rows(
                      source.judge(state.plan(), rows.ids()).stream()
                          .map(RowJudge.Judged::report)
                          .toList()))
          .orElse(new StateAnswer.NotNow(Why.MOVED));
    }
    throw new AssertionError("unhandled " + question);
  }

  private static Optional<StateSource.State> known(StateSource source, Hash root) {
    return source.read().filter(state -> state.rows().root().hash().equals(root));
  }

  private StateAnswer root(StateSource source, StatePlan plan, boolean mayRead) {
    if (!mayRead && source.last().filter(state -> state.plan().equals(plan)).isEmpty()) {
      return new StateAnswer.NotNow(Why.BUSY);
    }
    StateSource.Taken taken = take(source, plan, desk);
    if (taken instanceof StateSource.State state) {
      return new StateAnswer.Root(state.summary(), state.rows().root());
    } else if (taken instanceof StateSource.NotNow notNow) {
      return new StateAnswer.NotNow(notNow.why());
    }
    throw new AssertionError("unhandled " + taken);
  }

  /** Page by page; only where others' writes come between, on one snapshot. */
  static StateSource.Taken take(StateSource source, StatePlan plan, StateDesk desk) {
    StateSource.Taken taken = source.take(plan, false, desk::isEnding);
    return taken.equals(new StateSource.NotNow(Why.MOVED))
        ? source.take(plan, true, desk::isEnding)
        : taken;
  }
}
