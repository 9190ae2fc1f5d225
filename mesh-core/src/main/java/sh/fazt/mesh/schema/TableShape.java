package sh.fazt.mesh.schema;

import java.util.ArrayList;
import java.util.List;

/**
 * A table as the mesh sees it. Generated columns are left out: they follow from the others.
 *
 * @param key the primary key's columns in its own order, at least one
 * @param columns the other stored columns in the table's order
 * @param strict whether the table is STRICT
 * @param automaticKey whether the key is SQLite's rowid (INTEGER PRIMARY KEY), which SQLite chooses
 * @param uniques the UNIQUE indexes beyond the key
 */
public record TableShape(
    String name,
    List<Column> key,
    List<Column> columns,
    boolean strict,
    boolean automaticKey,
    List<UniqueIndex> uniques) {

  public TableShape {
    key = List.copyOf(key);
    columns = List.copyOf(columns);
    uniques = List.copyOf(uniques);
    if (key.isEmpty()) {
      throw new IllegalArgumentException("a replicated table has a key: " + name);
    }
  }

  /** The key's columns, then the others. */
  public List<Column> allColumns() {
    List<Column> all = new ArrayList<>(key);
    all.addAll(columns);
    return all;
  }
}
