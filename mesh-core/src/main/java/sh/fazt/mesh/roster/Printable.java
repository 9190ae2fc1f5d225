package sh.fazt.mesh.roster;

import java.nio.charset.StandardCharsets;

/**
 * The rule for texts that people will see: well-formed, bounded, nothing that steers a terminal.
 */
public final class Printable {
  /* The ranges are spelled out, since Java's own tables change with its version, and a text that
   * one node accepts all must. They hold controls, invisible and bidirectional marks, and every
   * blank but the plain one. */
  private static final int[][] HIDDEN = {
    {0x00, 0x1f},
    {0x7f, 0xa0},
    {0xad, 0xad},
    {0x61c, 0x61c},
    {0x1680, 0x1680},
    {0x180e, 0x180e},
    {0x2000, 0x200f},
    {0x2028, 0x202f},
    {0x205f, 0x206f},
    {0x3000, 0x3000},
    {0xd800, 0xdfff},
    {0xfeff, 0xfeff},
    {0xfff9, 0xfffb},
    {0xe0000, 0xe0fff},
  };

  private Printable() {}

  /**
   * Gives {@code text} back.
   *
   * @param what names the text in the error
   * @throws IllegalArgumentException if it is empty, has blanks around it, is over {@code bytesMax}
   *     bytes of UTF-8, or holds characters that do not show
   */
  public static String require(String what, String text, int bytesMax) {
    if (text.isEmpty() || text.startsWith(" ") || text.endsWith(" ")) {
      throw new IllegalArgumentException(what + " is empty or has blanks around it");
    }
    if (text.getBytes(StandardCharsets.UTF_8).length > bytesMax) {
      throw new IllegalArgumentException(what + " over " + bytesMax + " bytes");
    }
    if (text.codePoints().anyMatch(Printable::hidden)) {
      throw new IllegalArgumentException(what + " holds characters that do not show");
    }
    return text;
  }

  private static boolean hidden(int codePoint) {
    for (int[] range : HIDDEN) {
      if (codePoint >= range[0] && codePoint <= range[1]) {
        return true;
      }
    }
    return false;
  }
}
