package sh.fazt.mesh.store;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.change.RowKey;
import sh.fazt.mesh.projection.ShadowRow;
import sh.fazt.mesh.projection.Shown;
import sh.fazt.mesh.schema.Column;
import sh.fazt.mesh.schema.Identifier;
import sh.fazt.mesh.schema.TrackedTable;
import sh.fazt.mesh.schema.Value;

/** The shadows of one table's rows, one packed record each. Confined. */
public final class ShadowTable {
  private static final int PAGE_ROWS = 1_000;

  private final Database database;
  private final TrackedTable table;
  private final ShadowCodec codec;

  public ShadowTable(Database database, TrackedTable table, SiteBook sites) {
    this.database = database;
    this.table = table;
    this.codec = new ShadowCodec(sites);
  }

  /** The row's shadow, {@link ShadowRow#NONE} if the mesh has not met the row. */
  public ShadowRow find(RowKey key) {
    String sql =
        "SELECT packed FROM " + table.shadow() + " WHERE " + RowSql.shadowKeyIs(key.values());
    try (Rows rows = database.query(sql, key.values().toArray(Value[]::new))) {
      return rows.next() ? codec.decode(rows.blob(0)) : ShadowRow.NONE;
    }
  }

  /**
   * Stores the row's shadow in place of the former one; inside a write transaction. Of a row that
   * the mesh has not met, as when what was written to it did not count, nothing stays.
   */
  public void put(RowKey key, ShadowRow shadow) {
    if (shadow.equals(ShadowRow.NONE)) {
      database.execute(
          "DELETE FROM " + table.shadow() + " WHERE " + RowSql.shadowKeyIs(key.values()),
          key.values().toArray(Value[]::new));
      return;
    }
    int size = key.values().size();
    String sql =
        "INSERT INTO %s (%s, packed) VALUES (%s, ?) ON CONFLICT (%s) DO UPDATE SET packed = excluded.packed"
            .formatted(
                table.shadow(),
                RowSql.keys(size, ""),
                RowSql.parameters(key.values()),
                RowSql.keys(size, ""));
    List<Value> arguments = new ArrayList<>(key.values());
    arguments.add(Value.of(codec.encode(shadow)));
    database.execute(sql, arguments.toArray(Value[]::new));
  }

  /**
   * Forgets what was shown in a column, in every row that has its default there now; inside a write
   * transaction.
   */
  public void forgetShown(Column column) {
    int size = table.shape().key().size();
    String keys = RowSql.keys(size, "s.");
    Value unwritten = column.defaultValue().orElse(Value.NULL);
    List<Value> after = List.of();
    do {
      String beyond =
          after.isEmpty() ? "" : " AND (" + keys + ") > (" + RowSql.parameters(after) + ")";
      String sql =
          "SELECT s.packed, %s FROM %s AS s JOIN %s AS t ON %s WHERE t.%s COLLATE BINARY IS %s%s ORDER BY %s LIMIT %s"
              .formatted(
                  keys,
                  table.shadow(),
                  Identifier.quoted(table.name()),
                  RowSql.joinOnKey(table.shape().key(), "t", "s"),
                  Identifier.quoted(column.name()),
                  Database.placeholder(unwritten),
                  beyond,
                  keys,
                  PAGE_ROWS);
      List<Value> arguments = new ArrayList<>(List.of(unwritten));
      arguments.addAll(after);
      Map<RowKey, ShadowRow> page = new LinkedHashMap<>();
      try (Rows rows = database.query(sql, arguments.toArray(Value[]::new))) {
        while (rows.next()) {
          page.put(new RowKey(TouchedLog.values(rows, 1, size)), decode(rows, 0));
        }
      }
      after = List.of();
      for (Map.Entry<RowKey, ShadowRow> each : page.entrySet()) {
        put(each.getKey(), without(each.getValue(), table.columnNumber(column)));
        after = page.size() < PAGE_ROWS ? List.of() : each.getKey().values();
      }
    } while (!after.isEmpty());
  }

  private static ShadowRow without(ShadowRow row, int column) {
    if (!row.shown().present()) {
      return row;
    }
    Map<Integer, Long> digests = new HashMap<>(row.shown().digests());
    digests.remove(column);
    return new ShadowRow(row.merged(), Shown.of(digests), row.unsent());
  }

  /**
   * Walks through the next shadows in the order of their keys and tells of those whose row should
   * show in the table and does not.
   *
   * @param after the encoded key after which to begin; empty for the first
   * @return where to go on; empty at the end
   */
  public Bytes page(Bytes after, int limit, Consumer<RowKey> gone) {
    int size = table.shape().key().size();
    String keys = RowSql.keys(size, "s.");
    List<Value> start = after.isEmpty() ? List.of() : UserTable.decoded(after, size);
    String beyond =
        start.isEmpty() ? "" : " WHERE (" + keys + ") > (" + RowSql.parameters(start) + ")";
    String sql =
        "SELECT s.packed, t.%s IS NULL, %s FROM %s AS s LEFT JOIN %s AS t ON %s%s ORDER BY %s LIMIT %s"
            .formatted(
                Identifier.quoted(table.shape().key().get(0).name()),
                keys,
                table.shadow(),
                Identifier.quoted(table.name()),
                RowSql.joinOnKey(table.shape().key(), "t", "s"),
                beyond,
                keys,
                limit);
    Bytes last = Bytes.EMPTY;
    int count = 0;
    try (Rows rows = database.query(sql, start.toArray(Value[]::new))) {
      while (rows.next()) {
        RowKey key = new RowKey(TouchedLog.values(rows, 2, size));
        if (rows.integer(1) != 0 && decode(rows, 0).shown().present()) {
          gone.accept(key);
        }
        last = key.encoded();
        count++;
      }
    }
    return count < limit ? Bytes.EMPTY : last;
  }

  /**
   * The next shadows in the order of their keys.
   *
   * @param after the encoded key after which to begin; empty for the first
   */
  public Map<RowKey, ShadowRow> walk(Bytes after, int limit) {
    int size = table.shape().key().size();
    String keys = RowSql.keys(size, "");
    List<Value> start = after.isEmpty() ? List.of() : UserTable.decoded(after, size);
    String beyond =
        start.isEmpty() ? "" : " WHERE (" + keys + ") > (" + RowSql.parameters(start) + ")";
    String sql =
        "SELECT packed, %s FROM %s%s ORDER BY %s LIMIT %s"
            .formatted(keys, table.shadow(), beyond, keys, limit);
    Map<RowKey, ShadowRow> page = new LinkedHashMap<>();
    try (Rows rows = database.query(sql, start.toArray(Value[]::new))) {
      while (rows.next()) {
        page.put(new RowKey(TouchedLog.values(rows, 1, size)), decode(rows, 0));
      }
    }
    return page;
  }

  ShadowRow decode(Rows rows, int column) {
    return rows.isNull(column) ? ShadowRow.NONE : codec.decode(rows.blob(column));
  }

  /** How many rows the table shows through the mesh or remembers as dead. */
  public long count() {
    return database.scalar("SELECT count(*) FROM " + table.shadow());
  }
}
