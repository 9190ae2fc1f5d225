package sh.fazt.mesh;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicInteger;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.change.RowKey;
import sh.fazt.mesh.schema.Column;
import sh.fazt.mesh.schema.TrackedTable;
import sh.fazt.mesh.schema.Value;
import sh.fazt.mesh.store.ChangeLog;
import sh.fazt.mesh.store.HeldTable;
import sh.fazt.mesh.store.HeldTable.Held;
import sh.fazt.mesh.store.LoggedRows;
import sh.fazt.mesh.store.RestoreFile;
import sh.fazt.mesh.store.TableAccess;

/** Mass deletes that were made here, and of which no other node was told. Confined. */
final class HeldHere implements AutoCloseable {
  private final MassDeletes.Parts parts;
  private final List<TableAccess> tables;
  private final HeldTable held;
  private final LoggedRows logged;
  private final PageSize pageSize;
  private final long untilMillis;
  private final long newest;
  private final Map<Integer, Bytes> reached = new HashMap<>();
  private long unknown;

  HeldHere(MassDeletes.Parts parts, List<TableAccess> tables) {
    this.parts = parts;
    this.tables = List.copyOf(tables);
    this.held = parts.counts().held();
    this.logged = new LoggedRows(parts.log(), parts.digest());
    this.pageSize = new PageSize(parts.ambient().watch(), MassDeletes.PAGE_ROWS_MAX);
    this.untilMillis = parts.ambient().now();
    this.newest = parts.log().newest().map(ChangeLog.Place::number).orElse(0L);
  }

  /** Goes on to put the rows together. @return whether there was something to do */
  boolean look() {
    return !tables.isEmpty()
        && logged.collect(tables, (table, key) -> held.released(table, key).isPresent(), newest);
  }

  /**
   * Has the next looks tell of some of the deletes, once their rows are in the restore file.
   *
   * @return how many; 0 if none is left
   */
  int release(TableAccess access, RestoreFile restore) {
    TrackedTable table = access.table();
    List<Held> page = held.page(table, Bytes.EMPTY, untilMillis, pageSize.rows());
    Map<RowKey, Map<Column, Value>> rows = new LinkedHashMap<>();
    rows(access, page).forEach((key, cells) -> rows.put(key, byColumn(table, cells)));
    restore.keep(access, rows);
    parts
        .writer()
        .accept(
            () -> {
              pageSize.keep(() -> release(access, page));
              parts.counts().gone().forget(table);
            });
    return page.size();
  }

  private int release(TableAccess access, List<Held> page) {
    for (Held each : page) {
      held.release(access.table(), each.key());
      access.touched().add(List.of(each.key()), each.touchedMillis());
    }
    return page.size();
  }

  private Map<RowKey, SortedMap<Integer, Value>> rows(TableAccess access, List<Held> page) {
    Map<RowKey, SortedMap<Integer, Value>> rows = new LinkedHashMap<>();
    for (Held each : page) {
      logged.find(access, each.key()).ifPresent(cells -> rows.put(each.key(), cells));
    }
    return rows;
  }

  private static Map<Column, Value> byColumn(TrackedTable table, SortedMap<Integer, Value> cells) {
    Map<Column, Value> byColumn = new LinkedHashMap<>();
    for (Column column : table.shape().columns()) {
      Optional.ofNullable(cells.get(table.columnNumber(column)))
          .ifPresent(value -> byColumn.put(column, value));
    }
    return byColumn;
  }

  /** Puts some of the rows back. @return how many were looked at; 0 if none is left */
  int bringBack(TableAccess access) {
    AtomicInteger looked = new AtomicInteger();
    parts.write(
        () -> {
          pageSize.keep(() -> looked.addAndGet(bringPageBack(access)));
          parts.counts().gone().forget(access.table());
        });
    return looked.get();
  }

  private int bringPageBack(TableAccess access) {
    int table = access.table().number();
    Bytes after = reached.getOrDefault(table, Bytes.EMPTY);
    List<Held> page = held.page(access.table(), after, untilMillis, pageSize.rows());
    if (page.isEmpty()) {
      return 0;
    }
    Map<RowKey, SortedMap<Integer, Value>> rows = rows(access, page);
    parts.ingestion().bringBack(access, rows, parts.ambient().now());
    for (Held each : page) {
      // What others have deleted meanwhile is not held, it is gone.
      if (rows.containsKey(each.key()) || !access.shadows().find(each.key()).shown().present()) {
        held.remove(access.table(), each.key());
      } else {
        unknown++;
      }
    }
    reached.put(table, page.get(page.size() - 1).key().encoded());
    return page.size();
  }

  /** How many rows could not be put back, since no batch carries them; they go on waiting. */
  long unknown() {
    return unknown;
  }

  @Override
  public void close() {
    logged.close();
  }
}
