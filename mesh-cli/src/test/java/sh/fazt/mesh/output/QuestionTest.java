package sh.fazt.mesh.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class QuestionTest {
  private static final String AGAIN = "please answer y or n\n";
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private boolean asked(boolean yesByDefault, BufferedReader answers) {
    PrintStream said = new PrintStream(err, true, StandardCharsets.UTF_8);
    Terminal terminal = Terminal.of(true, true, true, Map.of("NO_COLOR", "1"));
    Screen screen = new Screen(said, said, terminal, Format.ALIGNED);
    return new Question("Join?", yesByDefault).ask(screen, answers);
  }

  private static BufferedReader typed(String... lines) {
    return new BufferedReader(new StringReader(String.join("\n", lines) + "\n"));
  }

  @Test
  void whoAnswersAtTheLastTryIsHeard() {
    assertThat(asked(false, typed("what", "why", "yes"))).isTrue();
    assertThat(err.toString(StandardCharsets.UTF_8))
        .isEqualTo(("Join? [y/N] " + AGAIN).repeat(Question.TRIES_MAX - 1) + "Join? [y/N] ");
  }

  @Test
  void afterTheLastTryItIsNoWhateverTheDefaultAndNothingMoreIsRead() throws IOException {
    BufferedReader answers = typed("what", "why", "yess", "y");
    assertThat(asked(true, answers)).isFalse();
    assertThat(err.toString(StandardCharsets.UTF_8))
        .isEqualTo(
            ("Join? [Y/n] " + AGAIN).repeat(Question.TRIES_MAX - 1)
                + "Join? [Y/n] neither y nor n, 3 times: taken as n\n");
    assertThat(answers.readLine()).isEqualTo("y");
  }
}
