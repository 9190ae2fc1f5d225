package sh.fazt.mesh.schema;

/**
 * One stored column of a table.
 *
 * @param declaredType as in CREATE TABLE, empty if there is none
 * @param collation of the key for a key column, {@code BINARY} otherwise
 * @param defaultValue what a row shows that never wrote the column; NULL where the default is not a
 *     plain literal
 */
public record Column(
    String name, String declaredType, String collation, boolean notNull, Value defaultValue) {}
