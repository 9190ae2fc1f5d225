package sh.fazt.mesh.schema;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A table that replicates, with the numbers under which the mesh keeps it and its columns here.
 * Numbers outlive renames; on the wire there are only names.
 *
 * @param number this table's, part of the names of its touched log and shadow
 * @param columnNumbers of every column that ever was, by its folded name
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
    Integer number = columnNumbers.get(Identifier.folded(column.name()));
    if (number == null) {
      throw new IllegalStateException("no number for " + name() + "." + column.name());
    }
    return number;
  }

  /** The number of a column that this table had once and has no more. */
  public OptionalInt formerNumber(String name) {
    Integer number = columnNumbers.get(Identifier.folded(name));
    return number == null || column(name).isPresent()
        ? OptionalInt.empty()
        : OptionalInt.of(number);
  }

  /** The numbers of all columns that this table has now. */
  public List<Integer> numbers() {
    return shape.columns().stream().map(this::columnNumber).toList();
  }

  /** The column of that name that this table has now; SQLite's names ignore the case of ASCII. */
  public Optional<Column> column(String name) {
    return shape.columns().stream()
        .filter(column -> Identifier.same(column.name(), name))
        .findFirst();
  }
}
