package sh.fazt.mesh.apply;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import sh.fazt.mesh.change.RowKey;
import sh.fazt.mesh.clock.Stamp;
import sh.fazt.mesh.crdt.CellState;
import sh.fazt.mesh.crdt.MergedCell;
import sh.fazt.mesh.crdt.Operations;
import sh.fazt.mesh.crdt.RowState;
import sh.fazt.mesh.projection.ShadowRow;
import sh.fazt.mesh.schema.Column;
import sh.fazt.mesh.schema.TrackedTable;
import sh.fazt.mesh.schema.Value;
import sh.fazt.mesh.store.CellTable;
import sh.fazt.mesh.store.ChangeLog;
import sh.fazt.mesh.store.TableAccess;

/** The cells of one table that operations were made on, brought forward with its rows. Confined. */
final class MergingCells {
  private final TableAccess access;
  private final TrackedTable table;
  private final CellTable cells;
  private final ChangeLog log;

  MergingCells(TableAccess access, CellTable cells, ChangeLog log) {
    this.access = access;
    this.table = access.table();
    this.cells = cells;
    this.log = log;
  }

  /**
   * Takes a change in.
   *
   * @param before the row without it
   * @param merged the row with it
   * @return what the columns show that it moved, and that others may have operated on
   */
  Map<Column, Value> merge(ShadowRow before, Incoming incoming, RowState merged) {
    RowKey key = incoming.key();
    Map<Integer, MergedCell> kept = cells.ofRow(table, key);
    Set<Integer> moved = new TreeSet<>(incoming.operations().keySet());
    if (!(merged.dead().isEmpty() || kept.isEmpty())) {
      moved.addAll(kept.keySet());
    }
    incoming.values().keySet().stream()
        .map(table::columnNumber)
        .filter(kept::containsKey)
        .forEach(moved::add);
    for (int column : moved) {
      MergedCell cell = kept.computeIfAbsent(column, number -> begun(before, key, number));
      merge(cell, column, incoming);
      merged.dead().ifPresent(cell::after);
      cells.put(table, key, column, cell);
    }
    kept.keySet().retainAll(moved);
    return shown(kept);
  }

  private void merge(MergedCell cell, int column, Incoming incoming) {
    Operations operations = incoming.operations().get(column);
    if (operations != null) {
      cell.merge(incoming.life(), operations);
    }
    incoming
        .values()
        .forEach(
            (written, value) -> {
              if (table.columnNumber(written) == column) {
                // Where one stamp gave two values, the change log decides.
                Optional<Value> logged =
                    log.values().at(incoming.stamp(), table, incoming.key(), written);
                cell.write(incoming.life(), incoming.stamp(), logged.orElse(value));
              }
            });
  }

  /**
   * Takes in the cells of a snapshot's row.
   *
   * @return what the columns show that they moved
   */
  Map<Column, Value> join(ShadowRow before, SnapshotRow row, RowState merged) {
    Map<Integer, MergedCell> kept = cells.ofRow(table, row.key());
    Set<Integer> moved = new TreeSet<>(kept.keySet());
    moved.addAll(row.cells().keySet());
    for (int column : moved) {
      MergedCell cell = kept.computeIfAbsent(column, number -> begun(before, row.key(), number));
      MergedCell theirs = row.cells().get(column);
      if (theirs == null) {
        plain(row, column, cell);
      } else {
        cell.join(theirs);
      }
      merged.dead().ifPresent(cell::after);
      cells.put(table, row.key(), column, cell);
    }
    return shown(kept);
  }

  /** What a snapshot's row says of a column that was operated on here alone. */
  private void plain(SnapshotRow row, int column, MergedCell cell) {
    row.values()
        .forEach(
            (written, value) -> {
              if (table.columnNumber(written) == column) {
                row.state()
                    .cell(column)
                    .map(state -> state.writes().get(0))
                    .ifPresent(write -> cell.write(write.life(), write.stamp(), value));
              }
            });
  }

  /** Keeps these cells of a row and no others. */
  void replace(RowKey key, Map<Integer, MergedCell> wanted) {
    cells.ofRow(table, key).keySet().stream()
        .filter(column -> !wanted.containsKey(column))
        .forEach(column -> cells.put(table, key, column, new MergedCell()));
    wanted.forEach((column, cell) -> cells.put(table, key, column, cell));
  }

  private Map<Column, Value> shown(Map<Integer, MergedCell> moved) {
    Map<Column, Value> shown = new LinkedHashMap<>();
    for (Column column : table.shape().columns()) {
      Optional.ofNullable(moved.get(table.columnNumber(column)))
          .flatMap(MergedCell::shown)
          .ifPresent(value -> shown.put(column, value));
    }
    return shown;
  }

  /** A cell before anything was done to it: what was written to it, as far as that counts. */
  private MergedCell begun(ShadowRow before, RowKey key, int column) {
    MergedCell cell = new MergedCell();
    Optional<CellState> state = before.merged().cell(column);
    for (CellState.Write write : state.map(CellState::writes).orElse(List.of())) {
      value(before, key, column, write.stamp())
          .ifPresent(value -> cell.write(write.life(), write.stamp(), value));
    }
    return cell;
  }

  private Optional<Value> value(ShadowRow before, RowKey key, int column, Stamp stamp) {
    Optional<Value> logged = name(column).flatMap(name -> log.values().at(stamp, table, key, name));
    boolean shows =
        before.shown().present()
            && before.merged().cell(column).map(CellState::winner).equals(Optional.of(stamp));
    return logged.isPresent() || !shows ? logged : inTable(key, column);
  }

  private Optional<String> name(int column) {
    return table.columnNumbers().entrySet().stream()
        .filter(each -> each.getValue() == column)
        .map(Map.Entry::getKey)
        .findFirst();
  }

  private Optional<Value> inTable(RowKey key, int column) {
    int place = table.numbers().indexOf(column);
    return place < 0 ? Optional.empty() : access.rows().find(key).map(row -> row.get(place));
  }
}
