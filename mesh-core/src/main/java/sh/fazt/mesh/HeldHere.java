package sh.fazt.mesh;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.change.RowKey;
import sh.fazt.mesh.schema.Column;
import sh.fazt.mesh.schema.TrackedTable;
import sh.fazt.mesh.schema.Value;
import sh.fazt.mesh.store.HeldTable;
import sh.fazt.mesh.store.HeldTable.Held;
import sh.fazt.mesh.store.LoggedRows;
import sh.fazt.mesh.store.RestoreFile;
import sh.fazt.mesh.store.TableAccess;

/** Mass deletes that were made here, and of which no other node was told. Confined. */
final class HeldHere implements AutoCloseable {
  private final MassDeletes.Parts parts;
  private final HeldTable held;
  private final LoggedRows logged;

  HeldHere(MassDeletes.Parts parts, List<TableAccess> tables) {
    this.parts = parts;
    this.held = parts.counts().held();
    this.logged = new LoggedRows(parts.log(), parts.digest());
    if (!tables.isEmpty()) {
      logged.collect(tables, (table, key) -> held.released(table, key).isPresent());
    }
  }

  /** Has the next looks tell of the deletes, once their rows are in the restore file. */
  void release(TableAccess access, RestoreFile restore) {
    TrackedTable table = access.table();
    List<Held> page = held.page(table, Bytes.EMPTY, MassDeletes.PAGE_ROWS);
    while (!page.isEmpty()) {
      List<Held> released = page;
      Map<RowKey, Map<Column, Value>> rows = new LinkedHashMap<>();
      rows(access, page).forEach((key, cells) -> rows.put(key, byColumn(table, cells)));
      restore.keep(access, rows);
      parts
          .writer()
          .accept(
              () -> {
                for (Held each : released) {
                  held.release(table, each.key());
                  access.touched().add(List.of(each.key()), each.touchedMillis());
                }
                parts.counts().gone().forget(table);
              });
      page = held.page(table, Bytes.EMPTY, MassDeletes.PAGE_ROWS);
    }
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

  /**
   * Puts the rows back.
   *
   * @return how many cannot be, since no batch carries them; they go on waiting
   */
  long bringBack(TableAccess access) {
    List<Held> unknown = new ArrayList<>();
    List<Held> page = new ArrayList<>();
    do {
      Bytes after = page.isEmpty() ? Bytes.EMPTY : page.get(page.size() - 1).key().encoded();
      page.clear();
      parts.write(
          () -> {
            page.addAll(held.page(access.table(), after, MassDeletes.PAGE_ROWS));
            unknown.addAll(bringBack(access, page));
            parts.counts().gone().forget(access.table());
          });
    } while (!page.isEmpty());
    return unknown.size();
  }

  private List<Held> bringBack(TableAccess access, List<Held> page) {
    Map<RowKey, SortedMap<Integer, Value>> rows = rows(access, page);
    parts.ingestion().bringBack(access, rows, parts.ambient().now());
    List<Held> unknown = new ArrayList<>();
    for (Held each : page) {
      // What others have deleted meanwhile is not held, it is gone.
      if (rows.containsKey(each.key()) || !access.shadows().find(each.key()).shown().present()) {
        held.remove(access.table(), each.key());
      } else {
        unknown.add(each);
      }
    }
    return unknown;
  }

  @Override
  public void close() {
    logged.close();
  }
}
