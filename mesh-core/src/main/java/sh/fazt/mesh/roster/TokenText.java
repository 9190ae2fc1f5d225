package sh.fazt.mesh.roster;

import java.util.List;
import java.util.regex.Pattern;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;

/**
 * The text of a token: 65 bytes and a 20-bit checksum in groups of four digits of data and one
 * check digit.
 */
final class TokenText {
  /* The check digit of group g over digits d0 … d3 is g + a·d0 + a²·d1 + a³·d2 + a⁴·d3 in GF(32),
   * a root of x⁵ + x² + 1. One wrong digit always changes it, as do two neighbours that changed
   * places and two groups that did; other mistakes pass one time in 32, and then the checksum over
   * the whole catches them. */

  private static final String PREFIX = "fmj1";
  private static final int BYTES = 65;
  private static final int DATA_DIGITS = 4;
  private static final int GROUP_DIGITS = DATA_DIGITS + 1;
  private static final int GROUPS = 27;
  private static final Pattern BREAKS = Pattern.compile("[-\\s]+");

  private TokenText() {}

  static String of(Bytes payload) {
    byte[] sealed = Bytes.concat(payload, checksum(payload)).unsafeArray();
    StringBuilder text = new StringBuilder(PREFIX);
    for (int group = 0; group < GROUPS; group++) {
      text.append('-');
      int[] digits = new int[DATA_DIGITS];
      for (int i = 0; i < DATA_DIGITS; i++) {
        digits[i] = Base32.fiveBits(sealed, (group * DATA_DIGITS + i) * 5);
        text.append(Base32.digit(digits[i]));
      }
      text.append(Base32.digit(check(group, digits)));
    }
    return text.toString();
  }

  /**
   * @throws MeshException TOKEN_MALFORMED
   */
  static Bytes parse(String typed) {
    String digits = digits(typed);
    byte[] sealed = new byte[BYTES + 3];
    for (int group = 0; group < GROUPS; group++) {
      int at = group * GROUP_DIGITS;
      readGroup(group, digits.substring(at, at + GROUP_DIGITS), sealed);
    }
    Bytes payload = Bytes.copyOf(sealed).slice(0, BYTES);
    if (!Bytes.copyOf(sealed).slice(BYTES, BYTES + 3).equals(checksum(payload))) {
      throw malformed("the token has more than one typing mistake");
    }
    return payload;
  }

  /** The 135 digits of the groups, or a complaint about the first group that is short or long. */
  private static String digits(String typed) {
    if (typed.endsWith("…") || typed.endsWith("...")) {
      throw malformed("'" + typed.strip() + "' stands for a token; paste the whole one");
    }
    String plain = Base32.plain(typed.strip());
    if (!plain.startsWith(PREFIX)) {
      throw malformed("a token begins with " + PREFIX + "-");
    }
    List<String> groups =
        BREAKS
            .splitAsStream(plain.substring(PREFIX.length()))
            .filter(group -> !group.isEmpty())
            .toList();
    String joined = String.join("", groups);
    if (joined.length() == GROUPS * GROUP_DIGITS) {
      return joined;
    }
    int whole = 0;
    while (whole < groups.size() && groups.get(whole).length() == GROUP_DIGITS) {
      whole++;
    }
    if (whole > 0 && joined.length() < GROUPS * GROUP_DIGITS && groups.size() - whole <= 1) {
      throw malformed("the token is cut off: " + whole + " of " + GROUPS + " groups");
    }
    for (int i = 0; i < groups.size() && groups.size() > 1; i++) {
      if (groups.get(i).length() != GROUP_DIGITS) {
        throw mistyped(i, groups.get(i));
      }
    }
    throw malformed(
        "the token has "
            + joined.length()
            + " letters and digits after "
            + PREFIX
            + ", not "
            + GROUPS * GROUP_DIGITS);
  }

  private static void readGroup(int group, String text, byte[] sealed) {
    int[] digits = new int[DATA_DIGITS];
    for (int i = 0; i < DATA_DIGITS; i++) {
      digits[i] = Base32.value(text.charAt(i));
      if (digits[i] < 0) {
        throw mistyped(group, text);
      }
      Base32.putFiveBits(sealed, (group * DATA_DIGITS + i) * 5, digits[i]);
    }
    if (Base32.value(text.charAt(DATA_DIGITS)) != check(group, digits)) {
      throw mistyped(group, text);
    }
  }

  private static int check(int group, int[] digits) {
    int sum = 0;
    for (int i = digits.length - 1; i >= 0; i--) {
      sum = timesRoot(sum ^ digits[i]);
    }
    return sum ^ group;
  }

  private static int timesRoot(int value) {
    int doubled = value << 1;
    return (doubled & 32) == 0 ? doubled : doubled ^ 0b100101;
  }

  /** The first 20 bits of the payload's hash, in 3 bytes. */
  private static Bytes checksum(Bytes payload) {
    byte[] checksum = Hash.of(payload).value().slice(0, 3).toArray();
    checksum[2] &= (byte) 0xf0;
    return Bytes.wrap(checksum);
  }

  private static MeshException mistyped(int group, String text) {
    return malformed(
        "group " + (group + 1) + " of " + GROUPS + " of the token has a typing mistake: " + text);
  }

  private static MeshException malformed(String message) {
    return new MeshException(
        ErrorCode.TOKEN_MALFORMED, message, "on the inviting machine: fazt mesh invite");
  }
}
