package sh.fazt.mesh.store;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
   * A tracked table as it was found.
   *
   * @param remade whether its touched log is new, so that writes may have passed unrecorded
   * @param added columns that it never had before
   * @param returned columns that it had, lost, and has again, until {@link #shown}
   */
  public record Found(
      TrackedTable table, boolean remade, List<Column> added, List<Column> returned) {}

  /**
   * The tracked tables as the schema has them now; new columns get their numbers. A table that is
   * missing or unfit is left out. Inside a write transaction.
   */
  public List<Found> tracked() {
    List<Found> tables = new ArrayList<>();
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
      shaped(name).ifPresent(tables::add);
    }
    return tables;
  }

  /**
   * One tracked table with what the mesh keeps of it, if it is there, fit, and was looked at since
   * it came or was given its key; only reads.
   */
  public Optional<TrackedTable> readable(String table) {
    return names().stream()
        .filter(name -> Identifier.same(name, table))
        .findFirst()
        .flatMap(this::shaped)
        .filter(new OwnTables(database)::isReadable);
  }

  /** All tables that are {@link #readable(String)}; only reads. */
  public List<TrackedTable> readable() {
    return known().stream().filter(new OwnTables(database)::isReadable).toList();
  }

  private Optional<TrackedTable> shaped(String name) {
    Optional<TableVerdict> verdict = schema.table(name);
    if (verdict.isPresent() && verdict.get() instanceof TableVerdict.Eligible eligible) {
      int number = number(name);
      return Optional.of(new TrackedTable(number, eligible.shape(), columnNumbers(number)));
    }
    return Optional.empty();
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

  /**
   * Ends the tracking of a table; its rows stay, and so does what is known of them, in case it is
   * tracked again. Inside a write transaction.
   */
  public void remove(String name) {
    database.execute("UPDATE _mesh_table SET tracked = 0 WHERE name = ?", Value.of(name));
  }

  /**
   * Remembers columns that the others had dropped from a table before this node came: what was
   * written to them waits for nothing here. Inside a write transaction, after {@link #add}.
   */
  public void addFormer(String table, List<String> columns) {
    int number = number(table);
    int highest =
        columnNumbers(number).values().stream().mapToInt(Integer::intValue).max().orElse(0);
    for (String column : columns) {
      highest++;
      insertColumn(number, highest, column);
      setState(number, highest, ColumnState.GONE);
    }
  }

  /** The columns that a table had once and has no more, in the order of their coming. */
  public List<String> former(TrackedTable table) {
    List<String> names = new ArrayList<>();
    String sql = "SELECT name FROM _mesh_column WHERE tbl = ? AND state = 'GONE' ORDER BY number";
    try (Rows rows = database.query(sql, Value.of(table.number()))) {
      while (rows.next()) {
        names.add(rows.text(0));
      }
    }
    return names;
  }

  /** The number that a table was given when it was first tracked, 0 if it never was. */
  public int number(String table) {
    return (int) database.scalar("SELECT number FROM _mesh_table WHERE name = ?", Value.of(table));
  }

  /** Whether mass deletes of a table wait here until somebody says. */
  public boolean isGuarded(TrackedTable table) {
    return flag(table, "guarded");
  }

  /** Has mass deletes of a table that was tracked once wait, or not; in a write transaction. */
  public void guard(String table, boolean guarded) {
    database.execute(
        "UPDATE _mesh_table SET guarded = ? WHERE name = ?",
        Value.of(guarded ? 1 : 0),
        Value.of(table));
  }

  /** Whether what is being taken in, turn by turn, deletes so much of a table that it waits. */
  public boolean isHolding(TrackedTable table) {
    return flag(table, "holding");
  }

  /** Remembers that it does; inside a write transaction. */
  public void hold(TrackedTable table) {
    database.execute(
        "UPDATE _mesh_table SET holding = 1 WHERE number = ?", Value.of(table.number()));
  }

  /** Takes note that all was taken in, of every table; inside a write transaction. */
  public void endHolding() {
    database.execute("UPDATE _mesh_table SET holding = 0 WHERE holding <> 0");
  }

  private boolean flag(TrackedTable table, String column) {
    String sql = "SELECT " + column + " FROM _mesh_table WHERE number = ?";
    return database.scalar(sql, Value.of(table.number())) != 0;
  }

  private Map<String, Integer> columnNumbers(int table) {
    Map<String, Integer> numbers = new HashMap<>();
    String sql = "SELECT number, name FROM _mesh_column WHERE tbl = ?";
    try (Rows rows = database.query(sql, Value.of(table))) {
      while (rows.next()) {
        numbers.put(Identifier.folded(rows.text(1)), (int) rows.integer(0));
      }
    }
    return numbers;
  }

  private Found numbered(TableShape shape) {
    int number = number(shape.name());
    Map<String, Integer> numbers = columnNumbers(number);
    Map<Integer, ColumnState> states = states(number);
    int highest = numbers.values().stream().mapToInt(Integer::intValue).max().orElse(0);
    List<Column> added = new ArrayList<>();
    List<Column> returned = new ArrayList<>();
    Set<Integer> lost = new HashSet<>(numbers.values());
    for (Column column : shape.columns()) {
      Integer known = numbers.get(Identifier.folded(column.name()));
      if (known == null) {
        highest++;
        numbers.put(Identifier.folded(column.name()), highest);
        insertColumn(number, highest, column.name());
        added.add(column);
      } else if (states.get(known) != ColumnState.THERE) {
        setState(number, known, ColumnState.BACK);
        returned.add(column);
      }
      lost.remove(known);
    }
    lost.forEach(column -> setState(number, column, ColumnState.GONE));
    TrackedTable table = new TrackedTable(number, shape, numbers);
    return new Found(table, new OwnTables(database).ensure(table), added, returned);
  }

  private void insertColumn(int table, int number, String name) {
    database.execute(
        "INSERT INTO _mesh_column (tbl, number, name) VALUES (?, ?, ?)",
        Value.of(table),
        Value.of(number),
        Value.of(name));
  }

  private enum ColumnState {
    THERE,
    GONE,
    /** It was gone; what is merged of it is not shown yet. */
    BACK
  }

  private Map<Integer, ColumnState> states(int table) {
    Map<Integer, ColumnState> states = new HashMap<>();
    String sql = "SELECT number, state FROM _mesh_column WHERE tbl = ?";
    try (Rows rows = database.query(sql, Value.of(table))) {
      while (rows.next()) {
        states.put((int) rows.integer(0), ColumnState.valueOf(rows.text(1)));
      }
    }
    return states;
  }

  private void setState(int table, int column, ColumnState state) {
    database.execute(
        "UPDATE _mesh_column SET state = ? WHERE tbl = ? AND number = ? AND state <> ?",
        Value.of(state.name()),
        Value.of(table),
        Value.of(column),
        Value.of(state.name()));
  }

  /** Takes note that columns which had returned show what is merged; in a write transaction. */
  public void shown(TrackedTable table, Set<Column> returned) {
    returned.forEach(
        column -> setState(table.number(), table.columnNumber(column), ColumnState.THERE));
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
