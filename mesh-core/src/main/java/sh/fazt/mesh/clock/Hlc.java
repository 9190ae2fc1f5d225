package sh.fazt.mesh.clock;

/**
 * A hybrid logical clock stamp: 48 bits of Unix milliseconds, 16 bits of counter, in one unsigned
 * 64-bit number whose order is the order of time.
 *
 * <p>Kulkarni et al., "Logical Physical Clocks", OPODIS 2014, §3.
 *
 * @param packed milliseconds shifted left by 16, plus the counter
 */
public record Hlc(long packed) implements Comparable<Hlc> {
  public static final long MILLIS_MAX = (1L << 48) - 1;
  private static final int COUNTER_BITS = 16;
  public static final int COUNTER_MAX = (1 << COUNTER_BITS) - 1;

  /** Before everything. */
  public static final Hlc ZERO = new Hlc(0);

  /** After everything. */
  public static final Hlc MAX = new Hlc(-1L);

  /**
   * @param millis 0 to 2⁴⁸ − 1
   * @param counter 0 to 65,535
   */
  public static Hlc of(long millis, int counter) {
    if (millis < 0 || millis > MILLIS_MAX || counter < 0 || counter > COUNTER_MAX) {
      throw new IllegalArgumentException("no such stamp: " + millis + " ms, counter " + counter);
    }
    return new Hlc(millis << COUNTER_BITS | counter);
  }

  /** The first stamp of that millisecond; times outside the range are brought to its ends. */
  public static Hlc atMillis(long millis) {
    return of(Math.max(0, Math.min(MILLIS_MAX, millis)), 0);
  }

  /**
   * The stamp of a row that existed before its node kept a log. It lies below every real stamp, and
   * the genesis rows of a senior member lie above those of a junior.
   *
   * @param seniority 0 for the founder, then in the order of admission
   */
  public static Hlc genesis(int seniority) {
    return of(0, Math.max(1, COUNTER_MAX - seniority));
  }

  public boolean isGenesis() {
    return millis() == 0;
  }

  /** Unix milliseconds. */
  public long millis() {
    return packed >>> COUNTER_BITS;
  }

  public int counter() {
    return (int) (packed & COUNTER_MAX);
  }

  /**
   * The next stamp: the counter, then the millisecond.
   *
   * @throws IllegalStateException after {@link #MAX}
   */
  public Hlc next() {
    if (equals(MAX)) {
      throw new IllegalStateException("no stamp after the last");
    }
    return new Hlc(packed + 1);
  }

  public static Hlc max(Hlc a, Hlc b) {
    return a.compareTo(b) >= 0 ? a : b;
  }

  @Override
  public int compareTo(Hlc other) {
    return Long.compareUnsigned(packed, other.packed);
  }

  @Override
  public String toString() {
    return millis() + "." + counter();
  }
}
