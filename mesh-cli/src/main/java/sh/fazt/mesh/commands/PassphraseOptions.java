package sh.fazt.mesh.commands;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.identity.Passphrase;
import sh.fazt.mesh.output.Units;

/** Where a passphrase comes from: a file, the environment, or a person at a terminal. */
final class PassphraseOptions {
  private static final String VARIABLE = "FAZT_PASSPHRASE";
  private static final String STDIN = "-";

  /** Bytes of a file in which a passphrase is looked for. */
  static final int FILE_BYTES_MAX = 4_096;

  @Option(
      names = "--passphrase-file",
      paramLabel = "FILE",
      description = {
        "Read the passphrase from the first line of a file, - for standard input",
        "(else from FAZT_PASSPHRASE, else asked for)."
      })
  private Optional<String> file = Optional.empty();

  /**
   * The passphrase that was chosen before.
   *
   * @param command what the person typed
   * @throws MeshException USAGE if there is none
   */
  Passphrase existing(Session session, String command) {
    Optional<String> given = given(session.wiring());
    return passphrase(
        given.isPresent() ? given.get() : asked(session, "Passphrase:", command), command);
  }

  /**
   * A new one; where a person is asked, they type it twice.
   *
   * @throws MeshException USAGE if there is none, it is empty, or the two differ
   */
  Passphrase chosen(Session session, String command) {
    Optional<String> given = given(session.wiring());
    if (given.isPresent()) {
      return passphrase(given.get(), command);
    }
    String first = asked(session, "New passphrase:", command);
    Passphrase chosen = passphrase(first, command);
    if (!first.equals(asked(session, "Once more:", command))) {
      throw new MeshException(ErrorCode.USAGE, "the two passphrases differ", command);
    }
    return chosen;
  }

  /** Whether one was named that a person need not be asked for. */
  boolean isGiven(Session session) {
    return file.isPresent() || session.wiring().environment().containsKey(VARIABLE);
  }

  private Optional<String> given(Wiring wiring) {
    if (file.isPresent()) {
      return Optional.of(file.get().equals(STDIN) ? line(wiring) : firstLine(Path.of(file.get())));
    }
    return Optional.ofNullable(wiring.environment().get(VARIABLE));
  }

  private static String asked(Session session, String prompt, String command) {
    if (!session.screen().terminal().in() || !session.screen().terminal().err()) {
      throw new MeshException(
          ErrorCode.USAGE,
          "this takes a passphrase, and there is no terminal to ask at; pass --passphrase-file FILE,"
              + " - for standard input, or set "
              + VARIABLE,
          command + " --passphrase-file -");
    }
    session.screen().ask(prompt);
    String typed = session.wiring().hidden().read().orElse("");
    session.screen().hint("");
    return typed;
  }

  private static Passphrase passphrase(String typed, String command) {
    try {
      return Passphrase.of(typed);
    } catch (IllegalArgumentException e) {
      throw new MeshException(ErrorCode.USAGE, String.valueOf(e.getMessage()), command, e);
    }
  }

  private static String line(Wiring wiring) {
    try {
      String line = wiring.in().readLine();
      return line == null ? "" : line;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the passphrase: " + e.getMessage(), e);
    }
  }

  private static String firstLine(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      // What is no ordinary file, as a pipe, tells no size.
      byte[] bytes = in.readNBytes(FILE_BYTES_MAX + 1);
      if (bytes.length > FILE_BYTES_MAX) {
        throw new MeshException(
            ErrorCode.USAGE,
            file
                + " has more than "
                + Units.count(FILE_BYTES_MAX)
                + " bytes, which is too long to hold a passphrase",
            "ls -l " + file);
      }
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.lines().findFirst().orElse("");
    } catch (IOException e) {
      throw new MeshException(
          ErrorCode.USAGE, "cannot read the passphrase in " + file, "ls -l " + file, e);
    }
  }
}
