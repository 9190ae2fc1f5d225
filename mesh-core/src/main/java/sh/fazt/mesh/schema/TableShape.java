package sh.fazt.mesh.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A table as the mesh sees it. Generated columns are left out: they follow from the others.
 *
 * @param key the primary key's columns in its own order, at least one
 * @param columns the other stored columns in the table's order, and those of the key that may spell
 *     one key in several ways
 * @param strict whether the table is STRICT
 * @param automaticKey whether the key is SQLite's rowid (INTEGER PRIMARY KEY), which SQLite chooses
 * @param uniques the UNIQUE indexes beyond the key
 * @param parent whether a foreign key refers to the table
 * @param encoding how the database keeps its text
 */
public record TableShape(
    String name,
    List<Column> key,
    List<Column> columns,
    boolean strict,
    boolean automaticKey,
    List<UniqueIndex> uniques,
    boolean parent,
    TextEncoding encoding) {

  public TableShape {
    key = List.copyOf(key);
    columns = List.copyOf(columns);
    uniques = List.copyOf(uniques);
    if (key.isEmpty()) {
      throw new IllegalArgumentException("a replicated table has a key: " + name);
    }
  }

  /** The same table by another name. */
  public TableShape called(String other) {
    return new TableShape(other, key, columns, strict, automaticKey, uniques, parent, encoding);
  }

  /** Equal for all that SQLite takes for one key; values of a key of another size as they are. */
  public List<Value> folded(List<Value> keyValues) {
    if (keyValues.size() != key.size()) {
      return keyValues;
    }
    List<Value> folded = new ArrayList<>();
    for (int i = 0; i < key.size(); i++) {
      folded.add(KeyFold.fold(keyValues.get(i), key.get(i).collation()));
    }
    return folded;
  }

  /**
   * What a row shows that never wrote the column; empty where SQLite computes it.
   *
   * @param foldedKey the row's key
   */
  public Optional<Value> unwritten(Column column, List<Value> foldedKey) {
    int place = key.indexOf(column);
    return place < 0 ? column.defaultValue() : Optional.of(foldedKey.get(place));
  }

  /** Whether a row of this key may have the value: any, unless the column is part of the key. */
  public boolean mayHold(Column column, Value value, List<Value> foldedKey) {
    int place = key.indexOf(column);
    return place < 0 || KeyFold.fold(value, column.collation()).equals(foldedKey.get(place));
  }

  /**
   * Whether a key stands for the same row here and elsewhere: without a NULL, and compared here as
   * everywhere.
   */
  public boolean names(List<Value> keyValues) {
    for (int i = 0; i < key.size(); i++) {
      Value value = keyValues.get(i);
      if (value.equals(Value.NULL) || !encoding.compares(value, key.get(i).collation())) {
        return false;
      }
    }
    return true;
  }

  /** Whether the database can keep a row of this key, which comes from elsewhere, under it. */
  public boolean keeps(List<Value> keyValues) {
    return names(keyValues) && keyValues.stream().allMatch(encoding::holds);
  }

  /** The key's columns, then the others. */
  public List<Column> allColumns() {
    List<Column> all = new ArrayList<>(key);
    all.addAll(columns);
    return all;
  }
}
