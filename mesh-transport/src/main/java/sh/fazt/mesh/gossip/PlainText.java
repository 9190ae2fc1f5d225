package sh.fazt.mesh.gossip;

import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;

/** Text from a peer that is safe to print: bounded UTF-8 without control or formatting marks. */
final class PlainText {
  private PlainText() {}

  /**
   * @throws IllegalArgumentException if {@code text} is too long or holds a mark
   */
  static String check(String text, int maxBytes) {
    int size = Bytes.utf8(text).size();
    if (size > maxBytes) {
      throw new IllegalArgumentException("text of " + size + " bytes, at most " + maxBytes);
    }
    if (text.codePoints().anyMatch(PlainText::isMark)) {
      throw new IllegalArgumentException("text with a control character");
    }
    return text;
  }

  static String readFrom(ByteReader in, int maxBytes) throws MalformedException {
    String text = in.text(maxBytes);
    if (text.codePoints().anyMatch(PlainText::isMark)) {
      throw new MalformedException("text with a control character");
    }
    return text;
  }

  /** Makes any text fit: marks become spaces, the end is cut. */
  static String fit(String text, int maxBytes) {
    StringBuilder kept = new StringBuilder();
    int size = 0;
    for (int point : text.codePoints().toArray()) {
      String next = isMark(point) ? " " : Character.toString(point);
      size += Bytes.utf8(next).size();
      if (size > maxBytes) {
        break;
      }
      kept.append(next);
    }
    return kept.toString();
  }

  private static boolean isMark(int point) {
    int type = Character.getType(point);
    return type == Character.CONTROL
        || type == Character.FORMAT
        || type == Character.SURROGATE
        || type == Character.LINE_SEPARATOR
        || type == Character.PARAGRAPH_SEPARATOR;
  }
}
