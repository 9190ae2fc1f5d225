package sh.fazt.mesh.store;

import sh.fazt.mesh.schema.Column;
import sh.fazt.mesh.schema.Identifier;
import sh.fazt.mesh.schema.TableShape;
import sh.fazt.mesh.schema.TrackedTable;
import sh.fazt.mesh.schema.Value;

/**
 * Makes a tracked table's touched log and shadow, whose keys compare as the table's do. Confined.
 */
final class OwnTables {
  private static final String COPY = "temp._mesh_copy";

  private final Database database;

  OwnTables(Database database) {
    this.database = database;
  }

  /**
   * Makes what is missing, and makes both again where the application has given the table another
   * key; inside a write transaction.
   *
   * @return whether they were made, so that nothing is recorded of writes before
   */
  boolean ensure(TrackedTable table) {
    String keys = keyDeclarations(table.shape());
    String touched = table.touched() + " (at INTEGER, " + keys + ")";
    String names = RowSql.keys(table.shape().key().size(), "");
    String shadow =
        "%s (%s, packed BLOB NOT NULL, PRIMARY KEY (%s)) WITHOUT ROWID"
            .formatted(table.shadow(), keys, names);
    if (isMade(table.touched(), touched) && isMade(table.shadow(), shadow)) {
      return false;
    }
    database.run("DROP TABLE IF EXISTS " + table.touched());
    database.run("CREATE TABLE " + touched);
    boolean sameSize = keySize(table.shadow()) == table.shape().key().size();
    if (sameSize) {
      database.run("CREATE TEMP TABLE _mesh_copy AS SELECT * FROM " + table.shadow());
    }
    database.run("DROP TABLE IF EXISTS " + table.shadow());
    database.run("CREATE TABLE " + shadow);
    if (sameSize) {
      database.run("INSERT OR IGNORE INTO " + table.shadow() + " SELECT * FROM " + COPY);
      database.run("DROP TABLE " + COPY);
    }
    return true;
  }

  /** Whether both are there, for a key of this size. */
  boolean isReadable(TrackedTable table) {
    return keySize(table.shadow()) == table.shape().key().size()
        && database
            .first(
                "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?",
                Value.of(unquoted(table.touched())))
            .isPresent();
  }

  private boolean isMade(String quotedName, String definition) {
    return database
        .first(
            "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ? AND sql = ?",
            Value.of(unquoted(quotedName)),
            Value.of("CREATE TABLE " + definition))
        .isPresent();
  }

  private int keySize(String quotedName) {
    return (int)
        database.scalar(
            "SELECT count(*) FROM pragma_table_info(?) WHERE pk > 0",
            Value.of(unquoted(quotedName)));
  }

  private static String unquoted(String quotedName) {
    return quotedName.substring(1, quotedName.length() - 1);
  }

  private static String keyDeclarations(TableShape shape) {
    return RowSql.joined(
        shape.key().size(),
        i -> {
          Column column = shape.key().get(i);
          String collation = Identifier.quoted(column.collation());
          return "k" + i + " " + keyType(shape, column) + " COLLATE " + collation;
        },
        ", ");
  }

  /** A type whose affinity leaves the values of the key column as they are. */
  private static String keyType(TableShape shape, Column column) {
    boolean anyOfStrict = shape.strict() && column.declaredType().equalsIgnoreCase("ANY");
    return anyOfStrict || column.declaredType().isEmpty()
        ? "BLOB"
        : Identifier.quoted(column.declaredType());
  }
}
