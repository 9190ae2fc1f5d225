package sh.fazt.mesh.capture;

import java.util.Map;
import sh.fazt.mesh.change.RowKey;
import sh.fazt.mesh.crdt.MergedCell;
import sh.fazt.mesh.projection.ShadowRow;
import sh.fazt.mesh.store.TableAccess;

/**
 * What becomes of a row's shadow when a draft is kept.
 *
 * @param cells those that operations were made on, by column number
 */
record Written(TableAccess access, RowKey key, ShadowRow shadow, Map<Integer, MergedCell> cells) {
  Written {
    cells = Map.copyOf(cells);
  }

  Written(TableAccess access, RowKey key, ShadowRow shadow) {
    this(access, key, shadow, Map.of());
  }
}
