package sh.fazt.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import sh.fazt.mesh.clock.Stopwatch;

class LockShareTest {
  private static final long MILLI = 1_000_000;

  private final Watch watch = new Watch();
  private final LockShare share = new LockShare(watch);

  /** A watch that a test sets. */
  private static final class Watch implements Stopwatch {
    private long nanos = 5;
    private long paused;

    @Override
    public long nanos() {
      return nanos;
    }

    @Override
    public void pause(long length) {
      paused = Math.max(0, length);
      nanos += paused;
    }
  }

  private void hold(long nanos) {
    share.await();
    share.taken();
    watch.nanos += nanos;
    share.released();
  }

  private long waited() {
    watch.paused = 0;
    share.await();
    return watch.paused;
  }

  @Test
  void othersHaveTheLockForAsLongAsItWasHeld() {
    assertThat(waited()).isZero();
    hold(8 * MILLI);
    assertThat(waited()).isEqualTo(8 * MILLI);
    assertThat(waited()).isZero();
  }

  @Test
  void whatWasDoneWithoutTheLockMeanwhileCounts() {
    hold(8 * MILLI);
    watch.nanos += 5 * MILLI;
    assertThat(waited()).isEqualTo(3 * MILLI);
    hold(8 * MILLI);
    watch.nanos += 9 * MILLI;
    assertThat(waited()).isZero();
  }

  @Test
  void whatIsHeldBrieflyNeedsNoRestAndNoRestIsLong() {
    hold(LockShare.BRIEF_NANOS - 1);
    assertThat(waited()).isZero();
    hold(5_000 * MILLI);
    assertThat(waited()).isEqualTo(LockShare.REST_NANOS_MAX);
  }

  @Test
  void aLockThatWasNotGotIsNotReleased() {
    share.await();
    watch.nanos += 5_000 * MILLI;
    share.released();
    assertThat(waited()).isZero();
  }
}
