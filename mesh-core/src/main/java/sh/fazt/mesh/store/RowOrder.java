package sh.fazt.mesh.store;

import java.util.List;
import java.util.Optional;
import sh.fazt.mesh.schema.TableShape;
import sh.fazt.mesh.schema.Value;

/**
 * The order in which a table's rows lie in the file. To read all rows in another one is to look for
 * each of them.
 *
 * @param columns as SQL, to select, compare and order by
 * @param size how many
 * @param there what holds of all rows that are in that order
 */
record RowOrder(String columns, int size, String there) {
  /** The names by which SQLite knows a row's number, unless a column has them. */
  private static final List<String> ROWID = List.of("rowid", "_rowid_", "oid");

  static RowOrder of(Database database, TableShape shape) {
    boolean numbered =
        database.scalar(
                "SELECT wr FROM pragma_table_list WHERE schema = 'main' AND name = ?",
                Value.of(shape.name()))
            == 0;
    Optional<String> rowid =
        ROWID.stream().filter(name -> isFree(database, shape, name)).findFirst();
    return numbered && rowid.isPresent()
        ? new RowOrder(rowid.get(), 1, "1")
        : new RowOrder(
            RowSql.ordered(shape.key(), ""), shape.key().size(), RowSql.keyIsThere(shape.key()));
  }

  private static boolean isFree(Database database, TableShape shape, String name) {
    return database
        .first(
            "SELECT 1 FROM pragma_table_xinfo(?) WHERE name = ? COLLATE NOCASE",
            Value.of(shape.name()),
            Value.of(name))
        .isEmpty();
  }
}
