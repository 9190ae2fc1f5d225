package sh.fazt.mesh.apply;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import sh.fazt.mesh.change.RowKey;
import sh.fazt.mesh.clock.Stamp;
import sh.fazt.mesh.crdt.CellState;
import sh.fazt.mesh.crdt.RowState;
import sh.fazt.mesh.projection.ShadowRow;
import sh.fazt.mesh.projection.ValueDigest;
import sh.fazt.mesh.schema.Column;
import sh.fazt.mesh.schema.TrackedTable;
import sh.fazt.mesh.schema.Value;
import sh.fazt.mesh.store.ChangeLog;

/**
 * What the columns of a merged row hold: what has just come, what the table or the row set aside
 * holds already, and for the rest the change log. Confined.
 */
final class MergedValues {
  private final TrackedTable table;
  private final ChangeLog log;
  private final ValueDigest digest;

  MergedValues(TrackedTable table, ChangeLog log, ValueDigest digest) {
    this.table = table;
    this.log = log;
    this.digest = digest;
  }

  /** The columns whose winning write is another than before; empty is what SQLite computes. */
  Map<Column, Optional<Value>> changed(ShadowRow before, RowState merged, Incoming incoming) {
    RowKey key = incoming.key();
    Map<Column, Optional<Value>> changed = new LinkedHashMap<>();
    for (Column column : table.shape().columns()) {
      int number = table.columnNumber(column);
      Optional<Stamp> winner = merged.cell(number).map(CellState::winner);
      Optional<Value> brought = Optional.ofNullable(incoming.values().get(column));
      if (brought.isPresent() && winner.equals(Optional.of(incoming.stamp()))) {
        changed.put(
            column,
            isTie(before, number, incoming, brought.get()) ? merged(key, column, merged) : brought);
      } else if (!winner.equals(before.merged().cell(number).map(CellState::winner))) {
        changed.put(column, merged(key, column, merged));
      }
    }
    return changed;
  }

  /**
   * The columns whose winning write is another than before a whole state was merged.
   *
   * @param values of the cells whose winner is the state's
   */
  Map<Column, Optional<Value>> taken(
      ShadowRow before, RowKey key, RowState state, Map<Column, Value> values) {
    RowState merged = before.merged().join(state);
    Map<Column, Optional<Value>> changed = new LinkedHashMap<>();
    for (Column column : table.shape().columns()) {
      int number = table.columnNumber(column);
      Optional<Stamp> winner = merged.cell(number).map(CellState::winner);
      boolean brought = winner.equals(state.cell(number).map(CellState::winner));
      if (!winner.equals(before.merged().cell(number).map(CellState::winner))) {
        Optional<Value> value = Optional.ofNullable(values.get(column));
        changed.put(column, brought && value.isPresent() ? value : merged(key, column, merged));
      }
    }
    return changed;
  }

  /**
   * All columns of a row that is to be put into the table.
   *
   * @param changed as {@link #changed} has them; of the others what was kept counts
   * @param held what the row held when it was set aside, by column number
   */
  Map<Column, Value> whole(
      RowKey key,
      RowState merged,
      Map<Column, Optional<Value>> changed,
      Optional<SortedMap<Integer, Value>> held) {
    Map<Column, Value> whole = new LinkedHashMap<>();
    for (Column column : table.shape().columns()) {
      Optional<Value> kept = held.map(cells -> cells.get(table.columnNumber(column)));
      Optional<Value> value = changed.get(column);
      if (value == null) {
        value = kept.isPresent() ? kept : merged(key, column, merged);
      }
      value.ifPresent(v -> whole.put(column, v));
    }
    return whole;
  }

  /** Whether another value was written with the very stamp; then the change log decides. */
  private boolean isTie(ShadowRow before, int column, Incoming incoming, Value brought) {
    Long shows = before.shown().digests().get(column);
    return shows != null
        && shows != digest.of(brought)
        && before
            .merged()
            .cell(column)
            .map(CellState::winner)
            .equals(Optional.of(incoming.stamp()));
  }

  /** A column's merged value, from the change log if it was ever written. */
  private Optional<Value> merged(RowKey key, Column column, RowState merged) {
    return merged
        .cell(table.columnNumber(column))
        .map(cell -> log.values().at(cell.winner(), table, key, column))
        .orElseGet(() -> table.shape().unwritten(column, key.values()));
  }
}
