package sh.fazt.mesh.node;

/**
 * When to look at the database: at once after the first sign of a write, then no more often than
 * every so many milliseconds while writes go on. Confined to the mesh thread.
 */
final class HarvestPace {
  private final long gapMillis;
  private long lastMillis = Long.MIN_VALUE / 2;

  HarvestPace(long gapMillis) {
    this.gapMillis = gapMillis;
  }

  /** When to look, given a sign now: now, or at the end of the gap. */
  long dueMillis(long nowMillis) {
    return Math.max(nowMillis, lastMillis + gapMillis);
  }

  /** A look has ended; the gap counts from its end, so a slow look leaves room for others. */
  void looked(long nowMillis) {
    lastMillis = nowMillis;
  }
}
