package sh.fazt.mesh;

import java.security.SecureRandom;
import java.util.function.LongSupplier;
import sh.fazt.mesh.identity.Chance;

/**
 * What a replica takes from the world around it.
 *
 * @param nowMillis the wall clock, Unix milliseconds
 * @param chance where keys and nonces come from
 */
public record Ambient(LongSupplier nowMillis, Chance chance) {
  /** The machine's own clock and randomness. */
  public static Ambient system() {
    return new Ambient(System::currentTimeMillis, Chance.from(new SecureRandom()));
  }

  /** Unix milliseconds. */
  public long now() {
    return nowMillis.getAsLong();
  }
}
