package sh.fazt.mesh.output;

/**
 * Text that may be shown. Names come from other people's machines: a name must not move the cursor,
 * turn the line around or pretend to be another column.
 */
public final class Printable {
  private static final int WIDE_FROM = 0x1100;

  private Printable() {}

  /** {@code text} with control, direction and unassigned characters replaced by {@code ?}. */
  public static String of(String text) {
    StringBuilder shown = new StringBuilder(text.length());
    text.codePoints().forEach(point -> shown.appendCodePoint(isShowable(point) ? point : '?'));
    return shown.toString();
  }

  static boolean isShowable(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }

  /** How many columns {@code text} takes: marks none, East Asian wide characters and emoji two. */
  static int width(String text) {
    return text.codePoints().map(Printable::width).sum();
  }

  private static int width(int point) {
    if (point < WIDE_FROM) {
      int type = Character.getType(point);
      return type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK ? 0 : 1;
    }
    boolean wide =
        point <= 0x115f
            || (point >= 0x2e80 && point <= 0xa4cf)
            || (point >= 0xac00 && point <= 0xd7a3)
            || (point >= 0xf900 && point <= 0xfaff)
            || (point >= 0xfe30 && point <= 0xfe6f)
            || (point >= 0xff00 && point <= 0xff60)
            || (point >= 0x1f300 && point <= 0x1faff)
            || (point >= 0x20000 && point <= 0x3fffd);
    return wide ? 2 : 1;
  }
}
