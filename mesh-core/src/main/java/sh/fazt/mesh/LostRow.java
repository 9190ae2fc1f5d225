package sh.fazt.mesh;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import sh.fazt.mesh.change.Batch;
import sh.fazt.mesh.change.Cell;
import sh.fazt.mesh.change.Change;
import sh.fazt.mesh.change.RowKey;
import sh.fazt.mesh.clock.Stamp;
import sh.fazt.mesh.schema.Column;
import sh.fazt.mesh.schema.Identifier;
import sh.fazt.mesh.schema.TrackedTable;
import sh.fazt.mesh.schema.Value;
import sh.fazt.mesh.store.ChangeLog;
import sh.fazt.mesh.store.ConflictTable.Conflict;

/** What the change log still knows of a row that is gone: the last values of the life it lost. */
final class LostRow {
  private final TrackedTable table;
  private final RowKey key;
  private final Map<Stamp, Map<Column, Written>> lives = new HashMap<>();
  private Optional<Stamp> life = Optional.empty();

  private record Written(Stamp stamp, Value value) {}

  private LostRow(TrackedTable table, RowKey key) {
    this.table = table;
    this.key = key;
  }

  /** Reads the change log from its end to its beginning. */
  static LostRow of(ChangeLog log, TrackedTable table, Conflict conflict) {
    LostRow row = new LostRow(table, conflict.key());
    log.backwards(
        logged -> {
          row.read(logged.content(), conflict.lost());
          return true;
        });
    return row;
  }

  private void read(Batch batch, Stamp lost) {
    for (Change change : batch.changes()) {
      if (!(change instanceof Change.Delete)
          && Identifier.same(change.table(), table.name())
          && table.shape().folded(change.key().values()).equals(key.values())) {
        Stamp stamp = batch.stampOf(change);
        Stamp began = change instanceof Change.Update update ? update.life() : stamp;
        if (stamp.equals(lost)) {
          life = Optional.of(began);
        }
        change.cells().forEach(cell -> keep(began, stamp, cell));
      }
    }
  }

  private void keep(Stamp began, Stamp stamp, Cell cell) {
    Map<Column, Written> values = lives.computeIfAbsent(began, any -> new LinkedHashMap<>());
    table
        .column(cell.column())
        .filter(column -> cell.type() == Cell.LWW)
        .filter(column -> table.shape().mayHold(column, cell.value(), key.values()))
        .ifPresent(
            column ->
                values.merge(
                    column,
                    new Written(stamp, cell.value()),
                    (a, b) -> a.stamp().compareTo(b.stamp()) >= 0 ? a : b));
  }

  /** The values by column; columns that nobody wrote are left out. */
  Map<Column, Value> cells() {
    Map<Column, Value> cells = new LinkedHashMap<>();
    life.map(lives::get)
        .ifPresent(values -> values.forEach((column, last) -> cells.put(column, last.value())));
    return cells;
  }
}
