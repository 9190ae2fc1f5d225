package sh.fazt.mesh.gossip;

import java.util.List;
import sh.fazt.mesh.clock.Dot;
import sh.fazt.mesh.delta.Acknowledgement;
import sh.fazt.mesh.delta.Summary;
import sh.fazt.mesh.identity.VerifyKey;

/** A fact that the engine noticed and does not deal with itself. */
public sealed interface Report {
  /** A peer introduced itself and fits. */
  record Greeted(VerifyKey peer, Hello hello) implements Report {}

  /** A member has said where it can be dialled, and others have passed it on. */
  record Located(VerifyKey member, List<String> addresses) implements Report {
    public Located {
      addresses = List.copyOf(addresses);
    }
  }

  /** A member has said what its tables show; it is news. */
  record Acknowledged(Acknowledgement said) implements Report {}

  /**
   * Batches that the log lacks nobody who is linked has any more; this peer had them.
   *
   * @param beyond up to where, as it says; and the forks that only its state can show
   */
  record Trimmed(VerifyKey peer, Summary beyond) implements Report {}

  /** A peer speaks another version of the protocol. */
  record OtherVersion(VerifyKey peer, int theirs, int ours) implements Report {}

  /** A peer turned us away. */
  record TurnedAway(VerifyKey peer, String code, String message) implements Report {}

  /** A peer said goodbye. */
  record Left(VerifyKey peer, String reason) implements Report {}

  /** A peer broke the rules and was dropped. */
  record Misbehaved(VerifyKey peer, String why) implements Report {}

  /** A peer has shown a batch that we signed and our log lacks: this database is an older copy. */
  record OwnPastLost(VerifyKey peer, Dot dot) implements Report {}

  /** A peer says it holds a batch of ours that our log lacks, and did not show it when asked. */
  record OwnPastUnproven(VerifyKey peer, Dot claimed) implements Report {}

  /** Two batches claim one dot: its author signed twice. */
  record Forked(VerifyKey peer, Dot dot) implements Report {}

  /** Batches were not kept for a reason of our own; they will be asked for again. */
  record Stalled(String why) implements Report {}
}
