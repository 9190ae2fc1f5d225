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
  void gapHasAnEnd() {
    pace.looked(1_000, 61_000);
    assertThat(pace.dueMillis(61_001)).isEqualTo(61_500);
  }
}
