package sh.fazt.mesh.commands;

/** Values of a database as a person reads them: {@code "light"}, {@code 7}, {@code x'00ff'}. */
final class Spoken {
  private static final int LETTERS_MAX = 40;

  private Spoken() {}

  /** The value that an SQL literal stands for, whole. */
  static String whole(String literal) {
    if (!literal.startsWith("'")) {
      return literal;
    }
    String text = literal.substring(1, literal.length() - 1).replace("''", "'");
    StringBuilder spoken = new StringBuilder("\"");
    text.codePoints()
        .forEach(
            point -> {
              switch (point) {
                case '"' -> spoken.append("\\\"");
                case '\\' -> spoken.append("\\\\");
                case '\n' -> spoken.append("\\n");
                case '\r' -> spoken.append("\\r");
                case '\t' -> spoken.append("\\t");
                default -> spoken.appendCodePoint(point);
              }
            });
    return spoken.append('"').toString();
  }

  /** The same, cut where it does not fit into a cell of a table. */
  static String brief(String literal) {
    return shortened(whole(literal));
  }

  /** Why a value stands, for a {@code sh.fazt.mesh.Decision} in lower case. */
  static String decision(String decision) {
    return switch (decision) {
      case "default_value" -> "default";
      case "only_write" -> "only write";
      case "merged" -> "merged from what all did";
      case "later_write" -> "later write";
      case "site_order" -> "site order broke the tie";
      case "new_life" -> "the row was made anew";
      case "senior_row" -> "senior's row from before the mesh";
      case "delete_beats_edit" -> "delete beats edit";
      case "refused" -> "its node may not write";
      case "older_claim" -> "UNIQUE: older claim shows";
      default -> decision;
    };
  }

  static String shortened(String text) {
    return text.codePointCount(0, text.length()) <= LETTERS_MAX
        ? text
        : text.substring(0, text.offsetByCodePoints(0, LETTERS_MAX - 1)) + "…";
  }
}
