package sh.fazt.mesh.bytes;

import java.util.Arrays;

/** Appends big-endian integers, varints and byte strings to a growing buffer; confined. */
public final class ByteWriter {
  private byte[] buffer;
  private int size;

  public ByteWriter() {
    this(256);
  }

  public ByteWriter(int sizeHint) {
    buffer = new byte[Math.max(16, sizeHint)];
  }

  /** Bytes written so far. */
  public int size() {
    return size;
  }

  /** One byte, the low 8 bits of {@code value}. */
  public ByteWriter u8(int value) {
    room(1);
    buffer[size++] = (byte) value;
    return this;
  }

  public ByteWriter u16(int value) {
    return u8(value >>> 8).u8(value);
  }

  public ByteWriter u32(long value) {
    return u16((int) (value >>> 16)).u16((int) value);
  }

  /** Writes over the four bytes at {@code offset}, which are written already. */
  public ByteWriter overwriteU32(int offset, long value) {
    if (offset < 0 || offset + 4 > size) {
      throw new IndexOutOfBoundsException("four bytes at " + offset + " of " + size);
    }
    for (int i = 0; i < 4; i++) {
      buffer[offset + i] = (byte) (value >>> (24 - 8 * i));
    }
    return this;
  }

  public ByteWriter u64(long value) {
    return u32(value >>> 32).u32(value);
  }

  /** Unsigned LEB128: 1 to 10 bytes, {@code value} taken as unsigned. */
  public ByteWriter varint(long value) {
    room(10);
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      buffer[size++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    buffer[size++] = (byte) rest;
    return this;
  }

  /** A signed number as zigzag varint: small magnitudes take few bytes. */
  public ByteWriter zigzag(long value) {
    return varint((value << 1) ^ (value >> 63));
  }

  /** The bytes alone, no length before them. */
  public ByteWriter raw(Bytes bytes) {
    return raw(bytes.unsafeArray());
  }

  /** The bytes alone, no length before them. */
  public ByteWriter raw(byte[] bytes) {
    room(bytes.length);
    System.arraycopy(bytes, 0, buffer, size, bytes.length);
    size += bytes.length;
    return this;
  }

  /** A varint length, then the bytes. */
  public ByteWriter bytes(Bytes bytes) {
    return varint(bytes.size()).raw(bytes);
  }

  /** A varint length, then the text as UTF-8. */
  public ByteWriter text(String text) {
    return bytes(Bytes.utf8(text));
  }

  /** The buffer, of which {@link #size} bytes are written; not to be written to. */
  public byte[] unsafeBuffer() {
    return buffer;
  }

  public Bytes toBytes() {
    return Bytes.wrap(Arrays.copyOf(buffer, size));
  }

  private void room(int more) {
    if (buffer.length - size < more) {
      int wanted = Math.addExact(size, more);
      buffer =
          Arrays.copyOf(buffer, Math.max(wanted, (int) Math.min(buffer.length * 2L, 1L << 30)));
    }
  }
}
