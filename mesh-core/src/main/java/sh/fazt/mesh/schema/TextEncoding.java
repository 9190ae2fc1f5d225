package sh.fazt.mesh.schema;

import sh.fazt.mesh.bytes.Bytes;

/**
 * How a database keeps its text. On the wire and in the shadow all text is UTF-8, in which a
 * surrogate of a UTF-16 database that has lost its other half takes three bytes of its own: every
 * text of a UTF-16 database goes there and back unchanged.
 *
 * <p>Such UTF-8 is also known as WTF-8 (S. Sapin, "The WTF-8 encoding", §3).
 */
public enum TextEncoding {
  UTF_8,
  UTF_16LE,
  UTF_16BE;

  private static final int REPLACEMENT = 0xFFFD;

  /**
   * @param pragma what {@code PRAGMA encoding} answers
   */
  public static TextEncoding of(String pragma) {
    return switch (pragma) {
      case "UTF-8" -> UTF_8;
      case "UTF-16le" -> UTF_16LE;
      case "UTF-16be" -> UTF_16BE;
      default -> throw new IllegalArgumentException("no encoding of SQLite's: " + pragma);
    };
  }

  /**
   * The UTF-8 form of a text.
   *
   * @param stored its bytes as the database keeps them; handed over
   */
  public Bytes canonical(byte[] stored) {
    if (this == UTF_8) {
      return Bytes.wrap(stored);
    }
    int size = 0;
    for (int at = 0; at + 1 < stored.length; ) {
      int code = codeAt(stored, at);
      size += width(code);
      at += code < 0x10000 ? 2 : 4;
    }
    byte[] utf8 = new byte[size];
    int to = 0;
    for (int at = 0; at + 1 < stored.length; ) {
      int code = codeAt(stored, at);
      to = put(utf8, to, code);
      at += code < 0x10000 ? 2 : 4;
    }
    return Bytes.wrap(utf8);
  }

  /** The code point that begins there, or the surrogate that stands there alone. */
  private int codeAt(byte[] stored, int at) {
    char first = unit(stored, at);
    if (Character.isHighSurrogate(first) && at + 3 < stored.length) {
      char second = unit(stored, at + 2);
      return Character.isLowSurrogate(second) ? Character.toCodePoint(first, second) : first;
    }
    return first;
  }

  private char unit(byte[] stored, int at) {
    int low = this == UTF_16LE ? at : at + 1;
    int high = this == UTF_16LE ? at + 1 : at;
    return (char) (((stored[high] & 0xFF) << 8) | (stored[low] & 0xFF));
  }

  private static int width(int code) {
    return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }

  private static int put(byte[] utf8, int at, int code) {
    int width = width(code);
    int rest = code;
    for (int i = width - 1; i > 0; i--) {
      utf8[at + i] = (byte) (0x80 | (rest & 0x3F));
      rest >>= 6;
    }
    utf8[at] = (byte) (width == 1 ? code : ((0xF00 >> width) & 0xFF) | rest);
    return at + width;
  }

  /**
   * The bytes with which the database keeps a text; what it cannot hold becomes U+FFFD.
   *
   * @return not to be written to
   */
  public byte[] stored(Bytes utf8) {
    if (this == UTF_8) {
      return utf8.unsafeArray();
    }
    int units = 0;
    for (int at = 0; at < utf8.size(); ) {
      int length = sequence(utf8, at);
      units += length == 4 ? 2 : 1;
      at += Math.max(1, length);
    }
    byte[] stored = new byte[2 * units];
    int to = 0;
    for (int at = 0; at < utf8.size(); ) {
      int length = sequence(utf8, at);
      int code = length == 0 ? REPLACEMENT : decoded(utf8, at, length);
      if (code < 0x10000) {
        to = put(stored, to, (char) code);
      } else {
        to = put(stored, to, Character.highSurrogate(code));
        to = put(stored, to, Character.lowSurrogate(code));
      }
      at += Math.max(1, length);
    }
    return stored;
  }

  private int put(byte[] stored, int at, char unit) {
    stored[this == UTF_16LE ? at : at + 1] = (byte) unit;
    stored[this == UTF_16LE ? at + 1 : at] = (byte) (unit >> 8);
    return at + 2;
  }

  /** Whether it is UTF-8 as the standard has it. */
  static boolean isWellFormed(Bytes utf8) {
    for (int at = 0; at < utf8.size(); ) {
      int length = sequence(utf8, at);
      if (length == 0 || (length == 3 && Character.isSurrogate((char) decoded(utf8, at, 3)))) {
        return false;
      }
      at += length;
    }
    return true;
  }

  /** The length of the code point that begins there, 0 if none does. */
  private static int sequence(Bytes utf8, int at) {
    int first = utf8.at(at);
    int length = first < 0x80 ? 1 : first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    if (length == 0 || first > 0xF4 || at + length > utf8.size()) {
      return 0;
    }
    for (int i = 1; i < length; i++) {
      if ((utf8.at(at + i) & 0xC0) != 0x80) {
        return 0;
      }
    }
    int code = decoded(utf8, at, length);
    boolean overlong = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
    return overlong || code > Character.MAX_CODE_POINT ? 0 : length;
  }

  private static int decoded(Bytes utf8, int at, int length) {
    int code = length == 1 ? utf8.at(at) : utf8.at(at) & (0x7F >> length);
    for (int i = 1; i < length; i++) {
      code = (code << 6) | (utf8.at(at + i) & 0x3F);
    }
    return code;
  }

  /** Whether a database of this encoding gives the value back as it was written. */
  public boolean holds(Value value) {
    return this == UTF_8
        || !(value instanceof Value.Text text)
        || text.isWellFormed()
        || canonical(stored(text.utf8())).equals(text.utf8());
  }

  /**
   * Whether keys of this value are compared here as everywhere: NOCASE and RTRIM take a text of a
   * UTF-16 database for another if it has half a surrogate pair.
   */
  boolean compares(Value value, String collation) {
    return this == UTF_8
        || !(value instanceof Value.Text text)
        || collation.equalsIgnoreCase("BINARY")
        || text.isWellFormed();
  }

  /** Whether a text may show here in place of one that the database cannot hold. */
  public boolean mayReplace(Value value) {
    return this != UTF_8
        && value instanceof Value.Text text
        && text.utf8().asUtf8().indexOf(REPLACEMENT) >= 0;
  }
}
