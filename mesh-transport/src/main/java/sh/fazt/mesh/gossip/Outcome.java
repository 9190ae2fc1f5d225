package sh.fazt.mesh.gossip;

import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.clock.Dot;

/** What became of a batch that a peer sent. */
public sealed interface Outcome {
  /** It is in the log. */
  record Delivered(Dot dot, Hash hash) implements Outcome {}

  /** The log had it. */
  record Duplicate(Dot dot) implements Outcome {}

  /** It waits for another, or for all of a site's batches up to that one; it was not kept. */
  record Missing(Dot dot, Dot needed) implements Outcome {}

  /** It does not continue what the log holds of its site, though its author signed it. */
  record Forked(Dot dot, String why) implements Outcome {}

  /** It is not well-formed, or not its author's; no honest peer passes such a batch on. */
  record Refused(String why) implements Outcome {}

  /** Our own trouble (a full disk, a busy database): it was not kept and is welcome later. */
  record Postponed(String why) implements Outcome {}
}
