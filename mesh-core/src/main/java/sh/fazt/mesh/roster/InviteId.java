package sh.fazt.mesh.roster;

import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;

/** Names one invitation, 16 random bytes. It is no secret and gives no right. */
public record InviteId(Bytes value) implements Comparable<InviteId> {
  public static final int SIZE = 16;

  private static final String PREFIX = "fazt_inv_";
  private static final int DIGITS = 26;

  public InviteId {
    if (value.size() != SIZE) {
      throw new IllegalArgumentException("an invite id has 16 bytes: " + value.size());
    }
  }

  public static InviteId readFrom(ByteReader in) throws MalformedException {
    return new InviteId(in.fixed(SIZE));
  }

  /**
   * Reads what {@link #toString} wrote.
   *
   * @throws MeshException USAGE if {@code text} is no invite id
   */
  public static InviteId parse(String text) {
    String digits = text.startsWith(PREFIX) ? Base32.plain(text.substring(PREFIX.length())) : "";
    if (digits.length() != DIGITS) {
      throw notAnId(text);
    }
    byte[] raw = new byte[SIZE];
    for (int i = 0; i < digits.length(); i++) {
      int value = Base32.value(digits.charAt(i));
      if (value < 0) {
        throw notAnId(text);
      }
      Base32.putFiveBits(raw, i * 5, value);
    }
    InviteId id = new InviteId(Bytes.wrap(raw));
    if (!id.toString().equals(PREFIX + digits)) {
      throw notAnId(text);
    }
    return id;
  }

  private static MeshException notAnId(String text) {
    return new MeshException(
        ErrorCode.USAGE,
        "not an invite id: " + text,
        "Use the id that fazt mesh invite printed with --revoke");
  }

  @Override
  public int compareTo(InviteId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(PREFIX);
    for (int i = 0; i < DIGITS; i++) {
      text.append(Base32.digit(Base32.fiveBits(value.unsafeArray(), i * 5)));
    }
    return text.toString();
  }
}
