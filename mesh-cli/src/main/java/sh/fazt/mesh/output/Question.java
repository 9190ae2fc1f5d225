package sh.fazt.mesh.output;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;

/**
 * A question that a person answers with yes or no.
 *
 * @param text without the choices
 * @param yesByDefault what an empty line means
 */
public record Question(String text, boolean yesByDefault) {
  /** Answers that are neither yes nor no, after which it is no. */
  static final int TRIES_MAX = 3;

  /**
   * To be called before any work is done that a question will follow.
   *
   * @param command what the person typed, without {@code --yes}
   * @throws MeshException USAGE if nobody can be asked; it names {@code --yes}
   */
  public static void requireSomebody(Screen screen, String command) {
    if (!screen.terminal().in() || !screen.terminal().err()) {
      throw new MeshException(
          ErrorCode.USAGE,
          "this asks for a confirmation, and there is no terminal to ask at; pass --yes",
          command + " --yes");
    }
  }

  /**
   * Asks at the terminal.
   *
   * @param answers standard input
   */
  public boolean ask(Screen screen, BufferedReader answers) {
    for (int attempt = 1; attempt <= TRIES_MAX; attempt++) {
      screen.ask(text + (yesByDefault ? " [Y/n]" : " [y/N]"));
      String answer = read(answers);
      switch (answer) {
        case "y", "yes" -> {
          return true;
        }
        case "n", "no", "end" -> {
          return false;
        }
        case "" -> {
          return yesByDefault;
        }
        default ->
            screen.hint(
                attempt < TRIES_MAX
                    ? "please answer y or n"
                    : "neither y nor n, " + TRIES_MAX + " times: taken as n");
      }
    }
    return false;
  }

  private static String read(BufferedReader answers) {
    try {
      String line = answers.readLine();
      return line == null ? "end" : line.strip().toLowerCase(Locale.ROOT);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
