package sh.fazt.mesh.fingerprint;

/** The limits of a comparison of states, the same on every node. */
public final class StateLimits {
  /** Rows of one state. */
  public static final int ROWS_MAX = 8_000_000;

  /** Bytes of the heap for each row of a state: what reading takes, and as much for all else. */
  public static final int HEAP_BYTES_PER_ROW = 256;

  /** Rows of a range that is told row by row. */
  public static final int LEAF_ROWS_MAX = 16;

  /** Ranges in one question. */
  public static final int RANGES_MAX = 64;

  /** Questions about ranges in one comparison. */
  public static final int QUESTIONS_MAX = 2_000;

  /** Rows that are found to differ, after which the search ends; also rows in one question. */
  public static final int DIFFERENCES_MAX = 1_000;

  /** Tables of a plan. */
  public static final int TABLES_MAX = 2_000;

  /** Columns of a table in a plan, key included. */
  public static final int COLUMNS_MAX = 2_000;

  /** Bytes of a plan; tables that do not fit are left out. */
  public static final int PLAN_BYTES_MAX = 512 << 10;

  /** Bytes of a name, as UTF-8: as many as a batch may name. */
  public static final int NAME_BYTES_MAX = 1_024;

  /** Bytes of a row's key that is told; longer ones are cut. */
  public static final int KEY_BYTES_MAX = 512;

  private StateLimits() {}
}
