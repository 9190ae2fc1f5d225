package sh.fazt.mesh.schema;

import java.util.Optional;

/**
 * One stored column of a table.
 *
 * @param declaredType as in CREATE TABLE, empty if there is none
 * @param collation of the key for a key column, {@code BINARY} otherwise
 * @param defaultValue what a row shows that never wrote the column; empty where SQLite computes it
 *     for each row
 */
public record Column(
    String name,
    String declaredType,
    String collation,
    boolean notNull,
    Optional<Value> defaultValue) {

  /** The affinity that {@link #declaredType} gives. */
  public Affinity affinity() {
    return Affinity.of(declaredType);
  }
}
