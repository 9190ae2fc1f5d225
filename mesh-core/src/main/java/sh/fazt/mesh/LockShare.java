package sh.fazt.mesh;

import sh.fazt.mesh.clock.Stopwatch;

/**
 * Leaves the write lock to others for as long as it was held. SQLite keeps no queue: who waits
 * tries again after 1, 2, 5 … 100 ms, and finds a lock that is taken at once again always taken.
 * Confined.
 */
final class LockShare {
  /** What is held so briefly hardly keeps anybody. */
  static final long BRIEF_NANOS = 1_000_000;

  /** The longest rest: as long as SQLite's busy handler sleeps at most. */
  static final long REST_NANOS_MAX = 110_000_000;

  private final Stopwatch watch;
  private boolean held;
  private long takenNanos;
  private long restEndNanos;

  LockShare(Stopwatch watch) {
    this.watch = watch;
    this.restEndNanos = watch.nanos();
  }

  /** Waits until the others have had their share. */
  void await() {
    watch.pause(restEndNanos - watch.nanos());
  }

  /** The lock is held from now on. */
  void taken() {
    held = true;
    takenNanos = watch.nanos();
  }

  /** It is not any more, if it was. */
  void released() {
    if (held) {
      held = false;
      long now = watch.nanos();
      long nanos = now - takenNanos;
      restEndNanos = now + (nanos < BRIEF_NANOS ? 0 : Math.min(nanos, REST_NANOS_MAX));
    }
  }
}
