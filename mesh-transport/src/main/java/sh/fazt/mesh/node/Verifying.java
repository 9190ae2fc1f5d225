package sh.fazt.mesh.node;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.fazt.mesh.Mesh;
import sh.fazt.mesh.apply.RowProof;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.fingerprint.StateQuestion;
import sh.fazt.mesh.frame.MessageCodec;
import sh.fazt.mesh.gossip.Input;
import sh.fazt.mesh.gossip.Message;
import sh.fazt.mesh.gossip.StateAsk;
import sh.fazt.mesh.gossip.StateTell;
import sh.fazt.mesh.identity.VerifyKey;
import sh.fazt.mesh.node.VerifyReport.PeerVerify;

/**
 * The node's part in comparisons of whole states, its own and those of its peers. Confined to the
 * mesh thread.
 */
final class Verifying {
  /** Comparisons of this node's own at one time. */
  static final int COMPARISONS_MAX = 64;

  private static final Logger LOG = LoggerFactory.getLogger(Verifying.class);

  private final Agenda agenda;
  private final Mesh mesh;
  private final Consumer<Input> engine;
  private final Reach reach;
  private final StateDesk desk;
  private final StateServing serving;
  private final Map<Long, Talk> talks = new HashMap<>();
  private final Set<Talk> active = new LinkedHashSet<>();
  private long lastId;

  /** The links to peers. */
  interface Reach {
    /** Whether the peer has introduced itself on a link. */
    boolean isLinked(VerifyKey peer);

    /** Whether it is linked, or a call is under way. */
    boolean isWithinReach(VerifyKey peer);

    /** Closes the link of a peer that broke the rules. */
    void drop(VerifyKey peer, String why);
  }

  /**
   * @param engine fed with what is to be said
   */
  Verifying(Agenda agenda, Mesh mesh, Consumer<Input> engine, Reach reach) {
    this.agenda = agenda;
    this.mesh = mesh;
    this.engine = engine;
    this.reach = reach;
    this.desk = new StateDesk(agenda, mesh.file());
    this.serving =
        new StateServing(
            agenda,
            desk,
            (peer, answer) -> engine.accept(new Input.StateSaid(peer, answer)),
            StateServing.REST_MILLIS_MIN);
  }

  /** A comparison with one peer, and its messages. */
  private final class Talk implements Verification.World {
    private final VerifyKey peer;
    private final Verification verification;
    private long open;
    private long bytes;

    Talk(Verification.Wish wish) {
      this.peer = wish.peer().node();
      this.verification = new Verification(desk, this, wish);
    }

    @Override
    public long nowMillis() {
      return agenda.nowMillis();
    }

    @Override
    public void later(long millis, Runnable work) {
      agenda.schedule(this, agenda.nowMillis() + millis, work);
    }

    @Override
    public void ask(StateQuestion question) {
      talks.remove(open);
      lastId = lastId % Integer.MAX_VALUE + 1;
      open = lastId;
      talks.put(open, this);
      StateAsk ask = new StateAsk(open, question);
      bytes += MessageCodec.encode(ask).size();
      engine.accept(new Input.StateSaid(peer, ask));
    }

    @Override
    public long bytes() {
      return bytes;
    }

    @Override
    public void sync() {
      engine.accept(new Input.Compare(peer));
    }

    @Override
    public int mend(List<RowProof> proofs) {
      return mesh.mend(proofs);
    }

    @Override
    public void punish(String why) {
      LOG.warn("a peer's answer about its state is malformed: {}", why);
      engine.accept(new Input.PeerDown(peer));
      reach.drop(peer, "malformed answer about its state");
    }

    @Override
    public boolean isLinked() {
      return reach.isLinked(peer);
    }

    @Override
    public boolean isWithinReach() {
      return reach.isWithinReach(peer);
    }

    private void told(StateTell tell) {
      bytes += MessageCodec.encode(tell).size();
      verification.told(tell.answer());
    }

    private void end() {
      talks.remove(open);
      active.remove(this);
      agenda.cancel(this);
      agenda.cancel(verification.answer());
    }
  }

  /** Compares with a peer that is linked. */
  CompletableFuture<PeerVerify> verify(Verification.Wish wish) {
    if (active.size() >= COMPARISONS_MAX) {
      throw new MeshException(
          ErrorCode.TOO_MANY,
          COMPARISONS_MAX + " comparisons are under way here already",
          "Try again when one of them has ended");
    }
    Talk talk = new Talk(wish);
    active.add(talk);
    CompletableFuture<PeerVerify> answer = talk.verification.answer();
    answer.whenComplete((report, failure) -> talk.end());
    agenda.schedule(
        answer,
        Math.max(agenda.nowMillis(), wish.deadlineMillis()) + Verification.RETRY_MILLIS,
        talk.verification::late);
    talk.verification.start();
    return answer;
  }

  /** A peer has said something about states. */
  void heard(VerifyKey from, Message message) {
    if (message instanceof StateAsk ask) {
      agenda.submit(() -> serving.asked(from, ask));
    } else if (message instanceof StateTell tell) {
      Talk talk = talks.get(tell.id());
      // An answer may come after its question was given up.
      if (talk != null && talk.peer.equals(from)) {
        talks.remove(tell.id());
        agenda.submit(() -> talk.told(tell));
      }
    } else {
      throw new AssertionError("unhandled " + message);
    }
  }

  /** The link to a peer is gone. */
  void gone(VerifyKey peer) {
    List.copyOf(active).stream()
        .filter(talk -> talk.peer.equals(peer))
        .forEach(talk -> talk.verification.lost());
  }

  /** Ends all; waits for what is under way. */
  void end() {
    List.copyOf(active).forEach(talk -> talk.verification.lost());
    desk.end();
  }
}
