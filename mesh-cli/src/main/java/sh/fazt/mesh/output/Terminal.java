package sh.fazt.mesh.output;

import java.util.Locale;
import java.util.Map;

/**
 * What stands at the other ends of the three streams.
 *
 * @param in whether somebody can be asked
 * @param out whether standard output is a terminal
 * @param err whether standard error is a terminal
 * @param colour whether a terminal may be sent colours
 * @param unicode whether characters beyond ASCII can be shown
 * @param columns how wide a line may be
 */
public record Terminal(
    boolean in, boolean out, boolean err, boolean colour, boolean unicode, int columns) {
  private static final int COLUMNS_USUAL = 100;
  private static final int COLUMNS_MIN = 40;
  private static final int COLUMNS_MAX = 1000;

  public Terminal {
    if (columns < COLUMNS_MIN || columns > COLUMNS_MAX) {
      throw new IllegalArgumentException("no such width: " + columns);
    }
  }

  /**
   * Judges by the environment: {@code NO_COLOR} (no-color.org) turns colours off, {@code TERM=dumb}
   * turns off colours and every character beyond ASCII, and so does a locale that is not UTF-8 for
   * the latter.
   */
  public static Terminal of(boolean in, boolean out, boolean err, Map<String, String> environment) {
    boolean dumb = "dumb".equals(environment.get("TERM"));
    boolean colour = !dumb && environment.getOrDefault("NO_COLOR", "").isEmpty();
    return new Terminal(in, out, err, colour, !dumb && isUtf8(environment), columns(environment));
  }

  /**
   * By the first of LC_ALL, LC_CTYPE and LANG that says something (POSIX, Base Definitions 8.2).
   */
  private static boolean isUtf8(Map<String, String> environment) {
    for (String name : new String[] {"LC_ALL", "LC_CTYPE", "LANG"}) {
      String value = environment.getOrDefault(name, "");
      if (!value.isEmpty()) {
        String lower = value.toLowerCase(Locale.ROOT);
        return lower.contains("utf-8") || lower.contains("utf8");
      }
    }
    return false;
  }

  private static int columns(Map<String, String> environment) {
    try {
      int columns = Integer.parseInt(environment.getOrDefault("COLUMNS", ""));
      return Math.max(COLUMNS_MIN, Math.min(COLUMNS_MAX, columns));
    } catch (NumberFormatException e) {
      return COLUMNS_USUAL;
    }
  }
}
