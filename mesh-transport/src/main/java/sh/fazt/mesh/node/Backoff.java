package sh.fazt.mesh.node;

import sh.fazt.mesh.identity.Chance;

/**
 * How long to wait before the next try: twice as long each time within limits, and spread so that
 * nodes that lost the same peer do not return as one.
 *
 * @param firstMillis after the first failure
 * @param maxMillis at most
 */
record Backoff(long firstMillis, long maxMillis) {
  static final Backoff DIAL = new Backoff(250, 30_000);

  /**
   * Between a half and the whole of the step.
   *
   * @param failures in a row, at least 1
   */
  long waitMillis(int failures, Chance chance) {
    long step = firstMillis;
    for (int i = 1; i < failures && step < maxMillis; i++) {
      step *= 2;
    }
    step = Math.min(step, maxMillis);
    long drawn = chance.bytes(Long.BYTES).asBuffer().getLong();
    return step / 2 + Math.floorMod(drawn, step / 2 + 1);
  }
}
