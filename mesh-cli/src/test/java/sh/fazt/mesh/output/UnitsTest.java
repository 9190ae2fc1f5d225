package sh.fazt.mesh.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class UnitsTest {
  @ParameterizedTest
  @CsvSource({
    "0,0 B",
    "999,999 B",
    "1000,1.0 kB",
    "1234,1.2 kB",
    "99949,99.9 kB",
    "99950,100 kB",
    "999499,999 kB",
    "999500,1.0 MB",
    "43201331,43.2 MB",
    "9223372036854775807,9223 PB"
  })
  void sizesHaveTwoOrThreeDigits(long bytes, String shown) {
    assertThat(Units.bytes(bytes)).isEqualTo(shown);
  }

  @ParameterizedTest
  @CsvSource({
    "0,0ms",
    "38,38ms",
    "200,0.2s",
    "1900,1.9s",
    "42000,42s",
    "60000,1m",
    "245000,4m 5s",
    "11520000,3h 12m",
    "273600000,3d 4h"
  })
  void durationsHaveTwoUnitsAtMost(long millis, String shown) {
    assertThat(Units.duration(millis)).isEqualTo(shown);
  }

  @Test
  void timesAreToldRelativeToNow() {
    assertThat(Units.ago(0, 1_000_000)).isEqualTo("never");
    assertThat(Units.ago(999_000, 1_000_000)).isEqualTo("just now");
    assertThat(Units.ago(2_000_000, 1_000_000)).isEqualTo("just now");
    assertThat(Units.ago(998_000, 1_000_000)).isEqualTo("2s ago");
    assertThat(Units.ago(1, 7_200_001)).isEqualTo("2h ago");
  }

  @ParameterizedTest
  @CsvSource({"900000,15 minutes", "3600000,1 hour", "90000,90 seconds", "172800000,2 days"})
  void waitsAreToldInWords(long millis, String shown) {
    assertThat(Units.words(millis)).isEqualTo(shown);
  }

  @Test
  void durationsAreReadWithTheirUnit() {
    assertThat(Units.parseDuration("500ms")).contains(Duration.ofMillis(500));
    assertThat(Units.parseDuration("30s")).contains(Duration.ofSeconds(30));
    assertThat(Units.parseDuration("15m")).contains(Duration.ofMinutes(15));
    assertThat(Units.parseDuration("2d")).contains(Duration.ofDays(2));
    assertThat(Units.parseDuration("30")).isEmpty();
    assertThat(Units.parseDuration("-1s")).isEmpty();
    assertThat(Units.parseDuration("9999999999s")).isEmpty();
  }
}
