package sh.fazt.mesh.identity;

import org.bouncycastle.math.ec.rfc8032.Ed25519;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.Bytes;

/**
 * The private half of an Ed25519 key pair (RFC 8032). Immutable; its text form never holds the
 * secret.
 *
 * <p>Every signature is made for a <em>context</em>, a short constant that names what is signed, so
 * a signature for one purpose is worthless for another. The signed bytes are {@code "fazt mesh:"},
 * the context, a zero byte, the message.
 */
public final class SigningKey {
  public static final int SEED_SIZE = 32;
  public static final int SIGNATURE_SIZE = 64;

  private final Bytes seed;
  private final VerifyKey verifyKey;

  private SigningKey(Bytes seed) {
    this.seed = seed;
    byte[] point = new byte[VerifyKey.SIZE];
    Ed25519.generatePublicKey(seed.unsafeArray(), 0, point, 0);
    this.verifyKey = new VerifyKey(Bytes.wrap(point));
  }

  /**
   * @param seed 32 secret bytes
   * @throws IllegalArgumentException if the length differs
   */
  public static SigningKey ofSeed(Bytes seed) {
    if (seed.size() != SEED_SIZE) {
      throw new IllegalArgumentException("an Ed25519 seed has 32 bytes: " + seed.size());
    }
    return new SigningKey(seed);
  }

  public static SigningKey generate(Chance chance) {
    return ofSeed(chance.bytes(SEED_SIZE));
  }

  public VerifyKey verifyKey() {
    return verifyKey;
  }

  /** The 32 secret bytes, for the key file alone. */
  public Bytes seed() {
    return seed;
  }

  /** 64 bytes over {@code message} for {@code context}. */
  public Bytes sign(String context, Bytes message) {
    byte[] signed = signedBytes(context, message);
    byte[] signature = new byte[SIGNATURE_SIZE];
    Ed25519.sign(seed.unsafeArray(), 0, signed, 0, signed.length, signature, 0);
    return Bytes.wrap(signature);
  }

  static byte[] signedBytes(String context, Bytes message) {
    return new ByteWriter(message.size() + 64)
        .raw(Bytes.utf8("fazt mesh:" + context))
        .u8(0)
        .raw(message)
        .toBytes()
        .unsafeArray();
  }

  @Override
  public String toString() {
    return "SigningKey of " + verifyKey;
  }
}
