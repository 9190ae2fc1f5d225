package sh.fazt.mesh.node;

import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.identity.Chance;

/**
 * How long to wait before the next call to a peer: twice as long after each failure, spread at
 * random so that nodes do not call in step. Exponential backoff with "equal jitter". Confined.
 */
final class Backoff {
  static final long FIRST_MILLIS = 250;
  static final long MAX_MILLIS = 30_000;

  private final Chance chance;
  private long nextMillis = FIRST_MILLIS;

  Backoff(Chance chance) {
    this.chance = chance;
  }

  /** The wait after one more failure: half to all of the present step. */
  long failed() {
    long step = nextMillis;
    nextMillis = Math.min(MAX_MILLIS, nextMillis * 2);
    Bytes drawn = chance.bytes(2);
    long spread = (drawn.at(0) << 8 | drawn.at(1)) * (step / 2) / 0xffff;
    return step / 2 + spread;
  }

  void succeeded() {
    nextMillis = FIRST_MILLIS;
  }
}
