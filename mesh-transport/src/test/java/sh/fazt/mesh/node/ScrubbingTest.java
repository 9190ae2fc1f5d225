package sh.fazt.mesh.node;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import sh.fazt.mesh.capture.Scrubber;

final class ScrubbingTest {
  private static final long ROWS = 1_000_000;

  /** A page of rows and one of shadows for each so many; that no page is more: ScrubTest. */
  private static final long PAGES = 2 * ROWS / Scrubber.PAGE_ROWS;

  private static long walkMillis(long workMillis) {
    long now = 0;
    for (long page = 0; page < PAGES; page++) {
      now = Scrubbing.nextMillis(now, now + workMillis);
    }
    return now;
  }

  @Test
  void aMillionRowsTakeUnderAMinute() {
    assertThat(walkMillis(0)).isLessThanOrEqualTo(60_000);
    // Half as fast as 130,000 rows a second.
    assertThat(walkMillis(30)).isLessThanOrEqualTo(60_000);
  }

  @Test
  void theFileIsLeftAloneAsLongAsItIsWorkedOn() {
    for (long work : new long[] {0, 10, 50, 500}) {
      assertThat(Scrubbing.nextMillis(1_000, 1_000 + work) - 1_000 - work)
          .isGreaterThanOrEqualTo(work);
    }
  }
}
