package sh.fazt.mesh.roster;

import java.nio.charset.StandardCharsets;

/**
 * The rule for texts that people will see: well-formed, bounded, nothing that steers a terminal.
 */
final class Printable {
  private Printable() {}

  /**
   * Gives {@code text} back.
   *
   * @param what names the text in the error
   * @throws IllegalArgumentException if it is blank, over {@code bytesMax} bytes of UTF-8, or holds
   *     control or format characters
   */
  static String require(String what, String text, int bytesMax) {
    if (text.isBlank() || !text.equals(text.strip())) {
      throw new IllegalArgumentException(what + " is blank or has blanks around it");
    }
    if (text.getBytes(StandardCharsets.UTF_8).length > bytesMax) {
      throw new IllegalArgumentException(what + " over " + bytesMax + " bytes");
    }
    if (!text.codePoints().allMatch(Printable::visible)) {
      throw new IllegalArgumentException(what + " holds control or format characters");
    }
    return text;
  }

  private static boolean visible(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
