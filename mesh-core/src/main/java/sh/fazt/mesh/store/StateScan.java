package sh.fazt.mesh.store;

import java.util.List;
import sh.fazt.mesh.change.RowKey;
import sh.fazt.mesh.fingerprint.RowDigest;
import sh.fazt.mesh.fingerprint.StatePlan;
import sh.fazt.mesh.fingerprint.StateSet;
import sh.fazt.mesh.schema.Column;
import sh.fazt.mesh.schema.Identifier;
import sh.fazt.mesh.schema.TrackedTable;
import sh.fazt.mesh.schema.Value;

/**
 * Reads all rows of one table, and what the mesh knows of those that it does not show, for a
 * comparison of states. Each call reads one page, in a transaction of the caller's. Confined.
 */
public final class StateScan {
  /** Rows of a page: some 20 ms of work. */
  static final int PAGE_ROWS = 4_000;

  private final Database database;
  private final TrackedTable table;
  private final List<Column> columns;
  private final RowDigest digest;
  private final ShadowTable shadows;
  private final MergedMemory memory;
  private final RowOrder order;
  private long shown;
  private boolean shadowsDone;
  private boolean done;
  private List<Value> after = List.of();

  /**
   * @param planned the table as it is compared, all of whose columns this table has
   */
  public StateScan(Database database, TrackedTable table, StatePlan.Table planned, SiteBook sites) {
    this.database = database;
    this.table = table;
    this.columns =
        planned.columns().stream()
            .map(column -> table.column(column.name()).orElseThrow())
            .toList();
    this.digest = new RowDigest(planned.name(), columns.stream().map(table::columnNumber).toList());
    this.shadows = new ShadowTable(database, table, sites);
    this.memory = new MergedMemory(digest);
    this.order = RowOrder.of(database, table.shape());
  }

  /** Whether all was read. */
  public boolean isDone() {
    return done;
  }

  /** How many rows of the table were read. */
  public long shown() {
    return shown;
  }

  /** Reads the next page: shadows first, then rows, each in the order in which they lie on disk. */
  public void next(StateSet.Builder into) {
    if (shadowsDone) {
      rows(into);
    } else {
      merged(into);
    }
  }

  private void merged(StateSet.Builder into) {
    int size = table.shape().key().size();
    String keys = RowSql.keys(size, "");
    String beyond =
        after.isEmpty() ? "" : " WHERE (" + keys + ") > (" + RowSql.parameters(after) + ")";
    String sql =
        "SELECT packed, %s FROM %s%s ORDER BY %s LIMIT %s"
            .formatted(keys, table.shadow(), beyond, keys, PAGE_ROWS);
    int count = 0;
    try (Rows rows = database.query(sql, after.toArray(Value[]::new))) {
      while (rows.next()) {
        count++;
        after = rows.values(1, size);
        digest.addMerged(into, new RowKey(after).encoded(), memory.merged(shadows, rows, 0));
      }
    }
    if (count < PAGE_ROWS) {
      shadowsDone = true;
      after = List.of();
    }
  }

  private void rows(StateSet.Builder into) {
    List<Column> key = table.shape().key();
    String sql =
        "SELECT %s, %s%s FROM %s WHERE %s%s ORDER BY %s LIMIT %s"
            .formatted(
                order.columns(),
                RowSql.names(key, ""),
                columns.isEmpty() ? "" : ", " + RowSql.names(columns, ""),
                Identifier.quoted(table.name()),
                order.there(),
                after.isEmpty()
                    ? ""
                    : " AND (%s) > (%s)".formatted(order.columns(), RowSql.parameters(after)),
                order.columns(),
                PAGE_ROWS);
    int first = order.size();
    int count = 0;
    long bytes = 0;
    try (Rows rows = database.query(sql, after.toArray(Value[]::new))) {
      while (bytes < TouchedLog.PAGE_BYTES_MAX && rows.next()) {
        count++;
        List<Value> all = rows.values(0, first + key.size() + columns.size());
        after = all.subList(0, first);
        List<Value> keyValues = all.subList(first, first + key.size());
        List<Value> values = all.subList(first + key.size(), all.size());
        for (Value value : values) {
          bytes += value.bytes();
        }
        if (table.shape().names(keyValues)) {
          shown++;
          digest.addShown(into, new RowKey(table.shape().folded(keyValues)).encoded(), values);
        }
      }
    }
    done = count < PAGE_ROWS && bytes < TouchedLog.PAGE_BYTES_MAX;
  }
}
