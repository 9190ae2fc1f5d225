package sh.fazt.mesh.bytes;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Reads what {@link ByteWriter} wrote, and trusts none of it: every length is checked against the
 * bytes that remain before memory is taken. Confined.
 */
public final class ByteReader {
  private final byte[] array;
  private final int end;
  private int at;

  public ByteReader(Bytes bytes) {
    this(bytes, bytes.size());
  }

  /** Reads only the first {@code size} bytes. */
  public ByteReader(Bytes bytes, int size) {
    this.array = bytes.unsafeArray();
    this.end = Math.min(size, array.length);
  }

  /** Bytes not yet read. */
  public int remaining() {
    return end - at;
  }

  /** Offset of the next byte. */
  public int position() {
    return at;
  }

  public int u8() throws MalformedException {
    need(1);
    return array[at++] & 0xff;
  }

  public int u16() throws MalformedException {
    return u8() << 8 | u8();
  }

  /** 0 to 2³² − 1. */
  public long u32() throws MalformedException {
    return (long) u16() << 16 | u16();
  }

  public long u64() throws MalformedException {
    return u32() << 32 | u32();
  }

  /** Unsigned LEB128; refuses more than 64 bits and needless bytes, so a value has one spelling. */
  public long varint() throws MalformedException {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      int next = u8();
      if (shift == 63 && next > 1) {
        throw new MalformedException("varint over 64 bits at offset " + (at - 1));
      }
      value |= (long) (next & 0x7f) << shift;
      if (next < 0x80) {
        if (next == 0 && shift > 0) {
          throw new MalformedException("varint with a needless byte at offset " + (at - 1));
        }
        return value;
      }
    }
    throw new MalformedException("varint over 10 bytes at offset " + at);
  }

  public long zigzag() throws MalformedException {
    long raw = varint();
    return (raw >>> 1) ^ -(raw & 1);
  }

  /**
   * A varint that must lie in 0 … {@code max}.
   *
   * @param what names the number in the error
   */
  public int count(String what, int max) throws MalformedException {
    long value = varint();
    if (value < 0 || value > max) {
      throw new MalformedException(what + " " + Long.toUnsignedString(value) + " over " + max);
    }
    return (int) value;
  }

  /** Exactly {@code size} bytes. */
  public Bytes fixed(int size) throws MalformedException {
    need(size);
    byte[] copy = new byte[size];
    System.arraycopy(array, at, copy, 0, size);
    at += size;
    return Bytes.wrap(copy);
  }

  /** A length-prefixed byte string of at most {@code max} bytes. */
  public Bytes bytes(int max) throws MalformedException {
    return fixed(count("length", max));
  }

  /** A length-prefixed, well-formed UTF-8 text of at most {@code maxBytes} bytes. */
  public String text(int maxBytes) throws MalformedException {
    Bytes raw = bytes(maxBytes);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(raw.asBuffer()).toString();
    } catch (CharacterCodingException e) {
      throw new MalformedException("text is not UTF-8: " + raw, e);
    }
  }

  /** Everything that is left. */
  public Bytes rest() {
    byte[] copy = new byte[end - at];
    ByteBuffer.wrap(array, at, copy.length).get(copy);
    at = end;
    return Bytes.wrap(copy);
  }

  /** Refuses bytes after the end of a value. */
  public void end() throws MalformedException {
    if (at != end) {
      throw new MalformedException((end - at) + " bytes after the end");
    }
  }

  private void need(int size) throws MalformedException {
    if (end - at < size) {
      throw new MalformedException("cut short: " + size + " bytes wanted, " + (end - at) + " left");
    }
  }
}
