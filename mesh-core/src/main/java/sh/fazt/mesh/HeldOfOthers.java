package sh.fazt.mesh;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import sh.fazt.mesh.change.RowKey;
import sh.fazt.mesh.schema.Column;
import sh.fazt.mesh.schema.TrackedTable;
import sh.fazt.mesh.schema.Value;
import sh.fazt.mesh.store.ChangeLog;
import sh.fazt.mesh.store.ParkedTable;
import sh.fazt.mesh.store.ParkedTable.Parked;
import sh.fazt.mesh.store.RestoreFile;
import sh.fazt.mesh.store.TableAccess;

/** Mass deletes that came from other nodes, and whose rows stand here still. Confined. */
final class HeldOfOthers {
  private final MassDeletes.Parts parts;
  private final ParkedTable parked;
  private final PageSize pageSize;
  private final long newest;

  HeldOfOthers(MassDeletes.Parts parts) {
    this.parts = parts;
    this.parked = new ParkedTable(parts.database());
    this.pageSize = new PageSize(parts.ambient().watch(), MassDeletes.PAGE_ROWS_MAX);
    this.newest = parts.log().newest().map(ChangeLog.Place::number).orElse(0L);
  }

  /**
   * Applies some of the deletes, once their rows are in the restore file.
   *
   * @return how many; 0 if none is left
   */
  int apply(String table, RestoreFile restore) {
    return page(
        table,
        page -> {
          parts.catalog().find(table).ifPresent(access -> keep(access, page, restore));
          parts.ingestion().allow(page, parts.ambient().now());
        });
  }

  /** Has the next looks tell of some of the rows anew. @return how many; 0 if none is left */
  int refuse(String table) {
    return page(table, page -> parts.ingestion().refuse(page, parts.ambient().now()));
  }

  private int page(String table, Consumer<List<Parked>> work) {
    AtomicInteger done = new AtomicInteger();
    parts.write(
        () ->
            pageSize.keep(
                () -> {
                  List<Parked> page = parked.held(table, newest, pageSize.rows());
                  if (!page.isEmpty()) {
                    work.accept(page);
                    parts
                        .catalog()
                        .find(table)
                        .ifPresent(access -> parts.counts().gone().forget(access.table()));
                  }
                  return done.addAndGet(page.size());
                }));
    return done.get();
  }

  private void keep(TableAccess access, List<Parked> page, RestoreFile restore) {
    Map<RowKey, Map<Column, Value>> rows = new LinkedHashMap<>();
    for (RowKey key : parts.ingestion().keysOf(page, access.table())) {
      access.rows().find(key).ifPresent(values -> rows.put(key, byColumn(access.table(), values)));
    }
    restore.keep(access, rows);
  }

  private static Map<Column, Value> byColumn(TrackedTable table, List<Value> values) {
    Map<Column, Value> byColumn = new LinkedHashMap<>();
    for (int i = 0; i < values.size(); i++) {
      byColumn.put(table.shape().columns().get(i), values.get(i));
    }
    return byColumn;
  }
}
