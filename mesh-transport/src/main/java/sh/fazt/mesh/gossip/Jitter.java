package sh.fazt.mesh.gossip;

import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.identity.Chance;

/** Spreads what would otherwise happen on all nodes at once. */
final class Jitter {
  private Jitter() {}

  /** {@code millis} ± a quarter. */
  static long around(long millis, Chance chance) {
    return millis - millis / 4 + below(millis / 2 + 1, chance);
  }

  /** 0 to {@code bound} − 1. */
  static long below(long bound, Chance chance) {
    return Math.floorMod(word(chance), bound);
  }

  /** Any 64 bits. */
  static long word(Chance chance) {
    Bytes drawn = chance.bytes(Long.BYTES);
    return drawn.asBuffer().getLong();
  }
}
