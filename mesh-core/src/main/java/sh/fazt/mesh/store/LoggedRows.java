package sh.fazt.mesh.store;

import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.Bytes;
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
 * their stamps alone otherwise. They are kept on disk meanwhile. The walk may be interrupted, and
 * rows may change before they are asked for: such rows are looked up one by one. Confined.
 */
public final class LoggedRows implements AutoCloseable {
  private final ChangeLog log;
  private final ValueDigest digest;
  private final Database workspace;
  private long walked;

  public LoggedRows(ChangeLog log, ValueDigest digest) {
    this.log = log;
    this.digest = digest;
    // Without a name it is this connection's alone, and gone when that is closed.
    this.workspace = Database.create(Path.of(""));
    workspace.run(
        """
        CREATE TABLE logged (tbl INTEGER, key BLOB, cells BLOB, winners BLOB, moved INTEGER,
          PRIMARY KEY (tbl, key))""");
  }

  /**
   * A row as it was put together.
   *
   * @param winners the stamps that counted then
   * @param moved whether others had come to count before the walk was at its end
   */
  private record Row(SortedMap<Integer, Value> cells, Bytes winners, boolean moved) {}

  /**
   * Goes on through the log by one batch, and puts together the wanted rows of these tables, which
   * are the same each time.
   *
   * @param newest the number of the last batch to look at: in a busy mesh there is always one more
   * @return whether there was one
   */
  public boolean collect(
      Collection<TableAccess> tables, BiPredicate<TrackedTable, RowKey> wanted, long newest) {
    Optional<ChangeLog.Logged> logged = log.next(walked).filter(next -> next.number() <= newest);
    if (logged.isEmpty()) {
      return false;
    }
    walked = logged.get().number();
    Batch batch = logged.get().content();
    workspace.write(
        () -> {
          batch.changes().forEach(change -> take(tables, wanted, change, batch.stampOf(change)));
          return true;
        });
    return true;
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
    Bytes winners = winners(shadow.merged());
    Optional<Row> before = row(access.table(), key);
    SortedMap<Integer, Value> cells = before.map(Row::cells).orElseGet(TreeMap::new);
    boolean moved = before.filter(row -> row.moved() || !row.winners().equals(winners)).isPresent();
    for (Cell cell : change.cells()) {
      Optional<Integer> column =
          access.table().column(cell.column()).map(access.table()::columnNumber);
      boolean stands =
          column.flatMap(shadow.merged()::cell).map(CellState::winner).equals(Optional.of(stamp));
      if (stands && cell.type() != Cell.LWW) {
        log.values()
            .at(stamp, access.table(), key, cell.column())
            .ifPresent(value -> cells.put(column.get(), value));
      } else if (stands
          // Where one stamp gave two values, the one that was shown is known by its digest.
          && (!cells.containsKey(column.get()) || isShown(shadow, column.get(), cell))) {
        cells.put(column.get(), cell.value());
      }
    }
    workspace.execute(
        """
        INSERT INTO logged (tbl, key, cells, winners, moved) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (tbl, key) DO UPDATE
        SET cells = excluded.cells, winners = excluded.winners, moved = excluded.moved""",
        Value.of(access.table().number()),
        Value.of(key.encoded()),
        Value.of(AsideTable.encoded(cells)),
        Value.of(winners),
        Value.of(moved ? 1 : 0));
  }

  private static Bytes winners(RowState merged) {
    ByteWriter out = new ByteWriter();
    new TreeMap<>(merged.cells())
        .forEach(
            (column, cell) -> {
              out.varint(column).u64(cell.winner().hlc().packed());
              cell.winner().site().writeTo(out);
            });
    return out.toBytes();
  }

  private boolean isShown(ShadowRow shadow, int column, Cell cell) {
    return Optional.ofNullable(shadow.shown().digests().get(column))
        .equals(Optional.of(digest.of(cell.value())));
  }

  private Optional<Row> row(TrackedTable table, RowKey key) {
    String sql = "SELECT cells, winners, moved FROM logged WHERE tbl = ? AND key = ?";
    try (Rows rows = workspace.query(sql, Value.of(table.number()), Value.of(key.encoded()))) {
      return rows.next()
          ? Optional.of(
              new Row(AsideTable.decodedCells(rows.blob(0)), rows.blob(1), rows.integer(2) != 0))
          : Optional.empty();
    }
  }

  /** The values that count now, each looked up by its stamp. */
  private SortedMap<Integer, Value> lookedUp(TrackedTable table, RowKey key, RowState merged) {
    SortedMap<Integer, Value> cells = new TreeMap<>();
    for (Column column : table.shape().columns()) {
      int number = table.columnNumber(column);
      merged
          .cell(number)
          .flatMap(cell -> log.values().at(cell.winner(), table, key, column))
          .ifPresent(value -> cells.put(number, value));
    }
    return cells;
  }

  /** A row's values by column number; empty if it is dead, or the log lacks some. */
  public Optional<SortedMap<Integer, Value>> find(TableAccess access, RowKey key) {
    TrackedTable table = access.table();
    RowState merged = access.shadows().find(key).merged();
    Map<Integer, CellState> written = merged.cells();
    if (!merged.isAlive()) {
      return Optional.empty();
    }
    Optional<Row> row = row(table, key);
    boolean moved =
        row.filter(found -> found.moved() || !found.winners().equals(winners(merged))).isPresent();
    SortedMap<Integer, Value> cells =
        moved ? lookedUp(table, key, merged) : row.map(Row::cells).orElseGet(TreeMap::new);
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
