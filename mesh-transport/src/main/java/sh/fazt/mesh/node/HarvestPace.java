package sh.fazt.mesh.node;

/**
 * When to look at the database: at once after the first sign of a write, then, while writes go on,
 * only so often that the file is left to the application most of the time. Confined to the mesh
 * thread.
 */
final class HarvestPace {
  /** How much longer the file is left alone than it was worked on. */
  static final int LEAVE_ALONE = 10;

  private final long gapMillisMin;
  private final long gapMillisMax;
  private long gapMillis;
  private long lastMillis = Long.MIN_VALUE / 2;

  /**
   * @param gapMillisMin between the end of a look and the next, at least
   * @param gapMillisMax at most, however long the look took
   */
  HarvestPace(long gapMillisMin, long gapMillisMax) {
    this.gapMillisMin = gapMillisMin;
    this.gapMillisMax = gapMillisMax;
    this.gapMillis = gapMillisMin;
  }

  /** When to look, given a sign now: now, or at the end of the gap. */
  long dueMillis(long nowMillis) {
    return Math.max(nowMillis, lastMillis + gapMillis);
  }

  /** A look has ended; a slow one leaves more room for others. */
  void looked(long startMillis, long nowMillis) {
    lastMillis = nowMillis;
    long wanted = (nowMillis - startMillis) * LEAVE_ALONE;
    gapMillis = Math.min(gapMillisMax, Math.max(gapMillisMin, wanted));
  }
}
