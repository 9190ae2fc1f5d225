package sh.fazt.mesh.node;

/**
 * When to look at the database: at once after the first sign of a write, then, the longer writes go
 * on without a pause, the more seldom, so that the file is left to the application most of the
 * time. Confined to the mesh thread.
 */
final class HarvestPace {
  /** How much longer the file is left alone than it was worked on. */
  static final int LEAVE_ALONE = 10;

  /** Looks at the shortest gap before a stream of writes counts as one. */
  static final int PATIENCE = 4;

  private static final int DOUBLINGS_MAX = 3;

  private final long gapMillisMin;
  private final long gapMillisMax;
  private long gapMillis;
  private long lastMillis = Long.MIN_VALUE / 2;
  private int inRow;

  /**
   * @param gapMillisMin between the end of a look and the next, at least; eight times that while
   *     writes come without a pause
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
    boolean paused = startMillis - lastMillis > 2 * gapMillis;
    inRow = paused ? 0 : Math.min(inRow + 1, PATIENCE + DOUBLINGS_MAX);
    lastMillis = nowMillis;
    long least = gapMillisMin << Math.max(0, inRow - PATIENCE);
    long wanted = (nowMillis - startMillis) * LEAVE_ALONE;
    gapMillis = Math.min(gapMillisMax, Math.max(least, wanted));
  }
}
