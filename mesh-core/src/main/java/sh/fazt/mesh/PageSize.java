package sh.fazt.mesh;

import java.util.function.IntSupplier;
import sh.fazt.mesh.clock.Stopwatch;

/**
 * How many rows to keep under one lock: so many that others hardly notice, on this machine and now.
 * Confined.
 */
final class PageSize {
  /** For how long a page may hold the lock. */
  static final long LOCK_NANOS = 8_000_000;

  private static final int SMALLEST = 200;

  private final Stopwatch watch;
  private final int largest;
  private int rows;

  /**
   * @param largest rows where there is time for them; at least 200
   */
  PageSize(Stopwatch watch, int largest) {
    this.watch = watch;
    this.largest = largest;
    this.rows = SMALLEST;
  }

  /** How many rows the next page may have. */
  int rows() {
    return rows;
  }

  /**
   * Keeps a page, and learns from how long it takes.
   *
   * @param work gives back how many rows it had
   */
  void keep(IntSupplier work) {
    long start = watch.nanos();
    int kept = work.getAsInt();
    long nanos = watch.nanos() - start;
    if (nanos > LOCK_NANOS) {
      rows = Math.max(SMALLEST, rows / 2);
    } else if (kept >= rows && nanos < LOCK_NANOS / 2) {
      rows = Math.min(largest, rows * 2);
    }
  }
}
