package sh.fazt.mesh.schema;

import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;

/**
 * One value exactly as SQLite stores it: storage class and bytes. Text is the bytes of its UTF-8
 * form, whether well-formed or not ({@link TextEncoding}); a real is its 64 bits, so −0.0 and 0.0
 * differ.
 *
 * <p>SQLite, "Datatypes In SQLite", §2.
 */
public sealed interface Value {
  /** The longest text or blob that the mesh carries, in bytes. */
  int BYTES_MAX = 64 << 20;

  /** SQL NULL. */
  Value NULL = new Null();

  /** Appends the tag and the payload. */
  void writeTo(ByteWriter out);

  /** About how many bytes it takes to write. */
  long bytes();

  record Null() implements Value {
    @Override
    public long bytes() {
      return 1;
    }

    @Override
    public void writeTo(ByteWriter out) {
      out.u8(0);
    }
  }

  record Int(long value) implements Value {
    @Override
    public long bytes() {
      return 9;
    }

    @Override
    public void writeTo(ByteWriter out) {
      out.u8(1).zigzag(value);
    }
  }

  /**
   * @param bits IEEE 754 binary64
   */
  record Real(long bits) implements Value {
    public double value() {
      return Double.longBitsToDouble(bits);
    }

    @Override
    public long bytes() {
      return 9;
    }

    @Override
    public void writeTo(ByteWriter out) {
      out.u8(2).u64(bits);
    }
  }

  record Text(Bytes utf8) implements Value {
    /** Whether it is UTF-8 as the standard has it, which a Java string can carry. */
    public boolean isWellFormed() {
      return TextEncoding.isWellFormed(utf8);
    }

    @Override
    public long bytes() {
      return 2L + utf8.size();
    }

    @Override
    public void writeTo(ByteWriter out) {
      out.u8(3).bytes(utf8);
    }
  }

  record Blob(Bytes value) implements Value {
    @Override
    public long bytes() {
      return 2L + value.size();
    }

    @Override
    public void writeTo(ByteWriter out) {
      out.u8(4).bytes(value);
    }
  }

  static Value of(long value) {
    return new Int(value);
  }

  static Value of(double value) {
    return new Real(Double.doubleToRawLongBits(value));
  }

  static Value of(String text) {
    return new Text(Bytes.utf8(text));
  }

  static Value of(Bytes blob) {
    return new Blob(blob);
  }

  /**
   * Reads what {@link #writeTo} wrote; tags 5 and up are reserved (a value by its hash, pending).
   */
  static Value readFrom(ByteReader in) throws MalformedException {
    int tag = in.u8();
    return switch (tag) {
      case 0 -> NULL;
      case 1 -> new Int(in.zigzag());
      case 2 -> real(in.u64());
      case 3 -> new Text(in.bytes(BYTES_MAX));
      case 4 -> new Blob(in.bytes(BYTES_MAX));
      default -> throw new MalformedException("value tag " + tag + " at " + (in.position() - 1));
    };
  }

  private static Value real(long bits) throws MalformedException {
    // SQLite stores NULL in place of a NaN, so no honest row holds one, and no key could.
    if (Double.isNaN(Double.longBitsToDouble(bits))) {
      throw new MalformedException("a real that is no number");
    }
    return new Real(bits);
  }
}
