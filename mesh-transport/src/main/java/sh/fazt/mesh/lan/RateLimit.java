package sh.fazt.mesh.lan;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A token bucket for each of a bounded number of keys. One that is forgotten begins with a full
 * bucket again. Confined.
 */
final class RateLimit<K> {
  private static final long MILLIS = 1_000;

  private final BeaconLimits.Rate rate;
  private final int keysMax;
  private final Map<K, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true);

  RateLimit(BeaconLimits.Rate rate, int keysMax) {
    this.rate = rate;
    this.keysMax = keysMax;
  }

  /** Takes a token of {@code key}, if there is one. */
  boolean admits(K key, long nowMillis) {
    Bucket bucket =
        buckets.computeIfAbsent(key, any -> new Bucket(nowMillis, rate.burst() * MILLIS));
    if (buckets.size() > keysMax) {
      Iterator<K> oldest = buckets.keySet().iterator();
      oldest.next();
      oldest.remove();
    }
    return bucket.take(nowMillis, rate);
  }

  /** How many keys are remembered. */
  int keys() {
    return buckets.size();
  }

  /** Counts in thousandths of a token. */
  private static final class Bucket {
    private long filledMillis;
    private long thousandths;

    Bucket(long nowMillis, long thousandths) {
      this.filledMillis = nowMillis;
      this.thousandths = thousandths;
    }

    boolean take(long nowMillis, BeaconLimits.Rate rate) {
      long full = rate.burst() * MILLIS;
      // A pause that fills it several times over is as good as one that fills it.
      long passed = Math.min(Math.max(0, nowMillis - filledMillis), full / rate.perSecond() + 1);
      thousandths = Math.min(full, thousandths + passed * rate.perSecond());
      filledMillis = Math.max(filledMillis, nowMillis);
      if (thousandths < MILLIS) {
        return false;
      }
      thousandths -= MILLIS;
      return true;
    }
  }
}
