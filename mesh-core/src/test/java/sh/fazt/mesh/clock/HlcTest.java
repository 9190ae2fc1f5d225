package sh.fazt.mesh.clock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class HlcTest {
  @Test
  void afterTheLastWriteOfAMillisecondTheNextMillisecondIsTaken() {
    HybridClock clock = new HybridClock(Hlc.of(7, Hlc.COUNTER_MAX - 1));
    assertThat(clock.issue(7, 7, Hlc.ZERO)).isEqualTo(Hlc.of(7, Hlc.COUNTER_MAX));
    assertThat(clock.issue(7, 7, Hlc.ZERO)).isEqualTo(Hlc.of(8, 0));
    assertThat(clock.issue(7, 7, Hlc.ZERO)).isEqualTo(Hlc.of(8, 1));
    assertThat(Hlc.of(8, 0)).isGreaterThan(Hlc.of(7, Hlc.COUNTER_MAX));
    assertThatThrownBy(() -> Hlc.of(7, Hlc.COUNTER_MAX + 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aTimeBeyondTheLastIsRefused() {
    Hlc last = Hlc.of(Hlc.MILLIS_MAX, 0);
    assertThat(last.millis()).isEqualTo(Hlc.MILLIS_MAX);
    assertThat(last).isGreaterThan(Hlc.of(Hlc.MILLIS_MAX - 1, Hlc.COUNTER_MAX));
    assertThatThrownBy(() -> Hlc.of(Hlc.MILLIS_MAX + 1, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(Hlc.MAX::next).isInstanceOf(IllegalStateException.class);
  }
}
