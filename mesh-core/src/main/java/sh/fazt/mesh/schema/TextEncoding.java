package sh.fazt.mesh.schema;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import sh.fazt.mesh.bytes.ByteWriter;
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

  private ByteOrder order() {
    return this == UTF_16LE ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
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
    CharBuffer units = ByteBuffer.wrap(stored).order(order()).asCharBuffer();
    try {
      ByteBuffer utf8 = StandardCharsets.UTF_8.newEncoder().encode(units.duplicate());
      byte[] exact = new byte[utf8.remaining()];
      utf8.get(exact);
      return Bytes.wrap(exact);
    } catch (CharacterCodingException e) {
      // Justification: a surrogate stands alone, for which the standard encoder has no form.
      return generalized(units);
    }
  }

  private static Bytes generalized(CharBuffer units) {
    ByteWriter out = new ByteWriter(units.length() * 3);
    for (int i = 0; i < units.length(); i++) {
      int code = Character.codePointAt(units, i);
      i += Character.charCount(code) - 1;
      if (code < 0x80) {
        out.u8(code);
      } else if (code < 0x800) {
        out.u8(0xC0 | (code >> 6)).u8(tail(code));
      } else if (code < 0x10000) {
        out.u8(0xE0 | (code >> 12)).u8(tail(code >> 6)).u8(tail(code));
      } else {
        out.u8(0xF0 | (code >> 18)).u8(tail(code >> 12)).u8(tail(code >> 6)).u8(tail(code));
      }
    }
    return out.toBytes();
  }

  private static int tail(int bits) {
    return 0x80 | (bits & 0x3F);
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
    ByteBuffer out = ByteBuffer.allocate(utf8.size() * 2).order(order());
    int at = 0;
    while (at < utf8.size()) {
      int length = sequence(utf8, at);
      int code = length == 0 ? REPLACEMENT : decoded(utf8, at, length);
      for (char unit : Character.toChars(code)) {
        out.putChar(unit);
      }
      at += Math.max(1, length);
    }
    byte[] stored = new byte[out.position()];
    out.flip().get(stored);
    return stored;
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
