package sh.fazt.mesh;

/**
 * Changes of one table that were delivered and cannot show here yet, all for one reason.
 *
 * @param column the column that stands in the way; empty where it is the whole table
 * @param changes how many
 * @param sinceMillis when the first of them was delivered, Unix milliseconds
 * @param dueMillis when they show by themselves, Unix milliseconds; 0 where the schema has to move
 */
public record Waiting(
    String table, Reason reason, String column, long changes, long sinceMillis, long dueMillis) {
  /** What they wait for. */
  public enum Reason {
    /** The table is here and does not take part. */
    NOT_TRACKED,
    TABLE_MISSING,
    COLUMN_MISSING,
    /** The column merges in a way that this version does not know. */
    COLUMN_TYPE,
    /** The table's key has other columns here. */
    OTHER_KEY,
    /** The database cannot keep the text of the row's key, for its encoding. */
    UNKEPT_KEY,
    /** They were written by a clock that is ahead. */
    EARLY,
    /** They are part of a mass delete, and nobody has said yet what becomes of it. */
    HELD
  }

  /** Whether it was chosen here that they do not show. */
  public boolean isDeclined() {
    return reason == Reason.NOT_TRACKED;
  }
}
