package sh.fazt.mesh.apply;

import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.clock.Dot;

/** What became of a batch that a peer sent. */
public sealed interface Ingested {
  /** It is in the log now; what it changes shows, or is parked. */
  record Delivered(Dot dot, Hash hash) implements Ingested {}

  /** It was in the log before. */
  record Duplicate(Dot dot, Hash hash) implements Ingested {}

  /** It must wait for another batch, and with that for all before it of its site. */
  record Missing(Dot dot, Dot needed) implements Ingested {}

  /** This node signed it, or another in its place, and does not have it: it has lost its past. */
  record OwnPast(Dot dot) implements Ingested {}

  /** Its author is no member that this node has heard of. */
  record UnknownAuthor(Dot dot) implements Ingested {}

  /** Its author may write no more, and no full member is on record to have held this one. */
  record Retired(Dot dot) implements Ingested {}

  /**
   * Its author signed it, and another batch in its place or before it.
   *
   * @param parts whether it is known where the branches part; else they do before this batch
   */
  record Forked(Dot dot, boolean parts, String why) implements Ingested {}

  /** Nobody honest sent this; why is for the log. */
  record Refused(String why) implements Ingested {}
}
