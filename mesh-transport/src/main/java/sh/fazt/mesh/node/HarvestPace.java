package sh.fazt.mesh.node;

/**
 * When to look at the database: at once after the first sign of a write, then, the longer writes go
 * on without a pause, the more seldom, so that the file is left to the application most of the
 * time. Confined to the mesh thread.
 */
final class HarvestPace {
  /** How much longer the file is left alone than it was worked on, mostly without a lock. */
  static final int LEAVE_ALONE = 4;

  /** Looks at the shortest gap before a stream of writes counts as one. */
  static final int PATIENCE = 4;

  /** Signs that are closer come from one write, or from our own. */
  static final long ONE_WRITE_MILLIS = 2;

  private static final int DOUBLINGS_MAX = 3;

  private final long gapMillisMin;
  private final long gapMillisMax;
  private long gapMillis;
  private long lastMillis = Long.MIN_VALUE / 2;
  private long signMillis = Long.MIN_VALUE / 2;
  private int writes;
  private int crowded;

  /**
   * @param gapMillisMin between the end of a look and the next, at least; up to eight times that
   *     while writes follow each other faster
   * @param gapMillisMax at most, however long the look took
   */
  HarvestPace(long gapMillisMin, long gapMillisMax) {
    this.gapMillisMin = gapMillisMin;
    this.gapMillisMax = gapMillisMax;
    this.gapMillis = gapMillisMin;
  }

  /** When to look, given a sign now: now, or at the end of the gap. */
  long dueMillis(long nowMillis) {
    if (nowMillis - Math.max(signMillis, lastMillis) > ONE_WRITE_MILLIS) {
      writes++;
    }
    signMillis = nowMillis;
    return Math.max(nowMillis, lastMillis + gapMillis);
  }

  /** Whether writes follow each other so fast that looks are held back. */
  boolean isCrowded() {
    return crowded > PATIENCE;
  }

  /** A look has ended; a slow one leaves more room for others. */
  void looked(long startMillis, long nowMillis) {
    boolean crowd = writes > 1 && writes * gapMillisMin > startMillis - lastMillis;
    crowded = crowd ? Math.min(crowded + 1, PATIENCE + DOUBLINGS_MAX) : 0;
    writes = 0;
    lastMillis = nowMillis;
    long least = gapMillisMin << Math.max(0, crowded - PATIENCE);
    long wanted = (nowMillis - startMillis) * LEAVE_ALONE;
    gapMillis = Math.min(gapMillisMax, Math.max(least, wanted));
  }
}
