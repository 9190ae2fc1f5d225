package sh.fazt.mesh.gossip;

/**
 * How often something may happen: so many times at once, and so many more a second. A token bucket.
 * Confined.
 *
 * <p>Turner, "New Directions in Communications", IEEE Communications 1986, §4 (as leaky bucket).
 */
public final class Allowance {
  private static final long MILLIS = 1_000;

  private final int perSecond;
  private final long burstUnits;
  private long units;
  private long atMillis;

  /**
   * @param perSecond how many more each second
   * @param burst how many at once after a rest
   */
  public Allowance(int perSecond, int burst, long nowMillis) {
    this.perSecond = perSecond;
    this.burstUnits = burst * MILLIS;
    this.units = burstUnits;
    this.atMillis = nowMillis;
  }

  /** Whether it may happen once more now. */
  public boolean isLeft(long nowMillis) {
    long passed = Math.min(Math.max(0, nowMillis - atMillis), burstUnits);
    units = Math.min(burstUnits, units + passed * perSecond);
    atMillis = nowMillis;
    return units >= MILLIS;
  }

  /** Counts it, if it may happen; whether it may. */
  public boolean take(long nowMillis) {
    boolean left = isLeft(nowMillis);
    units -= left ? MILLIS : 0;
    return left;
  }
}
