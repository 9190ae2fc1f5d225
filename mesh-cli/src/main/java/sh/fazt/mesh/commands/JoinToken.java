package sh.fazt.mesh.commands;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;

/** Where the token of a join comes from. */
final class JoinToken {
  private static final String VARIABLE = "FAZT_MESH_TOKEN";
  static final String STDIN = "-";

  private JoinToken() {}

  /**
   * {@code --token}, or a line of standard input for {@code -}, or the environment.
   *
   * @throws MeshException USAGE if it is in none of them
   */
  static String read(Optional<String> option, Wiring wiring) {
    String token = option.orElseGet(() -> wiring.environment().getOrDefault(VARIABLE, ""));
    if (token.equals(STDIN)) {
      token = firstLine(wiring);
    }
    if (token.isBlank()) {
      throw new MeshException(
          ErrorCode.USAGE,
          "no token: pass --token TOKEN, --token - to read it from standard input, or set "
              + VARIABLE,
          "on the other machine: fazt mesh invite");
    }
    return token.strip();
  }

  private static String firstLine(Wiring wiring) {
    try {
      String line = wiring.in().readLine();
      return line == null ? "" : line;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the token: " + e.getMessage(), e);
    }
  }
}
