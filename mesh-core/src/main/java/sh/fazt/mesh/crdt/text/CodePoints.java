package sh.fazt.mesh.crdt.text;

import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;

/** Texts as code points and back: any but lone surrogates, NUL too. */
final class CodePoints {
  private CodePoints() {}

  /**
   * @throws IllegalArgumentException if a surrogate stands alone
   */
  static int[] of(String text) {
    int[] points = new int[text.codePointCount(0, text.length())];
    int at = 0;
    for (int i = 0; i < points.length; i++) {
      int point = text.codePointAt(at);
      if (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) {
        throw new IllegalArgumentException("lone surrogate at " + at);
      }
      points[i] = point;
      at += Character.charCount(point);
    }
    return points;
  }

  static byte[] utf8(int[] points, int size) {
    return new String(points, 0, size).getBytes(StandardCharsets.UTF_8);
  }

  static int[] ofUtf8(Bytes utf8) throws MalformedException {
    int[] points = new int[utf8.size()];
    for (int i = 0; i < points.length; i++) {
      points[i] = utf8.at(i);
      if (points[i] >= 0x80) {
        return decoded(utf8);
      }
    }
    return points;
  }

  private static int[] decoded(Bytes utf8) throws MalformedException {
    try {
      return of(StandardCharsets.UTF_8.newDecoder().decode(utf8.asBuffer()).toString());
    } catch (CharacterCodingException e) {
      throw new MalformedException("text is not UTF-8: " + utf8, e);
    }
  }
}
