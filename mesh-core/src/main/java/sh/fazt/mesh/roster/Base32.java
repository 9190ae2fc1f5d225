package sh.fazt.mesh.roster;

import java.util.Locale;

/**
 * Crockford's base 32 in lower case: digits and letters without i, l, o and u, so that what is read
 * aloud or typed is read back the same.
 *
 * <p>https://www.crockford.com/base32.html
 */
final class Base32 {
  private static final String DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";

  private Base32() {}

  static char digit(int value) {
    return DIGITS.charAt(value);
  }

  /** The value of a digit that {@link #plain} gave, or -1. */
  static int value(char digit) {
    return DIGITS.indexOf(digit);
  }

  /** Lower case, with o for 0 and i or l for 1 put right. */
  static String plain(String typed) {
    return typed.toLowerCase(Locale.ROOT).replace('o', '0').replace('i', '1').replace('l', '1');
  }

  /** The 5 bits of {@code source} that start at bit {@code from}; bits past the end are zero. */
  static int fiveBits(byte[] source, int from) {
    int value = 0;
    for (int bit = from; bit < from + 5; bit++) {
      int octet = bit / 8 < source.length ? source[bit / 8] : 0;
      value = value << 1 | (octet >>> (7 - bit % 8) & 1);
    }
    return value;
  }

  /** Puts the 5 bits of {@code value} at bit {@code from}; bits past the end are dropped. */
  static void putFiveBits(byte[] target, int from, int value) {
    for (int i = 0; i < 5; i++) {
      int bit = from + i;
      if (bit / 8 < target.length && (value >>> (4 - i) & 1) == 1) {
        target[bit / 8] |= (byte) (1 << (7 - bit % 8));
      }
    }
  }
}
