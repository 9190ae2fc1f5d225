package sh.fazt.mesh.schema;

import java.util.Map;
import java.util.Optional;

/**
 * A table that replicates, with the numbers under which the mesh keeps it and its columns here.
 * Numbers outlive renames; on the wire there are only names.
 *
 * @param number this table's, part of the names of its touched log and shadow
 * @param columnNumbers of every non-key column by its name
 */
public record TrackedTable(int number, TableShape shape, Map<String, Integer> columnNumbers) {
  public TrackedTable {
    columnNumbers = Map.copyOf(columnNumbers);
  }

  public String name() {
    return shape.name();
  }

  /** The name of the table's touched log, quoted. */
  public String touched() {
    return Identifier.quoted(Identifier.OWN_PREFIX + "touched_" + number);
  }

  /** The name of the table's shadow, quoted. */
  public String shadow() {
    return Identifier.quoted(Identifier.OWN_PREFIX + "shadow_" + number);
  }

  /** The number of a column that this table has now. */
  public int columnNumber(Column column) {
    Integer number = columnNumbers.get(column.name());
    if (number == null) {
      throw new IllegalStateException("no number for " + name() + "." + column.name());
    }
    return number;
  }

  /** The column of that name that this table has now; SQLite's names ignore the case of ASCII. */
  public Optional<Column> column(String name) {
    return shape.columns().stream()
        .filter(column -> column.name().equalsIgnoreCase(name))
        .findFirst();
  }
}
