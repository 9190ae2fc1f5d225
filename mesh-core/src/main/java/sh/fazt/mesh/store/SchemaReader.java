package sh.fazt.mesh.store;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.schema.Affinity;
import sh.fazt.mesh.schema.Column;
import sh.fazt.mesh.schema.Identifier;
import sh.fazt.mesh.schema.TableShape;
import sh.fazt.mesh.schema.TableVerdict;
import sh.fazt.mesh.schema.Value;
import sh.fazt.mesh.wire.WireLimits;

/** Reads the shapes of the application's tables, and says which can replicate. Confined. */
public final class SchemaReader {
  private static final Pattern NUMBER =
      Pattern.compile(
          "[+-]?+\\s*+(?:0[xX][0-9a-fA-F]++|(?:[0-9]++(?:\\.[0-9]*+)?+|\\.[0-9]++)(?:[eE][+-]?+[0-9]++)?+)");
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z_0-9]*+");
  private static final Set<String> CONSTANTS = Set.of("NULL", "TRUE", "FALSE");
  private static final Set<String> COMPUTED =
      Set.of("CURRENT_TIME", "CURRENT_DATE", "CURRENT_TIMESTAMP");

  private final Database database;
  private final IndexReader indexReader;

  public SchemaReader(Database database) {
    this.database = database;
    this.indexReader = new IndexReader(database);
  }

  /** Moves whenever any connection changes the schema. */
  public long version() {
    return database.scalar("PRAGMA schema_version");
  }

  /** Every table of the application's, by name, in the order of names. */
  public List<TableVerdict> tables() {
    List<TableVerdict> verdicts = new ArrayList<>();
    Surroundings around = surroundings();
    for (Map.Entry<String, Kind> table : names().entrySet()) {
      verdicts.add(verdict(table.getKey(), table.getValue(), around));
    }
    return verdicts;
  }

  /** One table, if there is one of that name. */
  public Optional<TableVerdict> table(String name) {
    return names().entrySet().stream()
        .filter(entry -> Identifier.same(entry.getKey(), name))
        .findFirst()
        .map(entry -> verdict(entry.getKey(), entry.getValue(), surroundings()));
  }

  /** The statements that make the table and its indexes. */
  public List<String> statementsOf(String table) {
    List<String> statements = new ArrayList<>();
    String sql =
        """
        SELECT sql FROM sqlite_schema
        WHERE tbl_name = ? COLLATE NOCASE AND type IN ('table', 'index') AND sql IS NOT NULL
        ORDER BY type DESC, rowid""";
    try (Rows rows = database.query(sql, Value.of(table))) {
      while (rows.next()) {
        statements.add(rows.text(0));
      }
    }
    return statements;
  }

  private record Kind(String type, boolean withoutRowid, boolean strict) {}

  private Map<String, Kind> names() {
    Map<String, Kind> names = new TreeMap<>();
    String sql = "SELECT name, type, wr, strict FROM pragma_table_list WHERE schema = 'main'";
    try (Rows rows = database.query(sql)) {
      while (rows.next()) {
        String name = rows.text(0);
        if (!rows.text(1).equals("view") && !Identifier.isReserved(name)) {
          names.put(name, new Kind(rows.text(1), rows.integer(2) != 0, rows.integer(3) != 0));
        }
      }
    }
    return names;
  }

  /**
   * What a table's verdict depends on besides the table.
   *
   * @param collations the known ones, in upper case
   * @param parents the tables that foreign keys refer to, by folded name
   */
  private record Surroundings(Set<String> collations, Set<String> parents) {}

  private Surroundings surroundings() {
    String parents =
        """
        SELECT DISTINCT f."table" FROM sqlite_schema AS m, pragma_foreign_key_list(m.name) AS f
        WHERE m.type = 'table'""";
    return new Surroundings(
        texts("SELECT upper(name) FROM pragma_collation_list"),
        texts(parents).stream().map(Identifier::folded).collect(Collectors.toSet()));
  }

  private Set<String> texts(String sql) {
    Set<String> texts = new HashSet<>();
    try (Rows rows = database.query(sql)) {
      while (rows.next()) {
        texts.add(rows.text(0));
      }
    }
    return texts;
  }

  private TableVerdict verdict(String name, Kind kind, Surroundings around) {
    if (!kind.type().equals("table")) {
      return refused(name, ErrorCode.TABLE_UNSUPPORTED, "it is a " + kind.type() + " table");
    }
    List<IndexReader.Index> indexes = indexReader.of(name);
    for (IndexReader.Index index : indexes) {
      for (String collation : index.collations()) {
        if (!around.collations().contains(collation.toUpperCase(Locale.ROOT))) {
          return refused(
              name, ErrorCode.TABLE_UNSUPPORTED, "it needs the unknown collation " + collation);
        }
      }
    }
    Optional<TableShape> shape = shape(name, kind, indexes, around);
    if (shape.isEmpty()) {
      return refused(name, ErrorCode.TABLE_WITHOUT_KEY, "it has no PRIMARY KEY");
    }
    return unnameable(shape.get())
        .or(() -> unwritable(shape.get()))
        .<TableVerdict>map(why -> refused(name, ErrorCode.TABLE_UNSUPPORTED, why))
        .orElseGet(() -> new TableVerdict.Eligible(shape.get()));
  }

  private static TableVerdict refused(String name, ErrorCode code, String reason) {
    return new TableVerdict.Refused(name, code, reason);
  }

  private Optional<TableShape> shape(
      String name, Kind kind, List<IndexReader.Index> indexes, Surroundings around) {
    Map<String, String> keyCollations = new HashMap<>();
    boolean keyIndex = false;
    for (IndexReader.Index index : indexes) {
      if (index.isKey()) {
        keyIndex = true;
        for (int i = 0; i < index.columns().size(); i++) {
          String collation = index.collations().get(i);
          index.columns().get(i).ifPresent(column -> keyCollations.put(column, collation));
        }
      }
    }
    Map<Integer, Column> key = new TreeMap<>();
    List<Column> columns = new ArrayList<>();
    String sql =
        "SELECT name, type, \"notnull\", dflt_value, pk, hidden FROM pragma_table_xinfo(?)";
    try (Rows rows = database.query(sql, Value.of(name))) {
      while (rows.next()) {
        boolean generatedOrHidden = rows.integer(5) != 0;
        if (!generatedOrHidden) {
          Column column = column(rows, keyCollations);
          int keyPosition = (int) rows.integer(4);
          if (keyPosition > 0) {
            key.put(keyPosition, column);
          }
          if (keyPosition == 0 || hasSpellings(column, kind)) {
            columns.add(column);
          }
        }
      }
    }
    if (key.isEmpty()) {
      return Optional.empty();
    }
    boolean automatic = !keyIndex && !kind.withoutRowid();
    return Optional.of(
        new TableShape(
            name,
            List.copyOf(key.values()),
            columns,
            kind.strict(),
            automatic,
            indexReader.uniques(name, indexes),
            around.parents().contains(Identifier.folded(name)),
            database.encoding()));
  }

  /** Whether SQLite takes several values of this key column for one. */
  private static boolean hasSpellings(Column column, Kind kind) {
    boolean anyNumber = column.affinity() == Affinity.BLOB || column.declaredType().equals("ANY");
    boolean blobAlone = kind.strict() && column.declaredType().equals("BLOB");
    return !column.collation().equalsIgnoreCase("BINARY") || (anyNumber && !blobAlone);
  }

  private Column column(Rows rows, Map<String, String> keyCollations) {
    String name = rows.text(0);
    return new Column(
        name,
        rows.text(1),
        keyCollations.getOrDefault(name, "BINARY"),
        rows.integer(2) != 0,
        rows.isNull(3) ? Optional.of(Value.NULL) : constant(rows.text(3)));
  }

  /** What a DEFAULT stands for; bare names and double quotes are strings there. */
  private Optional<Value> constant(String expression) {
    if (isString(expression)) {
      return database.first("SELECT " + expression);
    } else if (expression.length() > 1 && isQuoted(expression, '"')) {
      String content = expression.substring(1, expression.length() - 1);
      return Optional.of(Value.of(content.replace("\"\"", "\"")));
    } else if (NAME.matcher(expression).matches() && !COMPUTED.contains(upper(expression))) {
      return CONSTANTS.contains(upper(expression))
          ? database.first("SELECT " + expression)
          : Optional.of(Value.of(expression));
    }
    return NUMBER.matcher(expression).matches()
        ? database.first("SELECT " + expression)
        : Optional.empty();
  }

  private static String upper(String text) {
    return text.toUpperCase(Locale.ROOT);
  }

  private static boolean isString(String expression) {
    boolean blob = expression.startsWith("x'") || expression.startsWith("X'");
    return isQuoted(blob ? expression.substring(1) : expression, '\'');
  }

  /** Whether all of the text is one quoted token. */
  private static boolean isQuoted(String text, char quote) {
    if (text.length() < 2 || text.charAt(0) != quote) {
      return false;
    }
    int at = 1;
    while (at < text.length()) {
      if (text.charAt(at) != quote) {
        at++;
      } else if (at + 1 < text.length() && text.charAt(at + 1) == quote) {
        at += 2;
      } else {
        return at == text.length() - 1;
      }
    }
    return false;
  }

  /** The reason why no peer would take a batch that names the table, if there is one. */
  private static Optional<String> unnameable(TableShape shape) {
    Stream<String> columns =
        Stream.concat(shape.key().stream(), shape.columns().stream()).map(Column::name);
    return Stream.concat(Stream.of(shape.name()), columns)
        .map(name -> Bytes.utf8(name).size())
        .filter(bytes -> bytes > WireLimits.NAME_BYTES_MAX)
        .findFirst()
        .map(
            bytes ->
                "it has a name of %d bytes, over %d".formatted(bytes, WireLimits.NAME_BYTES_MAX));
  }

  /** The reason why no row can be written with what a bare SQLite knows, if there is one. */
  private Optional<String> unwritable(TableShape shape) {
    String key = Identifier.quoted(shape.key().get(0).name());
    String sql =
        "EXPLAIN INSERT INTO " + Identifier.quoted(shape.name()) + " (" + key + ") VALUES (?)";
    return database.attemptCompile(sql);
  }
}
