package sh.fazt.mesh.roster;

import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.identity.VerifyKey;

/**
 * Which node key a link must lead to.
 *
 * @param prefix the first 16 to 32 bytes of the key's fingerprint
 */
public record Pin(Bytes prefix) {
  /** Bytes of a fingerprint that a token carries. */
  public static final int SIZE = 16;

  public Pin {
    if (prefix.size() < SIZE || prefix.size() > Hash.SIZE) {
      throw new IllegalArgumentException("a pin has 16 to 32 bytes: " + prefix.size());
    }
  }

  /** The pin of exactly this key. */
  public static Pin of(VerifyKey node) {
    return new Pin(node.fingerprint().value());
  }

  public boolean matches(VerifyKey node) {
    return node.fingerprint().value().slice(0, prefix.size()).equals(prefix);
  }
}
