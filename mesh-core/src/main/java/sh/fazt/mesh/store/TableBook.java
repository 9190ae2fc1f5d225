package sh.fazt.mesh.store;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.schema.Column;
import sh.fazt.mesh.schema.Identifier;
import sh.fazt.mesh.schema.TableShape;
import sh.fazt.mesh.schema.TableVerdict;
import sh.fazt.mesh.schema.TrackedTable;
import sh.fazt.mesh.schema.Value;

/** Which tables replicate, and the numbers of tables and columns. Confined. */
public final class TableBook {
  private final Database database;
  private final SchemaReader schema;

  public TableBook(Database database, SchemaReader schema) {
    this.database = database;
    this.schema = schema;
  }

  /** The names of the tables that are to replicate, whether they exist just now or not. */
  public List<String> names() {
    List<String> names = new ArrayList<>();
    try (Rows rows =
        database.query("SELECT name FROM _mesh_table WHERE tracked = 1 ORDER BY number")) {
      while (rows.next()) {
        names.add(rows.text(0));
      }
    }
    return names;
  }

  /**
   * The tracked tables as the schema has them now; new columns get their numbers. A table that is
   * missing or unfit is left out. Inside a write transaction.
   */
  public List<TrackedTable> tracked() {
    List<TrackedTable> tables = new ArrayList<>();
    for (String name : names()) {
      Optional<TableVerdict> verdict = schema.table(name);
      if (verdict.isPresent() && verdict.get() instanceof TableVerdict.Eligible eligible) {
        tables.add(numbered(eligible.shape()));
      }
    }
    return tables;
  }

  /** The tracked tables with the numbers given so far; only reads. */
  public List<TrackedTable> known() {
    List<TrackedTable> tables = new ArrayList<>();
    for (String name : names()) {
      Optional<TableVerdict> verdict = schema.table(name);
      if (verdict.isPresent() && verdict.get() instanceof TableVerdict.Eligible eligible) {
        int number = number(name);
        tables.add(new TrackedTable(number, eligible.shape(), columnNumbers(number)));
      }
    }
    return tables;
  }

  /**
   * Begins to track a table, whether it exists yet or not; {@link #tracked} makes its touched log
   * and its shadow. Inside a write transaction.
   */
  public void add(String name) {
    database.execute(
        "INSERT INTO _mesh_table (name, genesis_phase) VALUES (?, 'TAKING_IN')"
            + " ON CONFLICT (name) DO UPDATE SET tracked = 1",
        Value.of(name));
  }

  private void makeTables(TrackedTable table) {
    String keys = keyDeclarations(table.shape());
    database.run("CREATE TABLE IF NOT EXISTS " + table.touched() + " (at INTEGER, " + keys + ")");
    database.run(
        """
        CREATE TABLE IF NOT EXISTS %s (%s, packed BLOB NOT NULL, PRIMARY KEY (%s)) WITHOUT ROWID"""
            .formatted(table.shadow(), keys, keyNames(table.shape())));
  }

  /**
   * Ends the tracking of a table; its rows stay, and so does what is known of them, in case it is
   * tracked again. Inside a write transaction.
   */
  public void remove(TrackedTable table) {
    database.execute(
        "UPDATE _mesh_table SET tracked = 0 WHERE number = ?", Value.of(table.number()));
  }

  private static String keyDeclarations(TableShape shape) {
    StringBuilder keys = new StringBuilder();
    for (int i = 0; i < shape.key().size(); i++) {
      Column column = shape.key().get(i);
      keys.append(i == 0 ? "" : ", ")
          .append("k")
          .append(i)
          .append(' ')
          .append(keyType(shape, column))
          .append(" COLLATE ")
          .append(Identifier.quoted(column.collation()));
    }
    return keys.toString();
  }

  /** A type whose affinity leaves the values of the key column as they are. */
  private static String keyType(TableShape shape, Column column) {
    boolean anyOfStrict = shape.strict() && column.declaredType().equalsIgnoreCase("ANY");
    return anyOfStrict || column.declaredType().isEmpty()
        ? "BLOB"
        : Identifier.quoted(column.declaredType());
  }

  private static String keyNames(TableShape shape) {
    StringBuilder names = new StringBuilder("k0");
    for (int i = 1; i < shape.key().size(); i++) {
      names.append(", k").append(i);
    }
    return names.toString();
  }

  private int number(String table) {
    return (int) database.scalar("SELECT number FROM _mesh_table WHERE name = ?", Value.of(table));
  }

  private Map<String, Integer> columnNumbers(int table) {
    Map<String, Integer> numbers = new HashMap<>();
    String sql = "SELECT number, name FROM _mesh_column WHERE tbl = ?";
    try (Rows rows = database.query(sql, Value.of(table))) {
      while (rows.next()) {
        numbers.put(rows.text(1), (int) rows.integer(0));
      }
    }
    return numbers;
  }

  private TrackedTable numbered(TableShape shape) {
    int number = number(shape.name());
    Map<String, Integer> numbers = columnNumbers(number);
    int highest = numbers.values().stream().mapToInt(Integer::intValue).max().orElse(0);
    for (Column column : shape.columns()) {
      if (!numbers.containsKey(column.name())) {
        highest++;
        numbers.put(column.name(), highest);
        database.execute(
            "INSERT INTO _mesh_column (tbl, number, name) VALUES (?, ?, ?)",
            Value.of(number),
            Value.of(highest),
            Value.of(column.name()));
      }
    }
    TrackedTable table = new TrackedTable(number, shape, numbers);
    makeTables(table);
    return table;
  }

  /** What has happened to the rows that were there before the table was tracked. */
  public enum GenesisPhase {
    /** They are being given shadows. */
    TAKING_IN,
    /** They are being given shadows, and batches carry each page at once. */
    TAKING_IN_AND_SENDING,
    /** All have shadows; no batch carries those that only this node has. */
    TAKEN_IN,
    /** Batches carry them. */
    SENT
  }

  /**
   * How far the taking-in of existing rows has come.
   *
   * @param after the encoded key after which the phase goes on, empty before the first
   */
  public record Genesis(GenesisPhase phase, Bytes after) {}

  public Genesis genesis(TrackedTable table) {
    String sql = "SELECT genesis_phase, genesis_after FROM _mesh_table WHERE number = ?";
    try (Rows rows = database.query(sql, Value.of(table.number()))) {
      if (!rows.next()) {
        throw new IllegalStateException("table not tracked: " + table.name());
      }
      return new Genesis(GenesisPhase.valueOf(rows.text(0)), rows.blob(1));
    }
  }

  public void genesis(TrackedTable table, Genesis progress) {
    database.execute(
        "UPDATE _mesh_table SET genesis_phase = ?, genesis_after = ? WHERE number = ?",
        Value.of(progress.phase().name()),
        progress.after().isEmpty() ? Value.NULL : Value.of(progress.after()),
        Value.of(table.number()));
  }
}
