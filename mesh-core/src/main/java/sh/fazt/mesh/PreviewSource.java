package sh.fazt.mesh;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.capture.Catalog;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.roster.PreviewMessage;
import sh.fazt.mesh.roster.RosterLimits;
import sh.fazt.mesh.schema.TrackedTable;
import sh.fazt.mesh.store.Database;
import sh.fazt.mesh.store.TableAccess;
import sh.fazt.mesh.store.TableScan;

/**
 * What a server shows of its tables to someone with an invitation: how each is made and a digest of
 * every row, never a value. Confined to the mesh thread.
 */
public final class PreviewSource {
  private final Database database;
  private final Catalog catalog;
  private final Deque<TrackedTable> waiting = new ArrayDeque<>();
  private final Deque<PreviewMessage> ready = new ArrayDeque<>();
  private @Nullable TableScan scan;
  private boolean ended;

  PreviewSource(Database database, Catalog catalog) {
    this.database = database;
    this.catalog = catalog;
    catalog.tables().stream().map(TableAccess::table).forEach(waiting::add);
  }

  /**
   * Checks that a joiner can be told how every table is made.
   *
   * @throws MeshException TABLE_UNSUPPORTED for the first one that has too much text
   */
  PreviewSource requireTellable() {
    for (TrackedTable table : waiting) {
      excess(table)
          .ifPresent(
              why -> {
                throw new MeshException(
                    ErrorCode.TABLE_UNSUPPORTED,
                    "no joiner can be told how table " + table.name() + " is made: " + why,
                    "fazt mesh untrack " + table.name());
              });
    }
    return this;
  }

  private Optional<String> excess(TrackedTable table) {
    List<String> statements = catalog.schema().statementsOf(table.name());
    long longest =
        statements.stream().skip(1).mapToInt(sql -> Bytes.utf8(sql).size()).max().orElse(0);
    if (statements.size() - 1 > RosterLimits.INDEXES_MAX) {
      int indexes = statements.size() - 1;
      return Optional.of(
          "it has " + indexes + " indexes, and " + RosterLimits.INDEXES_MAX + " is the most");
    } else if (longest > RosterLimits.INDEX_SQL_BYTES_MAX) {
      return tooLong("a CREATE INDEX of it", longest, RosterLimits.INDEX_SQL_BYTES_MAX);
    }
    long bytes = Bytes.utf8(statements.get(0)).size();
    return bytes > RosterLimits.TABLE_SQL_BYTES_MAX
        ? tooLong("its CREATE TABLE", bytes, RosterLimits.TABLE_SQL_BYTES_MAX)
        : Optional.empty();
  }

  private static Optional<String> tooLong(String what, long bytes, int bytesMax) {
    return Optional.of(what + " takes " + bytes + " bytes, and " + bytesMax + " is the most");
  }

  /** The next message, empty after the last. */
  public Optional<PreviewMessage> next() {
    while (ready.isEmpty() && !ended) {
      fill();
    }
    return Optional.ofNullable(ready.poll());
  }

  private void fill() {
    if (scan != null) {
      List<TableScan.RowDigest> rows = scan.next(PreviewMessage.PreviewRows.ROWS_MAX);
      if (rows.isEmpty()) {
        scan = null;
      } else {
        ByteWriter out = new ByteWriter(rows.size() * 32);
        rows.forEach(row -> out.raw(row.key()).raw(row.digest()));
        ready.add(new PreviewMessage.PreviewRows(out.toBytes()));
      }
    } else if (waiting.isEmpty()) {
      ready.add(new PreviewMessage.PreviewEnd());
      ended = true;
    } else {
      begin(waiting.remove());
    }
  }

  private void begin(TrackedTable table) {
    List<String> statements = catalog.schema().statementsOf(table.name());
    List<String> indexes = statements.subList(1, statements.size());
    ready.add(
        new PreviewMessage.TableText(table.name(), statements.get(0), indexes, former(table)));
    TableScan next = new TableScan(database, table.shape());
    ready.add(new PreviewMessage.PreviewTable(table.name(), next.count()));
    scan = next;
  }

  private List<String> former(TrackedTable table) {
    return catalog.book().former(table).stream()
        .filter(name -> Bytes.utf8(name).size() <= RosterLimits.COLUMN_NAME_BYTES_MAX)
        .limit(RosterLimits.FORMER_COLUMNS_MAX)
        .toList();
  }
}
