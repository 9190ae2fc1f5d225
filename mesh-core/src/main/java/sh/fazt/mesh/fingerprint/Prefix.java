package sh.fazt.mesh.fingerprint;

import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.MalformedException;

/**
 * All rows whose ids begin with certain hexadecimal digits.
 *
 * @param bits the digits, at the top; zeros below
 * @param digits how many, 0 to 16
 */
public record Prefix(long bits, int digits) {
  public static final Prefix ALL = new Prefix(0, 0);

  static final int DIGITS_MAX = 16;
  static final int CHILDREN = 16;

  public Prefix {
    if (digits < 0 || digits > DIGITS_MAX || (bits & below(digits)) != 0) {
      throw new IllegalArgumentException("no prefix of " + digits + " digits: " + bits);
    }
  }

  /** Ones where a prefix of so many digits says nothing. */
  private static long below(int digits) {
    return digits == 0 ? -1L : digits == DIGITS_MAX ? 0 : -1L >>> (4 * digits);
  }

  /** The highest id in this range, unsigned. */
  long last() {
    return bits | below(digits);
  }

  /**
   * The part of this range whose next digit is {@code digit}.
   *
   * @param digit 0 to 15
   */
  Prefix child(int digit) {
    return new Prefix(bits | (long) digit << (4 * (DIGITS_MAX - 1 - digits)), digits + 1);
  }

  /** The number of digits (u8), then the digits (u64). */
  void writeTo(ByteWriter out) {
    out.u8(digits).u64(bits);
  }

  static Prefix readFrom(ByteReader in) throws MalformedException {
    int digits = in.u8();
    long bits = in.u64();
    if (digits > DIGITS_MAX || (bits & below(digits)) != 0) {
      throw new MalformedException("no prefix of " + digits + " digits");
    }
    return new Prefix(bits, digits);
  }
}
