package sh.fazt.mesh.store;

import sh.fazt.mesh.clock.Hlc;
import sh.fazt.mesh.schema.Value;

/** Stamps as SQLite integers in the same order: unsigned 64 bits shifted into the signed range. */
final class StoredHlc {
  private StoredHlc() {}

  static Value value(Hlc hlc) {
    return Value.of(hlc.packed() ^ Long.MIN_VALUE);
  }

  static Hlc of(long stored) {
    return new Hlc(stored ^ Long.MIN_VALUE);
  }
}
