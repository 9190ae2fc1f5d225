package sh.fazt.mesh;

import sh.fazt.mesh.clock.Stamp;
import sh.fazt.mesh.store.ConflictTable.Conflict;
import sh.fazt.mesh.store.ConflictTable.Rule;

/** Why a value stands and no other. */
public enum Decision {
  /** Nobody ever wrote the column: it shows its default. */
  DEFAULT_VALUE,
  /** It was written once since the row came to be. */
  ONLY_WRITE,
  /** It was written after what it replaced. */
  LATER_WRITE,
  /** The column merges: what several did to it has come together. */
  MERGED,
  /** Two writes have one time; the site with the higher key stands. */
  SITE_ORDER,
  /** Of rows from before the mesh, that of the senior member stands. */
  SENIOR_ROW,
  DELETE_BEATS_EDIT,
  /**
   * The row was deleted and made anew by somebody who did not know the write to its former life.
   */
  NEW_LIFE,
  /** Of rows that want one unique value, the one that has claimed it for longer shows. */
  OLDER_CLAIM,
  /** The node that wrote it may not write. */
  REFUSED;

  /** What decided a conflict. */
  static Decision of(Conflict conflict) {
    Stamp kept = conflict.kept();
    if (conflict.rule() == Rule.DELETED) {
      return DELETE_BEATS_EDIT;
    } else if (conflict.rule() == Rule.REFUSED) {
      return REFUSED;
    } else if (kept.hlc().isGenesis()) {
      return SENIOR_ROW;
    }
    int order = kept.hlc().compareTo(conflict.lost().hlc());
    return order == 0 ? SITE_ORDER : order > 0 ? LATER_WRITE : NEW_LIFE;
  }
}
