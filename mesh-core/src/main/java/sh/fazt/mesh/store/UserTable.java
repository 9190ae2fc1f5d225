package sh.fazt.mesh.store;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.change.RowKey;
import sh.fazt.mesh.schema.Column;
import sh.fazt.mesh.schema.Identifier;
import sh.fazt.mesh.schema.TrackedTable;
import sh.fazt.mesh.schema.UniqueIndex;
import sh.fazt.mesh.schema.Value;

/** The rows of one of the application's tables. Confined. */
public final class UserTable {
  private final Database database;
  private final TrackedTable table;
  private final ShadowTable shadows;
  private final String name;

  public UserTable(Database database, TrackedTable table, ShadowTable shadows) {
    this.database = database;
    this.table = table;
    this.shadows = shadows;
    this.name = Identifier.quoted(table.name());
  }

  /** The values of the non-key columns in the table's order, if there is such a row. */
  public Optional<List<Value>> find(RowKey key) {
    List<Column> columns = table.shape().columns();
    String sql =
        "SELECT 1%s FROM %s WHERE %s"
            .formatted(
                columns.isEmpty() ? "" : ", " + RowSql.names(columns, ""),
                name,
                RowSql.keyIs(table.shape().key(), key.values()));
    try (Rows rows = database.query(sql, key.values().toArray(Value[]::new))) {
      return rows.next()
          ? Optional.of(TouchedLog.values(rows, 1, columns.size()))
          : Optional.empty();
    }
  }

  /** Inserts a row; columns not named take their defaults. Returns the rule that refused it. */
  public Optional<String> insert(RowKey key, Map<Column, Value> cells) {
    Map<Column, Value> all = new LinkedHashMap<>();
    for (int i = 0; i < key.values().size(); i++) {
      all.put(table.shape().key().get(i), key.values().get(i));
    }
    all.putAll(cells);
    List<Column> columns = List.copyOf(all.keySet());
    List<Value> values = List.copyOf(all.values());
    String sql =
        "INSERT OR ABORT INTO %s (%s) VALUES (%s)"
            .formatted(name, RowSql.names(columns, ""), RowSql.parameters(values));
    return database.attempt(sql, values.toArray(Value[]::new));
  }

  /** Sets columns of a row. Returns the rule that refused it. */
  public Optional<String> update(RowKey key, Map<Column, Value> cells) {
    StringBuilder sets = new StringBuilder();
    List<Value> values = new ArrayList<>();
    cells.forEach(
        (column, value) -> {
          sets.append(sets.length() == 0 ? "" : ", ")
              .append(Identifier.quoted(column.name()))
              .append(" = ")
              .append(Database.placeholder(value));
          values.add(value);
        });
    values.addAll(key.values());
    String sql =
        "UPDATE OR ABORT %s SET %s WHERE %s"
            .formatted(name, sets, RowSql.keyIs(table.shape().key(), key.values()));
    return database.attempt(sql, values.toArray(Value[]::new));
  }

  public void delete(RowKey key) {
    String sql =
        "DELETE FROM %s WHERE %s".formatted(name, RowSql.keyIs(table.shape().key(), key.values()));
    database.execute(sql, key.values().toArray(Value[]::new));
  }

  /** The keys of the rows that have the values in a UNIQUE index that {@code wanted} would have. */
  public List<RowKey> holders(UniqueIndex index, RowKey wantedKey, Map<Column, Value> wanted) {
    List<Column> key = table.shape().key();
    Map<Column, Value> cells = new LinkedHashMap<>(wanted);
    for (int i = 0; i < key.size(); i++) {
      cells.putIfAbsent(key.get(i), wantedKey.values().get(i));
    }
    List<String> names = new ArrayList<>();
    List<Value> values = new ArrayList<>();
    for (String name : index.columns()) {
      Value value = table.column(name).map(cells::get).orElse(Value.NULL);
      names.add(Database.placeholder(value) + " AS " + Identifier.quoted(name));
      values.add(value);
    }
    String sql =
        "SELECT %s FROM %s AS t, (SELECT %s) AS n WHERE %s"
            .formatted(
                RowSql.names(key, "t."), name, String.join(", ", names), index.clash("t", "n"));
    List<RowKey> keys = new ArrayList<>();
    try (Rows rows = database.query(sql, values.toArray(Value[]::new))) {
      while (rows.next()) {
        List<Value> found = TouchedLog.values(rows, 0, key.size());
        if (table.shape().names(found)) {
          keys.add(new RowKey(table.shape().folded(found)));
        }
      }
    }
    return keys;
  }

  /** Runs {@code work} and undoes what it did unless it returns true; in a write transaction. */
  public boolean tentatively(BooleanSupplier work) {
    database.run("SAVEPOINT _mesh_try");
    boolean kept = work.getAsBoolean();
    if (!kept) {
      database.run("ROLLBACK TO _mesh_try");
    }
    database.run("RELEASE _mesh_try");
    return kept;
  }

  /** How many rows have a NULL in their key. */
  public long countWithoutKey() {
    List<Column> key = table.shape().key();
    return database.scalar(
        "SELECT count(*) FROM %s WHERE %s"
            .formatted(
                name,
                RowSql.joined(
                    key.size(), i -> Identifier.quoted(key.get(i).name()) + " IS NULL", " OR ")));
  }

  public long count() {
    return database.scalar("SELECT count(*) FROM " + name);
  }

  /**
   * Some rows in the order of the key.
   *
   * @param next the encoded key after which to go on; empty if these are the last
   */
  public record Page(List<RowPair> pairs, Bytes next) {
    public Page {
      pairs = List.copyOf(pairs);
    }

    /** Whether no rows come after these. */
    public boolean isLast() {
      return next.isEmpty();
    }
  }

  /**
   * The next rows in the order of the key, beside their shadows: {@code limit} of them, or, where
   * they are large, as many as take {@value TouchedLog#PAGE_BYTES_MAX} bytes. Rows with a NULL in
   * their key are left out.
   *
   * @param after the encoded key after which to begin; empty for the first row
   */
  public Page page(Bytes after, int limit) {
    List<Column> key = table.shape().key();
    List<Column> columns = table.shape().columns();
    List<Value> start = after.isEmpty() ? List.of() : decoded(after, key.size());
    String sql =
        """
        SELECT s.packed, %s%s FROM %s AS t LEFT JOIN %s AS s ON %s
        WHERE %s%s ORDER BY %s LIMIT %s"""
            .formatted(
                RowSql.names(key, "t."),
                columns.isEmpty() ? "" : ", " + RowSql.names(columns, "t."),
                name,
                table.shadow(),
                RowSql.joinOnKey(key, "t", "s"),
                RowSql.joined(
                    key.size(),
                    i -> "t." + Identifier.quoted(key.get(i).name()) + " IS NOT NULL",
                    " AND "),
                start.isEmpty() ? "" : " AND " + beyond(key, start),
                RowSql.ordered(key, "t."),
                limit);
    List<RowPair> pairs = new ArrayList<>();
    long bytes = 0;
    try (Rows rows = database.query(sql, start.toArray(Value[]::new))) {
      while (bytes < TouchedLog.PAGE_BYTES_MAX && rows.next()) {
        RowKey rowKey = new RowKey(table.shape().folded(TouchedLog.values(rows, 1, key.size())));
        List<Value> row = TouchedLog.values(rows, 1 + key.size(), columns.size());
        RowPair pair = new RowPair(rowKey, Optional.of(row), shadows.decode(rows, 0), 0);
        bytes += pair.bytes();
        pairs.add(pair);
      }
    }
    boolean last = pairs.size() < limit && bytes < TouchedLog.PAGE_BYTES_MAX;
    return new Page(pairs, last ? Bytes.EMPTY : pairs.get(pairs.size() - 1).key().encoded());
  }

  private static String beyond(List<Column> key, List<Value> start) {
    return "(%s) > (%s)".formatted(RowSql.ordered(key, "t."), RowSql.parameters(start));
  }

  static List<Value> decoded(Bytes key, int size) {
    try {
      ByteReader in = new ByteReader(key);
      List<Value> values = new ArrayList<>();
      for (int i = 0; i < size; i++) {
        values.add(Value.readFrom(in));
      }
      return values;
    } catch (MalformedException e) {
      throw new IllegalStateException("a stored key is malformed: " + key, e);
    }
  }
}
