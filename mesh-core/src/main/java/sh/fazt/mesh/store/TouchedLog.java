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
  /** Bytes of rows in one page. */
  public static final long PAGE_BYTES_MAX = 8L << 20;

  private static final int SHRINK = 8;

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

  /** The number of the oldest entry, 0 if there is none. */
  long oldest() {
    return database.scalar("SELECT min(rowid) FROM " + table.touched());
  }

  /**
   * The rows that some of the oldest entries point at.
   *
   * @param upTo the newest entry that was looked at
   * @param pairs each row once, beside its shadow
   */
  public record Page(long upTo, List<RowPair> pairs) {}

  /**
   * Reads the oldest entries: {@code entriesMax} of them, or, where rows are large, so many that
   * their rows take no more than {@value #PAGE_BYTES_MAX} bytes, but at least one. Keys under which
   * no other node would find the row, as with a NULL, are left out.
   */
  public Page page(int entriesMax) {
    int entries = entriesMax;
    long upTo = upTo(entries);
    Optional<List<RowPair>> pairs = rows(upTo, entries == 1 ? Long.MAX_VALUE : PAGE_BYTES_MAX);
    while (pairs.isEmpty()) {
      entries = Math.max(1, entries / SHRINK);
      upTo = upTo(entries);
      pairs = rows(upTo, entries == 1 ? Long.MAX_VALUE : PAGE_BYTES_MAX);
    }
    return new Page(upTo, pairs.get());
  }

  private long upTo(int entries) {
    return database.scalar(
        "SELECT max(rowid) FROM (SELECT rowid FROM " + table.touched() + " ORDER BY rowid LIMIT ?)",
        Value.of(entries));
  }

  /** The rows of the entries up to {@code upTo}, or nothing if they take too many bytes. */
  private Optional<List<RowPair>> rows(long upTo, long bytesMax) {
    int size = table.shape().key().size();
    String sql =
        """
        SELECT k.at, t.%s IS NOT NULL, s.packed, %s
        FROM (SELECT max(at) AS at, %s FROM %s WHERE rowid <= ? GROUP BY %s) AS k
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
    long bytes = 0;
    try (Rows rows = database.query(sql, Value.of(upTo))) {
      while (rows.next()) {
        List<Value> key = values(rows, 3, size);
        if (table.shape().names(key)) {
          RowPair pair = pair(rows, new RowKey(table.shape().folded(key)), size);
          bytes += pair.bytes();
          if (bytes > bytesMax) {
            return Optional.empty();
          }
          pairs.add(pair);
        }
      }
    }
    return Optional.of(pairs);
  }

  /**
   * By how much the table has shrunk, as far as entries after {@code upTo} tell: rows that are gone
   * and are shown by the mesh, less those that are there and are not.
   */
  public long shrunkBeyond(long upTo) {
    int size = table.shape().key().size();
    String sql =
        """
        SELECT sum(coalesce(%s, 0) - (t.%s IS NOT NULL))
        FROM (SELECT DISTINCT %s FROM %s WHERE rowid > ?) AS k
        LEFT JOIN %s AS s ON %s
        LEFT JOIN %s AS t ON %s"""
            .formatted(
                ShadowCodec.isShown("s.packed"),
                Identifier.quoted(table.shape().key().get(0).name()),
                RowSql.keys(size, ""),
                table.touched(),
                table.shadow(),
                RowSql.joined(size, i -> "s.k" + i + " = k.k" + i, " AND "),
                Identifier.quoted(table.name()),
                RowSql.joinOnKey(table.shape().key(), "t", "k"));
    return database.scalar(sql, Value.of(upTo));
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

  /** Adds entries as the triggers do; inside a write transaction. */
  public void add(List<RowKey> keys, long atMillis) {
    int size = table.shape().key().size();
    for (RowKey key : keys) {
      List<Value> arguments = new ArrayList<>(key.values());
      arguments.add(Value.of(atMillis));
      database.execute(
          "INSERT INTO %s (%s, at) VALUES (%s)"
              .formatted(table.touched(), RowSql.keys(size, ""), RowSql.parameters(arguments)),
          arguments.toArray(Value[]::new));
    }
  }

  /** Removes the entries up to {@code upTo}; inside a write transaction. */
  public void remove(long upTo) {
    database.execute("DELETE FROM " + table.touched() + " WHERE rowid <= ?", Value.of(upTo));
  }

  /** How many entries there are, without counting them. */
  public long size() {
    long newest = newest();
    return newest == 0 ? 0 : newest + 1 - oldest();
  }
}
