package sh.fazt.mesh.clock;

/**
 * One site's hybrid logical clock. It moves by issuing stamps and by merging others'; a stamp that
 * waits for its time must not be merged. Confined to the mesh thread.
 */
public final class HybridClock {
  /** How far ahead of the wall clock a stamp may be before it waits for its time. */
  public static final long AHEAD_MAX_MILLIS = 5 * 60 * 1000L;

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
    Hlc wall = Hlc.atMillis(Math.min(writtenMillis, nowMillis));
    last = Hlc.max(wall, Hlc.max(last.next(), replaced.next()));
    return last;
  }

  /** Takes note of a stamp that was shown here. */
  public void merge(Hlc seen) {
    last = Hlc.max(last, seen);
  }
}
