package sh.fazt.mesh.commands;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.PipedReader;
import java.io.PipedWriter;
import java.io.StringReader;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

final class FirstLineTest {
  @Test
  void aProcessThatSaysNothingIsNotWaitedForWithoutEnd() throws Exception {
    try (PipedWriter silent = new PipedWriter();
        PipedReader heard = new PipedReader(silent)) {
      assertThatThrownBy(() -> FirstLine.of(new BufferedReader(heard), Duration.ofMillis(20)))
          .isInstanceOf(TimeoutException.class);
    }
  }

  @Test
  void theLineOrTheEndComesThrough() throws Exception {
    Duration patience = Duration.ofSeconds(20);
    assertThat(FirstLine.of(new BufferedReader(new StringReader("a\nb")), patience)).isEqualTo("a");
    assertThat(FirstLine.of(new BufferedReader(new StringReader("")), patience)).isNull();
  }
}
