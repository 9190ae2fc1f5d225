package sh.fazt.mesh;

/**
 * Deletes of one table, by one node, that would take more than half of it, and wait until a person
 * says what becomes of them.
 *
 * @param author the name of the node that made them
 * @param here whether this node did: then the rows are gone here and no other node was told.
 *     Otherwise they stand here, and are gone there
 * @param sinceMillis when the first of them was held, Unix milliseconds
 */
public record HeldDeletes(String table, String author, boolean here, long rows, long sinceMillis) {}
