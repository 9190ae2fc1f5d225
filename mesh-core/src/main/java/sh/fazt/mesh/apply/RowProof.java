package sh.fazt.mesh.apply;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import sh.fazt.mesh.change.RowKey;
import sh.fazt.mesh.crdt.MergedCell;
import sh.fazt.mesh.crdt.RowState;
import sh.fazt.mesh.schema.Value;
import sh.fazt.mesh.store.ChangeLog;

/**
 * What the signed batches of the change log make of a row that its shadow or its table does not
 * show so.
 *
 * @param merged all changes of the row joined
 * @param values what it should show, by column number, where somebody wrote it
 * @param cells those that operations were made on, by column number
 * @param found what its shadow held instead, or also
 * @param upTo the last batch that was looked at
 */
public record RowProof(
    String table,
    RowKey key,
    RowState merged,
    SortedMap<Integer, Value> values,
    Map<Integer, MergedCell> cells,
    RowState found,
    ChangeLog.Place upTo) {
  public RowProof {
    values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
    cells = Map.copyOf(cells);
  }
}
