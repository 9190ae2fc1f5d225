package sh.fazt.mesh.apply;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import sh.fazt.mesh.change.Cell;
import sh.fazt.mesh.change.Change;
import sh.fazt.mesh.change.RowKey;
import sh.fazt.mesh.clock.Stamp;
import sh.fazt.mesh.crdt.CellState;
import sh.fazt.mesh.crdt.MergedCell;
import sh.fazt.mesh.crdt.RowState;
import sh.fazt.mesh.delta.SnapshotRecord;
import sh.fazt.mesh.schema.Column;
import sh.fazt.mesh.schema.TrackedTable;
import sh.fazt.mesh.schema.Value;

/**
 * A row of a snapshot as this node's tables understand it.
 *
 * @param key in the form that all its spellings share here
 * @param state its cells by the numbers of their columns here
 * @param values of the columns that the table has
 * @param cells those that operations were made on, by the numbers of their columns here
 */
public record SnapshotRow(
    String table,
    RowKey key,
    RowState state,
    Map<Column, Value> values,
    Map<Integer, MergedCell> cells) {
  public SnapshotRow {
    values = Map.copyOf(values);
    cells = Map.copyOf(cells);
  }

  /**
   * @param of the table as the snapshot has it
   * @return empty if the table lacks a column of the row that the other has, has one that the other
   *     has no more, or could not hold a value of it
   */
  public static Optional<SnapshotRow> of(
      SnapshotRecord.Row row, SnapshotRecord.Table of, TrackedTable table) {
    if (!table.shape().keeps(row.key().values())) {
      return Optional.empty();
    }
    RowKey key = new RowKey(table.shape().folded(row.key().values()));
    Map<Integer, CellState> cells = new TreeMap<>();
    Map<Column, Value> values = new HashMap<>();
    Map<Integer, MergedCell> merging = new HashMap<>();
    for (Map.Entry<Integer, CellState> cell : row.state().cells().entrySet()) {
      String name = of.columns().get(cell.getKey());
      Optional<Column> column = table.column(name);
      Value value = row.values().get(cell.getKey());
      if (column.isPresent()) {
        if (value == null || !table.shape().mayHold(column.get(), value, key.values())) {
          return Optional.empty();
        }
        cells.put(table.columnNumber(column.get()), cell.getValue());
        values.put(column.get(), value);
        Optional.ofNullable(row.cells().get(cell.getKey()))
            .ifPresent(each -> merging.put(table.columnNumber(column.get()), each));
      } else if (value != null) {
        return Optional.empty();
      }
    }
    RowState state = RowState.of(row.state().alive(), row.state().dead(), cells);
    return Optional.of(new SnapshotRow(of.name(), key, state, values, merging));
  }

  /** Which write the cell's winner is: an insert, or an update of such a life. */
  private record Written(Stamp life, Stamp stamp) {}

  /** The writes that the row is made of, as far as they still count, as if each had come alone. */
  List<Incoming> pieces(TrackedTable table) {
    List<Incoming> pieces = new ArrayList<>();
    state.dead().ifPresent(stamp -> pieces.add(deleted(stamp)));
    Map<Written, Map<Column, Value>> written = new LinkedHashMap<>();
    state
        .alive()
        .filter(stamp -> state.isAlive())
        .ifPresent(stamp -> written.put(new Written(stamp, stamp), new HashMap<>()));
    values.forEach(
        (column, value) ->
            state
                .cell(table.columnNumber(column))
                .map(cell -> cell.writes().get(0))
                .ifPresent(
                    write ->
                        written
                            .computeIfAbsent(
                                new Written(write.life(), write.stamp()), any -> new HashMap<>())
                            .put(column, value)));
    written.forEach((write, given) -> pieces.add(piece(table, write, given)));
    return pieces;
  }

  private Incoming deleted(Stamp stamp) {
    Change change = new Change.Delete(table, key, stamp.hlc());
    return new Incoming(change, key, stamp, RowState.deleted(stamp), Map.of(), Map.of(), false);
  }

  private Incoming piece(TrackedTable in, Written write, Map<Column, Value> given) {
    List<Cell> cells =
        given.entrySet().stream()
            .map(each -> Cell.lww(each.getKey().name(), each.getValue()))
            .toList();
    List<Integer> numbers = given.keySet().stream().map(in::columnNumber).toList();
    boolean insert = write.life().equals(write.stamp());
    Change change =
        insert
            ? new Change.Insert(table, key, write.stamp().hlc(), cells)
            : new Change.Update(table, key, write.stamp().hlc(), write.life(), cells);
    RowState alone =
        insert
            ? RowState.inserted(write.stamp(), numbers)
            : RowState.updated(write.stamp(), write.life(), numbers);
    return new Incoming(change, key, write.stamp(), alone, given, Map.of(), false);
  }
}
