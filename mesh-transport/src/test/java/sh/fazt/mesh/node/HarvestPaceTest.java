package sh.fazt.mesh.node;

import static org.assertj.core.api.Assertions.assertThat;

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
  void slowLookLeavesTheFileAloneTenTimesAsLong() {
    pace.looked(1_000, 1_020);
    assertThat(pace.dueMillis(1_021)).isEqualTo(1_220);
  }

  @Test
  void streamOfWritesIsLookedAtMoreSeldomUntilItPauses() {
    long now = 1_000;
    long gap = 0;
    for (int look = 0; look < 20; look++) {
      pace.looked(now, now);
      gap = pace.dueMillis(now) - now;
      assertThat(gap).isEqualTo(look <= HarvestPace.PATIENCE ? 10 : Math.min(gap, 80));
      now += gap;
    }
    assertThat(gap).isEqualTo(80);

    pace.looked(now + 500, now + 500);
    assertThat(pace.dueMillis(now + 500)).isEqualTo(now + 510);
  }

  @Test
  void gapHasAnEnd() {
    pace.looked(1_000, 61_000);
    assertThat(pace.dueMillis(61_001)).isEqualTo(61_500);
  }
}
