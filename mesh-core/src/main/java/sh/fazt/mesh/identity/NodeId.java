package sh.fazt.mesh.identity;

import java.math.BigInteger;

/** A node as people see it: {@code fazt_nod_} and 12 base62 digits of its key's fingerprint. */
public record NodeId(String text) {
  private static final String PREFIX = "fazt_nod_";
  private static final String DIGITS =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  private static final int LENGTH = 12;

  public NodeId {
    if (!text.startsWith(PREFIX) || text.length() != PREFIX.length() + LENGTH) {
      throw new IllegalArgumentException("not a node id: " + text);
    }
  }

  public static NodeId of(VerifyKey node) {
    BigInteger rest = new BigInteger(1, node.fingerprint().value().toArray());
    BigInteger base = BigInteger.valueOf(DIGITS.length());
    StringBuilder digits = new StringBuilder(PREFIX);
    for (int i = 0; i < LENGTH; i++) {
      BigInteger[] parts = rest.divideAndRemainder(base);
      digits.append(DIGITS.charAt(parts[1].intValue()));
      rest = parts[0];
    }
    return new NodeId(digits.toString());
  }

  @Override
  public String toString() {
    return text;
  }
}
