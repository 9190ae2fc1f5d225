package sh.fazt.mesh;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import sh.fazt.mesh.change.RowKey;
import sh.fazt.mesh.clock.Stamp;
import sh.fazt.mesh.crdt.CellState;
import sh.fazt.mesh.crdt.MergedCell;
import sh.fazt.mesh.projection.ShadowRow;
import sh.fazt.mesh.projection.ValueDigest;
import sh.fazt.mesh.schema.Column;
import sh.fazt.mesh.schema.Identifier;
import sh.fazt.mesh.schema.TrackedTable;
import sh.fazt.mesh.schema.Value;
import sh.fazt.mesh.store.AsideTable;
import sh.fazt.mesh.store.CellTable;
import sh.fazt.mesh.store.TableAccess;

/**
 * One row of a table that replicates, as the table has it and as the mesh knows it.
 *
 * @param key in the form that all its spellings share
 * @param row the values of the table's columns; empty if there is no such row
 * @param held the row where it is set aside
 * @param cells those that operations were made on, by column number
 */
record RowNow(
    TrackedTable table,
    RowKey key,
    Optional<List<Value>> row,
    ShadowRow shadow,
    Optional<AsideTable.Held> held,
    Map<Integer, MergedCell> cells) {

  static RowNow of(TableAccess access, AsideTable aside, CellTable cells, RowKey key) {
    return new RowNow(
        access.table(),
        key,
        access.rows().find(key),
        access.shadows().find(key),
        aside.held(access.table(), key),
        cells.ofRow(access.table(), key));
  }

  /** What the table shows in the column, or what a row set aside would show. */
  Optional<Value> value(Column column) {
    return row.isPresent()
        ? row.map(values -> values.get(table.shape().columns().indexOf(column)))
        : held.flatMap(aside -> number(column).map(number -> aside.cells().get(number)));
  }

  /** The write that the column shows; empty if nobody ever wrote it. */
  Optional<Stamp> winner(Column column) {
    return number(column).flatMap(shadow.merged()::cell).map(CellState::winner);
  }

  /** Whether operations on the column have come together in what it shows. */
  boolean isMerged(Column column) {
    return number(column).map(cells::get).filter(MergedCell::isMerging).isPresent();
  }

  /** A column that was added since the last look has no number yet. */
  private Optional<Integer> number(Column column) {
    return Optional.ofNullable(table.columnNumbers().get(Identifier.folded(column.name())));
  }

  /** Whether the application has written the column, and no look has taken that in yet. */
  boolean isAhead(Column column, ValueDigest digest) {
    if (row.isEmpty()) {
      return false;
    }
    Value now = value(column).orElse(Value.NULL);
    Optional<Long> shown = number(column).map(each -> shadow.shown().digests().get(each));
    if (shown.isPresent()) {
      return shown.get() != digest.of(now);
    }
    return !shadow.shown().present()
        || !table.shape().unwritten(column, key.values()).equals(Optional.of(now));
  }
}
