package sh.fazt.mesh.roster;

/** The limits of the roster and of the admission exchange, each with its unit. */
public final class RosterLimits {
  /** Operations that one operation may name as its parents. */
  public static final int PARENTS_MAX = 32;

  /** Bytes of one encoded operation. */
  public static final int OPERATION_BYTES_MAX = 4096;

  /** Sites of which one operation may name the last batch. */
  public static final int HEADS_MAX = 64;

  /** Nodes that one replacement of a persona's key may name as kept. */
  public static final int KEPT_MAX = 64;

  /** Removals that contradict each other, of which the most senior is picked, one by one. */
  static final int CONTESTED_MAX = 64;

  /** Operations of one mesh. */
  public static final int OPERATIONS_MAX = 20_000;

  /** Bytes of a node's or a persona's name, as UTF-8. */
  public static final int NAME_BYTES_MAX = 64;

  /** Bytes of a nonce. */
  public static final int NONCE_BYTES = 32;

  /** Wrong proofs after which an invitation is burnt. */
  public static final int BAD_PROOFS_MAX = 5;

  /** Milliseconds from an open link to a stranger to the end of its admission exchange. */
  public static final int ADMISSION_MILLIS = 30_000;

  /** Links to strangers that a node keeps open at a time. */
  public static final int ADMISSIONS_MAX = 16;

  /** Bytes of one part of a long answer: operations, or rows of a preview. */
  public static final int CHUNK_BYTES_MAX = 256 * 1024;

  /** Bytes of the text of a refusal, as UTF-8. */
  public static final int MESSAGE_BYTES_MAX = 512;

  /** Bytes of a table's name, as UTF-8. */
  public static final int TABLE_NAME_BYTES_MAX = 1_024;

  /** Bytes of a CREATE TABLE, as UTF-8. */
  public static final int TABLE_SQL_BYTES_MAX = 128 * 1024;

  /** Indexes of one table. */
  public static final int INDEXES_MAX = 32;

  /** Bytes of a CREATE INDEX, as UTF-8. */
  public static final int INDEX_SQL_BYTES_MAX = 16 * 1024;

  /** Columns that were dropped from one table, of which a joiner is told. */
  public static final int FORMER_COLUMNS_MAX = 256;

  /** Bytes of a column's name, as UTF-8. */
  public static final int COLUMN_NAME_BYTES_MAX = 512;

  private RosterLimits() {}
}
