package sh.fazt.mesh.identity;

import java.util.Set;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.bytes.MalformedException;

/**
 * The public half of an Ed25519 key pair (RFC 8032), 32 bytes. Keys of small order are refused,
 * since one signature under such a key fits every message.
 */
public record VerifyKey(Bytes value) implements Comparable<VerifyKey> {
  public static final int SIZE = 32;

  /** The encodings of the points of order 1, 2, 4 and 8, their sign bits cleared. */
  private static final Set<Bytes> SMALL_ORDER =
      Set.of(
          Bytes.fromHex("00".repeat(32)),
          Bytes.fromHex("01" + "00".repeat(31)),
          Bytes.fromHex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
          Bytes.fromHex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
          Bytes.fromHex("ec" + "ff".repeat(30) + "7f"),
          Bytes.fromHex("ed" + "ff".repeat(30) + "7f"),
          Bytes.fromHex("ee" + "ff".repeat(30) + "7f"));

  /**
   * @throws IllegalArgumentException if these are not the bytes of a full-order point
   */
  public VerifyKey {
    if (value.size() != SIZE) {
      throw new IllegalArgumentException("an Ed25519 key has 32 bytes: " + value.size());
    }
    if (SMALL_ORDER.contains(withoutSign(value))
        || !Ed25519.validatePublicKeyPartial(value.unsafeArray(), 0)) {
      throw new IllegalArgumentException("not a usable Ed25519 key: " + value.hex());
    }
  }

  public static VerifyKey readFrom(ByteReader in) throws MalformedException {
    Bytes raw = in.fixed(SIZE);
    try {
      return new VerifyKey(raw);
    } catch (IllegalArgumentException e) {
      throw new MalformedException("not a usable Ed25519 key: " + raw.hex(), e);
    }
  }

  /**
   * Whether {@code signature} (64 bytes) was made over {@code message} for {@code context} with the
   * private half of this key.
   */
  public boolean verifies(String context, Bytes message, Bytes signature) {
    byte[] signed = SigningKey.signedBytes(context, message);
    return signature.size() == SigningKey.SIGNATURE_SIZE
        && Ed25519.verify(
            signature.unsafeArray(), 0, value.unsafeArray(), 0, signed, 0, signed.length);
  }

  private static Bytes withoutSign(Bytes point) {
    byte[] cleared = point.toArray();
    cleared[SIZE - 1] &= 0x7f;
    return Bytes.wrap(cleared);
  }

  /** SHA-256 of the key: what a token pins. */
  public Hash fingerprint() {
    return Hash.of(value);
  }

  @Override
  public int compareTo(VerifyKey other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value.slice(0, 6).hex() + "…";
  }
}
