package sh.fazt.mesh.identity;

import java.util.random.RandomGenerator;
import sh.fazt.mesh.bytes.Bytes;

/**
 * Where random bytes come from. Law: each call gives fresh bytes; outside tests they are
 * unpredictable.
 */
@FunctionalInterface
public interface Chance {
  /** {@code size} random bytes. */
  Bytes bytes(int size);

  /** Bytes drawn from {@code generator}: {@code SecureRandom} in life, a seeded one in a test. */
  static Chance from(RandomGenerator generator) {
    return size -> {
      byte[] drawn = new byte[size];
      generator.nextBytes(drawn);
      return Bytes.wrap(drawn);
    };
  }
}
