package sh.fazt.mesh.store;

import sh.fazt.mesh.clock.Hlc;
import sh.fazt.mesh.clock.HybridClock;
import sh.fazt.mesh.schema.Value;
import sh.fazt.mesh.store.Meta.Fact;

/**
 * Keeps the highest stamp that was shown here, where it is ahead of this machine's clock: what is
 * written after a restart follows it, and must not come to show elsewhere before it. Confined.
 */
public final class ShownClock {
  private final Meta meta;
  private Hlc kept;

  public ShownClock(Database database) {
    this.meta = new Meta(database);
    this.kept = read();
  }

  private Hlc read() {
    return meta.integer(Fact.CLOCK).map(Hlc::new).orElse(Hlc.ZERO);
  }

  /** The clock of a site that has issued stamps up to {@code own}. */
  public HybridClock after(Hlc own) {
    return new HybridClock(Hlc.max(own, kept));
  }

  /** Keeps what the clock has merged; inside the write transaction that shows it. */
  public void keep(HybridClock clock, long nowMillis) {
    if (clock.last().millis() > nowMillis && clock.last().compareTo(kept) > 0) {
      kept = clock.last();
      meta.put(Fact.CLOCK, Value.of(kept.packed()));
    }
  }

  /** Drops what is remembered, after a transaction was rolled back. */
  public void forget() {
    kept = read();
  }
}
