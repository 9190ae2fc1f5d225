package sh.fazt.mesh.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class TerminalTest {
  @Test
  void theFirstLocaleVariableThatSaysSomethingDecides() {
    assertThat(of(Map.of("LANG", "en_US.UTF-8")).unicode()).isTrue();
    assertThat(of(Map.of("LANG", "en_US.UTF-8", "LC_ALL", "C")).unicode()).isFalse();
    assertThat(of(Map.of("LC_ALL", "", "LC_CTYPE", "C.utf8")).unicode()).isTrue();
    assertThat(of(Map.of()).unicode()).isFalse();
  }

  @Test
  void aDumbTerminalGetsNeitherColourNorSigns() {
    Terminal dumb = of(Map.of("TERM", "dumb", "LANG", "C.UTF-8"));
    assertThat(dumb.colour()).isFalse();
    assertThat(dumb.unicode()).isFalse();
  }

  @Test
  void noColorTakesAwayColoursAlone() {
    Terminal plain = of(Map.of("NO_COLOR", "1", "LANG", "C.UTF-8"));
    assertThat(plain.colour()).isFalse();
    assertThat(plain.unicode()).isTrue();
    assertThat(of(Map.of("NO_COLOR", "")).colour()).isTrue();
  }

  @Test
  void widthStaysWithinReason() {
    assertThat(of(Map.of("COLUMNS", "132")).columns()).isEqualTo(132);
    assertThat(of(Map.of("COLUMNS", "1")).columns()).isEqualTo(40);
    assertThat(of(Map.of("COLUMNS", "wide")).columns()).isEqualTo(100);
  }

  private static Terminal of(Map<String, String> environment) {
    return Terminal.of(true, true, true, environment);
  }
}
