package sh.fazt.mesh.clock;

/** Tells how long something takes, and waits; no wall clock. As thread-safe as its maker says. */
public interface Stopwatch {
  /** One on which no time passes and no wait takes any, for runs that must repeat. */
  Stopwatch STILL =
      new Stopwatch() {
        @Override
        public long nanos() {
          return 0;
        }

        @Override
        public void pause(long nanos) {
          // No time passes.
        }
      };

  /** Nanoseconds since some moment; never fewer than before. */
  long nanos();

  /** Does nothing for about so long, nothing at all if {@code nanos} is not positive. */
  void pause(long nanos);
}
