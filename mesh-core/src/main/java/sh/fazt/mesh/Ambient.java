package sh.fazt.mesh;

import java.security.SecureRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import sh.fazt.mesh.clock.Stopwatch;
import sh.fazt.mesh.identity.Chance;

/**
 * What a replica takes from the world around it.
 *
 * @param nowMillis the wall clock, Unix milliseconds
 * @param chance where keys and nonces come from
 * @param watch measures how long the database was held, and waits before it is taken again
 */
public record Ambient(LongSupplier nowMillis, Chance chance, Stopwatch watch) {
  /** A world in which nothing takes time and nobody is waited for. */
  public Ambient(LongSupplier nowMillis, Chance chance) {
    this(nowMillis, chance, Stopwatch.STILL);
  }

  /** The machine's own clock and randomness. */
  public static Ambient system() {
    return new Ambient(
        System::currentTimeMillis, Chance.from(new SecureRandom()), new MachineWatch());
  }

  /** Unix milliseconds. */
  public long now() {
    return nowMillis.getAsLong();
  }

  /** Thread-safe. */
  private static final class MachineWatch implements Stopwatch {
    @Override
    public long nanos() {
      return System.nanoTime();
    }

    @Override
    public void pause(long nanos) {
      LockSupport.parkNanos(nanos);
    }
  }
}
