package sh.fazt.mesh.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import sh.fazt.mesh.change.RowKey;
import sh.fazt.mesh.schema.Identifier;
import sh.fazt.mesh.schema.TrackedTable;
import sh.fazt.mesh.schema.Value;

/**
 * The keys of one table that triggers recorded, and the rows they point at. Entries are appended by
 * every connection and removed by the mesh alone, from the front. Confined.
 */
public final class TouchedLog {
  private final Database database;
  private final TrackedTable table;
  private final ShadowTable shadows;

  public TouchedLog(Database database, TrackedTable table, ShadowTable shadows) {
    this.database = database;
    this.table = table;
    this.shadows = shadows;
  }

  /** The number of the newest entry, 0 if there is none. */
  public long newest() {
    return database.scalar("SELECT max(rowid) FROM " + table.touched());
  }

  /**
   * The rows touched by entries {@code after} (exclusive) … {@code upTo} (inclusive), each once,
   * beside their shadows. Keys with a NULL are left out: no other node could name such a row.
   */
  public List<RowPair> rows(long after, long upTo) {
    int size = table.shape().key().size();
    String sql =
        """
        SELECT k.at, t.%s IS NOT NULL, s.packed, %s
        FROM (SELECT max(at) AS at, %s FROM %s WHERE rowid > ? AND rowid <= ? GROUP BY %s) AS k
        LEFT JOIN %s AS t ON %s
        LEFT JOIN %s AS s ON %s"""
            .formatted(
                Identifier.quoted(table.shape().key().get(0).name()),
                columns(),
                RowSql.keys(size, ""),
                table.touched(),
                RowSql.keys(size, ""),
                Identifier.quoted(table.name()),
                RowSql.joinOnKey(table.shape().key(), "t", "k"),
                table.shadow(),
                RowSql.joined(size, i -> "s.k" + i + " = k.k" + i, " AND "));
    List<RowPair> pairs = new ArrayList<>();
    try (Rows rows = database.query(sql, Value.of(after), Value.of(upTo))) {
      while (rows.next()) {
        List<Value> key = values(rows, 3, size);
        if (!key.contains(Value.NULL)) {
          pairs.add(pair(rows, new RowKey(table.shape().folded(key)), size));
        }
      }
    }
    return pairs;
  }

  private String columns() {
    String keys = RowSql.keys(table.shape().key().size(), "k.");
    String others = RowSql.names(table.shape().columns(), "t.");
    return others.isEmpty() ? keys : keys + ", " + others;
  }

  private RowPair pair(Rows rows, RowKey key, int size) {
    Optional<List<Value>> row =
        rows.integer(1) == 0
            ? Optional.empty()
            : Optional.of(values(rows, 3 + size, table.shape().columns().size()));
    return new RowPair(key, row, shadows.decode(rows, 2), rows.integer(0));
  }

  static List<Value> values(Rows rows, int from, int count) {
    List<Value> values = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      values.add(rows.value(from + i));
    }
    return values;
  }

  /** Removes the entries up to {@code upTo}; inside a write transaction. */
  public void remove(long upTo) {
    database.execute("DELETE FROM " + table.touched() + " WHERE rowid <= ?", Value.of(upTo));
  }

  public long count() {
    return database.scalar("SELECT count(*) FROM " + table.touched());
  }
}
