package sh.fazt.mesh.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HarvestPaceTest {
  private final HarvestPace pace = new HarvestPace(10, 500);

  @Test
  void firstSignIsFollowedAtOnce() {
    assertThat(pace.dueMillis(1_000)).isEqualTo(1_000);
  }

  @Test
  void quickLooksFollowEachOtherAfterTheLeastGap() {
    pace.looked(1_000, 1_000);
    assertThat(pace.dueMillis(1_003)).isEqualTo(1_010);
    assertThat(pace.dueMillis(1_200)).isEqualTo(1_200);
  }

  @Test
  void slowLookLeavesTheFileAloneFourTimesAsLong() {
    pace.looked(1_000, 1_020);
    assertThat(pace.dueMillis(1_021)).isEqualTo(1_100);
  }

  @Test
  void crowdOfWritesIsLookedAtMoreSeldomUntilItThinsOut() {
    assertThat(gapsOfWritesEvery(4)).startsWith(10L, 10L).endsWith(20L, 40L, 80L, 80L);
    assertThat(gapsOfWritesEvery(15)).containsOnly(10L);
  }

  /** Looks end a millisecond after their sign, which their own write is another one of. */
  private List<Long> gapsOfWritesEvery(long millis) {
    List<Long> gaps = new ArrayList<>();
    long due = 0;
    for (long now = 1_000; gaps.size() < 9; now += millis) {
      due = pace.dueMillis(now);
      if (due == now) {
        pace.looked(now, now);
        pace.dueMillis(now + 1);
        gaps.add(pace.dueMillis(now + 1) - now);
      }
    }
    return gaps;
  }

  @Test
  void gapHasAnEnd() {
    pace.looked(1_000, 61_000);
    assertThat(pace.dueMillis(61_001)).isEqualTo(61_500);
  }
}
