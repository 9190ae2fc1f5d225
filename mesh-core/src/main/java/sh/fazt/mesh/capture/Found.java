package sh.fazt.mesh.capture;

import sh.fazt.mesh.store.RowPair;
import sh.fazt.mesh.store.TableAccess;

/** A touched row, and what the application did to it. */
record Found(TableAccess access, RowPair pair, RowDifference difference) {
  boolean is(RowDifference.Kind kind) {
    return difference.kind() == kind;
  }
}
