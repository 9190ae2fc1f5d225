package sh.fazt.mesh.store;

import java.util.ArrayList;
import java.util.List;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.change.RowKey;
import sh.fazt.mesh.fingerprint.RowDigest;
import sh.fazt.mesh.fingerprint.StatePlan;
import sh.fazt.mesh.fingerprint.StateSet;
import sh.fazt.mesh.projection.ShadowRow;
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

  /** Shadows looked through for rows that are not shown, at once. */
  static final int WINDOW_ROWS = 40_000;

  /** Of a packed shadow, whether its row is shown: a flag in its first byte, which is below 32. */
  private static final String SHOWN =
      "(packed >= x'04' AND packed < x'08' OR packed >= x'0C' AND packed < x'10'"
          + " OR packed >= x'14' AND packed < x'18' OR packed >= x'1C' AND packed < x'20')";

  private final Database database;
  private final TrackedTable table;
  private final List<Column> columns;
  private final RowDigest digest;
  private final ShadowTable shadows;
  private final MergedMemory memory;
  private long shown;
  private boolean rowsDone;
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
  }

  /** Whether all was read. */
  public boolean isDone() {
    return done;
  }

  /** How many rows of the table were read. */
  public long shown() {
    return shown;
  }

  /** Reads the next page. */
  public void next(StateSet.Builder into) {
    if (rowsDone) {
      unshown(into);
    } else {
      rows(into);
    }
  }

  private void rows(StateSet.Builder into) {
    List<Column> key = table.shape().key();
    String sql =
        "SELECT s.packed, %s%s FROM %s AS t LEFT JOIN %s AS s ON %s WHERE %s%s ORDER BY %s LIMIT %d"
            .formatted(
                RowSql.names(key, "t."),
                columns.isEmpty() ? "" : ", " + RowSql.names(columns, "t."),
                Identifier.quoted(table.name()),
                table.shadow(),
                RowSql.joinOnKey(key, "t", "s"),
                RowSql.joined(
                    key.size(),
                    i -> "t." + Identifier.quoted(key.get(i).name()) + " IS NOT NULL",
                    " AND "),
                after.isEmpty()
                    ? ""
                    : " AND (%s) > (%s)"
                        .formatted(RowSql.ordered(key, "t."), RowSql.parameters(after)),
                RowSql.ordered(key, "t."),
                PAGE_ROWS);
    int count = 0;
    long bytes = 0;
    try (Rows rows = database.query(sql, after.toArray(Value[]::new))) {
      while (bytes < TouchedLog.PAGE_BYTES_MAX && rows.next()) {
        count++;
        List<Value> keyValues = TouchedLog.values(rows, 1, key.size());
        List<Value> values = TouchedLog.values(rows, 1 + key.size(), columns.size());
        for (Value value : values) {
          bytes += value.bytes();
        }
        after = keyValues;
        if (table.shape().names(keyValues)) {
          Bytes encoded = new RowKey(table.shape().folded(keyValues)).encoded();
          shown++;
          digest.add(into, encoded, memory.merged(shadows, rows, 0), values);
        }
      }
    }
    if (count < PAGE_ROWS && bytes < TouchedLog.PAGE_BYTES_MAX) {
      rowsDone = true;
      after = List.of();
    }
  }

  /** Rows that are dead or set aside, in the next of the shadows. */
  private void unshown(StateSet.Builder into) {
    int size = table.shape().key().size();
    String keys = RowSql.keys(size, "");
    String beyond = after.isEmpty() ? "1" : "(" + keys + ") > (" + RowSql.parameters(after) + ")";
    List<Value> end = end(keys, beyond, size);
    List<Value> arguments = new ArrayList<>(after);
    arguments.addAll(end);
    String sql =
        "SELECT packed, %s FROM %s WHERE %s%s AND NOT %s"
            .formatted(
                keys,
                table.shadow(),
                beyond,
                end.isEmpty() ? "" : " AND (" + keys + ") <= (" + RowSql.parameters(end) + ")",
                SHOWN);
    try (Rows rows = database.query(sql, arguments.toArray(Value[]::new))) {
      while (rows.next()) {
        ShadowRow shadow = shadows.decode(rows, 0);
        if (!shadow.shown().present()) {
          RowKey key = new RowKey(TouchedLog.values(rows, 1, size));
          digest.addUnshown(into, key.encoded(), digest.merged(shadow.merged()));
        }
      }
    }
    after = end;
    done = end.isEmpty();
  }

  /** The last key of the next shadows; empty if these are the last. */
  private List<Value> end(String keys, String beyond, int size) {
    String sql =
        "SELECT %s FROM %s WHERE %s ORDER BY %s LIMIT 1 OFFSET %d"
            .formatted(keys, table.shadow(), beyond, keys, WINDOW_ROWS - 1);
    try (Rows rows = database.query(sql, after.toArray(Value[]::new))) {
      return rows.next() ? TouchedLog.values(rows, 0, size) : List.of();
    }
  }
}
