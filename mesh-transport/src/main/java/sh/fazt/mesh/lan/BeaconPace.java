package sh.fazt.mesh.lan;

import java.util.Optional;
import sh.fazt.mesh.identity.Chance;

/**
 * When this node speaks: at the start, every 30 seconds, soon after a question, and when it has one
 * itself. Pure; confined.
 */
final class BeaconPace {
  private final Chance chance;
  private long announceMillis;
  private long askMillis = Long.MAX_VALUE;
  private long lastMillis;
  private int repeats;

  /** Asks at once: a node that starts wants to know who is there, and tells that it is. */
  BeaconPace(Chance chance, long nowMillis) {
    this.chance = chance;
    this.announceMillis = nowMillis + BeaconLimits.ANNOUNCE_MILLIS;
    this.lastMillis = nowMillis - BeaconLimits.GAP_MILLIS;
    ask(nowMillis);
  }

  /** Has a question asked, twice, since a packet may be lost. */
  void ask(long nowMillis) {
    repeats = 1;
    askMillis = Math.min(askMillis, Math.max(nowMillis, lastMillis + BeaconLimits.GAP_MILLIS));
  }

  /** A member has asked, or what we say of ourselves has changed. */
  void speakSoon(long nowMillis) {
    long soon = nowMillis + drawn(BeaconLimits.ANSWER_MILLIS);
    announceMillis = Math.min(announceMillis, Math.max(soon, lastMillis + BeaconLimits.GAP_MILLIS));
  }

  /** What is to be said now, if anything; whoever is told says it. */
  Optional<Beacon.Kind> due(long nowMillis) {
    boolean asks = nowMillis >= askMillis;
    if (!asks && nowMillis < announceMillis) {
      return Optional.empty();
    }
    lastMillis = nowMillis;
    announceMillis =
        nowMillis + BeaconLimits.ANNOUNCE_MILLIS - drawn(BeaconLimits.ANNOUNCE_MILLIS / 10);
    if (!asks) {
      return Optional.of(Beacon.Kind.ANNOUNCEMENT);
    }
    askMillis = repeats > 0 ? nowMillis + BeaconLimits.GAP_MILLIS : Long.MAX_VALUE;
    repeats = Math.max(0, repeats - 1);
    return Optional.of(Beacon.Kind.QUESTION);
  }

  /** When {@link #due} is worth asking next. */
  long nextDueMillis() {
    return Math.min(announceMillis, askMillis);
  }

  /** 0 to {@code max}. */
  private long drawn(long max) {
    long drawn = chance.bytes(Long.BYTES).asBuffer().getLong();
    return Math.floorMod(drawn, max + 1);
  }
}
