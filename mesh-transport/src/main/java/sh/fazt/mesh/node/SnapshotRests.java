package sh.fazt.mesh.node;

import java.util.HashMap;
import java.util.Map;
import sh.fazt.mesh.identity.VerifyKey;

/**
 * Which members are not asked for their state just now: one that has just given it rests a moment,
 * whatever it claims by then; one that gave less than it claimed to have, longer each time.
 * Confined to the mesh thread.
 */
final class SnapshotRests {
  /** Of one whose state was what it claimed. */
  static final long TOOK_MILLIS = 10_000;

  /** Of one whose state was not, the first time; then twice as long each time. */
  static final long REST_MILLIS = 60_000;

  /** The longest rest. */
  static final long REST_MILLIS_MAX = 64 * REST_MILLIS;

  private final Map<VerifyKey, Rest> rests = new HashMap<>();

  private record Rest(long endMillis, long nextMillis) {}

  boolean isResting(VerifyKey peer, long nowMillis) {
    Rest rest = rests.get(peer);
    return rest != null && nowMillis < rest.endMillis();
  }

  /** Its state was taken in, and is what it claimed. */
  void took(VerifyKey peer, long nowMillis) {
    rests.put(peer, new Rest(nowMillis + TOOK_MILLIS, REST_MILLIS));
  }

  /** It was asked for its state, and it is not what it claimed. @return how long it rests */
  long disappointed(VerifyKey peer, long nowMillis) {
    Rest before = rests.get(peer);
    long length = before == null ? REST_MILLIS : before.nextMillis();
    rests.put(peer, new Rest(nowMillis + length, Math.min(2 * length, REST_MILLIS_MAX)));
    return length;
  }
}
