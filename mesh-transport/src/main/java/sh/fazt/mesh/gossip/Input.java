package sh.fazt.mesh.gossip;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import sh.fazt.mesh.apply.Ingested;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.clock.Dot;
import sh.fazt.mesh.delta.Acknowledgement;
import sh.fazt.mesh.delta.Head;
import sh.fazt.mesh.delta.Summary;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.identity.VerifyKey;
import sh.fazt.mesh.roster.Authors;
import sh.fazt.mesh.wire.SignedBatch;

/** What happens to the engine. A peer is named by its node key and has one link at a time. */
public sealed interface Input {
  /** The first input: sets the timers going. */
  record Start() implements Input {}

  /**
   * Who may be linked and heard; nobody is before this is given.
   *
   * @param others all members but this node
   */
  record Members(Set<VerifyKey> others) implements Input {
    public Members {
      others = Set.copyOf(others);
    }
  }

  /** Where this node can be dialled from now on. */
  record Located(Location own) implements Input {}

  /** What this node has said that its tables show, or a member did, as it was kept. */
  record Acknowledged(Acknowledgement said) implements Input {}

  /** Up to where the log was trimmed. */
  record Trimmed(Summary floors) implements Input {}

  /** The log holds this since a member's snapshot was taken in. */
  record Rebased(Summary summary) implements Input {}

  /** A member of the last {@link Output.Seek} could not be reached, or nobody knows where it is. */
  record Unreached(VerifyKey member) implements Input {}

  /** A link to a member is open. A second one in place of the first is a new beginning. */
  record PeerUp(VerifyKey peer) implements Input {}

  /** The link is gone, and with it what was on its way. */
  record PeerDown(VerifyKey peer) implements Input {}

  /** The link takes more, or should be spared until it does. A link begins writable. */
  record PeerWritable(VerifyKey peer, boolean writable) implements Input {}

  record Received(VerifyKey peer, Message message) implements Input {}

  /** Our own fresh batches, in the order of their seq; they are in the log. */
  record LocalBatches(List<SignedBatch> batches) implements Input {}

  /** Others' batches that came by no link, in the order of the log; they are in it. */
  record Brought(List<SignedBatch> batches) implements Input {}

  /** What became of an {@link Output.Ingest}: one verdict for each of its arrivals, in order. */
  record Judged(VerifyKey from, List<Verdict> verdicts) implements Input {}

  /**
   * @param claimed what the peer said that the envelope holds
   */
  record Verdict(Dot claimed, Ingested ingested) {}

  /**
   * None of these could be put into the log for a reason of ours, such as a full disk: an answer to
   * an {@link Output.Ingest} too. They are not kept and will be asked for again.
   */
  record Postponed(VerifyKey from, List<Dot> claimed, String why) implements Input {}

  /**
   * The log found where a site signed twice: its chain ends before that.
   *
   * @param trunk the last batch of the chain that the log holds, if it holds any
   * @param limit the seq of the last one there is
   */
  record Forked(SiteId site, Optional<Head> trunk, long limit) implements Input {}

  /**
   * The answer to an {@link Output.Provide}.
   *
   * @param batches in the order of the log, each of at least one byte; empty at the end
   */
  record Provided(VerifyKey peer, long want, List<SignedBatch> batches) implements Input {}

  /**
   * @param ops all that we hold, in causal order
   * @param from who told us, so that it is not told again
   */
  record RosterChanged(List<Bytes> ops, Optional<VerifyKey> from) implements Input {}

  /** Something that this node's application says to all members. */
  record Say(Broadcast broadcast) implements Input {}

  /** Whose batches count, and how far, is known better than before. */
  record AuthorsChanged(Authors authors) implements Input {}

  /** Compare with a connected peer now, as {@code sync} asks. */
  record Compare(VerifyKey peer) implements Input {}

  /** Say this to a peer, if it is linked: a message that the node itself thought of. */
  record StateSaid(VerifyKey peer, Message message) implements Input {}

  /** We stop: say goodbye to all. */
  record Leave(String reason) implements Input {}

  /**
   * How far the wall clock is from the time that inputs are given with; 0 at first.
   *
   * @param offsetMillis wall clock less that time
   */
  record WallClock(long offsetMillis) implements Input {}

  /** A time that an {@link Output.Schedule} asked for has come. */
  record TimerFired(Timer timer) implements Input {}
}
