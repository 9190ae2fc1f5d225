package sh.fazt.mesh.commands;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.output.Printable;

/** Names that people give to nodes and to themselves. */
final class Names {
  static final int BYTES_MAX = 64;

  private static final String NODE = "[\\p{L}\\p{M}\\p{N}._-]+";

  /** What Java calls a user whom the system does not know. */
  private static final String UNKNOWN = "?";

  private Names() {}

  /** Whether it is 1 to 64 bytes of printable text without blanks at its ends. */
  static boolean isName(String name) {
    int bytes = name.getBytes(StandardCharsets.UTF_8).length;
    return bytes >= 1
        && bytes <= BYTES_MAX
        && name.equals(name.strip())
        && name.equals(Printable.of(name));
  }

  /**
   * A node's name: letters, digits, {@code -}, {@code _} and {@code .}, at most 64 bytes.
   *
   * @throws MeshException USAGE unless it is one
   */
  static String ofNode(String name) {
    if (!isName(name) || !name.matches(NODE)) {
      throw new MeshException(
          ErrorCode.USAGE,
          "a node's name has 1 to " + BYTES_MAX + " letters, digits, - _ and . : '" + name + "'",
          "Choose one such as --name laptop");
    }
    return name;
  }

  /**
   * @throws MeshException USAGE unless it is a name
   */
  static String checked(String name) {
    if (!isName(name)) {
      throw new MeshException(
          ErrorCode.USAGE,
          "a name has 1 to " + BYTES_MAX + " bytes of printable text: '" + name + "'",
          null);
    }
    return name;
  }

  /** What this machine calls itself, up to the first dot. */
  static String ofThisMachine(Map<String, String> environment) {
    String name = environment.getOrDefault("HOSTNAME", "");
    if (name.isEmpty()) {
      try {
        name = Files.readString(Path.of("/etc/hostname"));
      } catch (IOException e) {
        name = "";
      }
    }
    String plain = name.strip().toLowerCase(Locale.ROOT).replaceFirst("\\..*", "");
    return isName(plain) && plain.matches(NODE) ? plain : "node";
  }

  /** What the system calls this user; where it has no name, what it calls the machine. */
  static String ofThisUser(Map<String, String> environment) {
    return Stream.of("USER", "LOGNAME")
        .map(variable -> environment.getOrDefault(variable, ""))
        .filter(name -> isName(name) && !name.equals(UNKNOWN))
        .findFirst()
        .orElseGet(() -> ofThisMachine(environment));
  }
}
