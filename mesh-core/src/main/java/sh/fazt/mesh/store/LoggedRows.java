package sh.fazt.mesh.store;

import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import sh.fazt.mesh.change.Batch;
import sh.fazt.mesh.change.Cell;
import sh.fazt.mesh.change.Change;
import sh.fazt.mesh.change.RowKey;
import sh.fazt.mesh.clock.Stamp;
import sh.fazt.mesh.crdt.CellState;
import sh.fazt.mesh.crdt.RowState;
import sh.fazt.mesh.projection.ShadowRow;
import sh.fazt.mesh.projection.ValueDigest;
import sh.fazt.mesh.schema.Column;
import sh.fazt.mesh.schema.Identifier;
import sh.fazt.mesh.schema.TrackedTable;
import sh.fazt.mesh.schema.Value;

/**
 * Rows as they were last shown, put together from the change log in one walk: values are known by
 * their stamps alone otherwise. They are kept on disk meanwhile. Confined.
 */
public final class LoggedRows implements AutoCloseable {
  private final ChangeLog log;
  private final ValueDigest digest;
  private final Database workspace;

  public LoggedRows(ChangeLog log, ValueDigest digest) {
    this.log = log;
    this.digest = digest;
    // Without a name it is this connection's alone, and gone when that is closed.
    this.workspace = Database.create(Path.of(""));
    workspace.run(
        "CREATE TABLE logged (tbl INTEGER, key BLOB, cells BLOB, PRIMARY KEY (tbl, key))");
  }

  /** Walks through the log and puts together the wanted rows of these tables. */
  public void collect(Collection<TableAccess> tables, BiPredicate<TrackedTable, RowKey> wanted) {
    workspace.write(
        () -> {
          Optional<ChangeLog.Logged> logged = log.next(0);
          while (logged.isPresent()) {
            Batch batch = logged.get().content();
            batch.changes().forEach(change -> take(tables, wanted, change, batch.stampOf(change)));
            logged = log.next(logged.get().number());
          }
          return true;
        });
  }

  private void take(
      Collection<TableAccess> tables,
      BiPredicate<TrackedTable, RowKey> wanted,
      Change change,
      Stamp stamp) {
    for (TableAccess access : tables) {
      TrackedTable table = access.table();
      boolean fits =
          Identifier.same(table.name(), change.table())
              && !change.cells().isEmpty()
              && table.shape().key().size() == change.key().values().size();
      if (fits) {
        RowKey key = new RowKey(table.shape().folded(change.key().values()));
        if (wanted.test(table, key)) {
          take(access, key, change, stamp);
        }
      }
    }
  }

  private void take(TableAccess access, RowKey key, Change change, Stamp stamp) {
    ShadowRow shadow = access.shadows().find(key);
    SortedMap<Integer, Value> cells = cells(access.table(), key);
    for (Cell cell : change.cells()) {
      Optional<Integer> column =
          access.table().column(cell.column()).map(access.table()::columnNumber);
      boolean stands =
          column.flatMap(shadow.merged()::cell).map(CellState::winner).equals(Optional.of(stamp));
      // Where one stamp gave two values, the one that was shown is known by its digest.
      if (stands && (!cells.containsKey(column.get()) || isShown(shadow, column.get(), cell))) {
        cells.put(column.get(), cell.value());
      }
    }
    workspace.execute(
        """
        INSERT INTO logged (tbl, key, cells) VALUES (?, ?, ?)
        ON CONFLICT (tbl, key) DO UPDATE SET cells = excluded.cells""",
        Value.of(access.table().number()),
        Value.of(key.encoded()),
        Value.of(AsideTable.encoded(cells)));
  }

  private boolean isShown(ShadowRow shadow, int column, Cell cell) {
    return Optional.ofNullable(shadow.shown().digests().get(column))
        .equals(Optional.of(digest.of(cell.value())));
  }

  private SortedMap<Integer, Value> cells(TrackedTable table, RowKey key) {
    return workspace
        .first(
            "SELECT cells FROM logged WHERE tbl = ? AND key = ?",
            Value.of(table.number()),
            Value.of(key.encoded()))
        .map(cells -> AsideTable.decodedCells(((Value.Blob) cells).value()))
        .orElseGet(TreeMap::new);
  }

  /** A row's values by column number; empty if it is dead, or the log lacks some. */
  public Optional<SortedMap<Integer, Value>> find(TableAccess access, RowKey key) {
    TrackedTable table = access.table();
    SortedMap<Integer, Value> cells = cells(table, key);
    RowState merged = access.shadows().find(key).merged();
    Map<Integer, CellState> written = merged.cells();
    if (!merged.isAlive()) {
      return Optional.empty();
    }
    for (Column column : table.shape().columns()) {
      int number = table.columnNumber(column);
      if (written.containsKey(number) && !cells.containsKey(number)) {
        return Optional.empty();
      }
      table
          .shape()
          .unwritten(column, key.values())
          .ifPresent(value -> cells.putIfAbsent(number, value));
    }
    return Optional.of(cells);
  }

  @Override
  public void close() {
    workspace.close();
  }
}
