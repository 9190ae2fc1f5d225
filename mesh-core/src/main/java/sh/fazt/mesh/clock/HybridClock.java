package sh.fazt.mesh.clock;

/**
 * One site's hybrid logical clock. It moves by issuing stamps and by merging others'; a stamp that
 * waits for its time must not be merged. Confined to the mesh thread.
 */
public final class HybridClock {
  /** How far ahead of the wall clock a stamp may be before it waits for its time. */
  public static final long AHEAD_MAX_MILLIS = 5 * 60 * 1000L;

  /** No wall clock is believed beyond: stamps must be left for whatever comes after. */
  private static final long LATEST_MILLIS = Hlc.MILLIS_MAX - 366L * 24 * 60 * 60 * 1000;

  /** Nor before: what is stamped with no time at all was there before the mesh. */
  private static final long EARLIEST_MILLIS = 1;

  private Hlc last;

  public HybridClock(Hlc last) {
    this.last = last;
  }

  /** The highest stamp issued or merged. */
  public Hlc last() {
    return last;
  }

  /**
   * Stamps a local write: no earlier than it was made, later than every stamp this clock has issued
   * or merged, later than what the write replaces.
   *
   * @param writtenMillis when the write was seen to happen, Unix milliseconds
   * @param nowMillis now, Unix milliseconds; a write is never stamped later for its own sake
   * @param replaced the highest stamp of the cells that the write replaces
   */
  public Hlc issue(long writtenMillis, long nowMillis, Hlc replaced) {
    long millis = Math.min(Math.min(writtenMillis, nowMillis), LATEST_MILLIS);
    Hlc wall = Hlc.atMillis(Math.max(EARLIEST_MILLIS, millis));
    last = Hlc.max(wall, Hlc.max(last.next(), replaced.next()));
    return last;
  }

  /**
   * When a stamp may show at a wall clock, Unix milliseconds: at once, or when its time has come.
   */
  public static long dueMillis(Hlc stamp) {
    return stamp.millis() - AHEAD_MAX_MILLIS;
  }

  /** Whether a stamp waits for its time. */
  public static boolean isEarly(Hlc stamp, long nowMillis) {
    return dueMillis(stamp) > Math.min(nowMillis, LATEST_MILLIS);
  }

  /** Takes note of a stamp that was shown here. */
  public void merge(Hlc seen) {
    last = Hlc.max(last, seen);
  }
}
