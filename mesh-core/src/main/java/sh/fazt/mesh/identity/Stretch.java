package sh.fazt.mesh.identity;

import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;
import sh.fazt.mesh.bytes.Bytes;

/**
 * How a passphrase becomes a key: Argon2id, version 0x13 (RFC 9106). Immutable.
 *
 * @param kibibytes of memory, 8 a lane to 262,144
 * @param passes 1 to 16
 * @param lanes 1 to 16
 * @param salt 16 bytes
 */
record Stretch(int kibibytes, int passes, int lanes, Bytes salt) {
  static final int SALT_BYTES = 16;

  /* So that a file made by somebody else cannot take all memory or an hour. */
  private static final int KIBIBYTES_MAX = 256 * 1024;
  private static final int PASSES_MAX = 16;
  private static final int LANES_MAX = 16;
  private static final int KIBIBYTES_A_LANE_MIN = 8;

  Stretch {
    boolean fits =
        lanes >= 1
            && lanes <= LANES_MAX
            && passes >= 1
            && passes <= PASSES_MAX
            && kibibytes >= KIBIBYTES_A_LANE_MIN * lanes
            && kibibytes <= KIBIBYTES_MAX;
    if (!fits || salt.size() != SALT_BYTES) {
      throw new IllegalArgumentException(
          "argon2id with m=%s t=%s p=%s and a salt of %s bytes"
              .formatted(kibibytes, passes, lanes, salt.size()));
    }
  }

  /** As RFC 9106 §4 recommends where memory is scarce: 64 MiB, 3 passes, 4 lanes. */
  static Stretch fresh(Chance chance) {
    return new Stretch(64 * 1024, 3, 4, chance.bytes(SALT_BYTES));
  }

  /** The key of {@code size} bytes. */
  Bytes key(Passphrase passphrase, int size) {
    Argon2BytesGenerator generator = new Argon2BytesGenerator();
    generator.init(
        new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
            .withVersion(Argon2Parameters.ARGON2_VERSION_13)
            .withMemoryAsKB(kibibytes)
            .withIterations(passes)
            .withParallelism(lanes)
            .withSalt(salt.toArray())
            .build());
    byte[] key = new byte[size];
    generator.generateBytes(passphrase.utf8().toArray(), key);
    return Bytes.wrap(key);
  }
}
