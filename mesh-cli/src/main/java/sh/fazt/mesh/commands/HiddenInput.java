package sh.fazt.mesh.commands;

import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/** What a person types at a terminal without its being seen. Law: what is read is kept nowhere. */
interface HiddenInput {
  /** One line; empty at the end of the input. */
  Optional<String> read();

  /**
   * The terminal of this process; without one, the line is read as it comes.
   *
   * @param in standard input
   */
  // Justification: later Javas give a console even without a terminal, which reads as well.
  @SuppressWarnings("SystemConsoleNull")
  static HiddenInput terminal(BufferedReader in) {
    return () -> {
      Console console = System.console();
      return console == null
          ? of(in).read()
          : Optional.ofNullable(console.readPassword()).map(String::new);
    };
  }

  /** Lines that are read as they come. */
  static HiddenInput of(BufferedReader in) {
    return () -> {
      try {
        return Optional.ofNullable(in.readLine());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    };
  }
}
