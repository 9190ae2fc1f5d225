package sh.fazt.mesh.change;

/**
 * What counts as a mass delete: more than half of a table of over {@value #ROWS_MAX} rows goes.
 * Rows that come in the place of others, as where keys change, make up for them.
 */
public final class MassDelete {
  /** A table of so many rows may be emptied at once. */
  public static final long ROWS_MAX = 100;

  /** Deletes within so long count together. */
  public static final int WINDOW_MINUTES = 10;

  private MassDelete() {}

  /**
   * @param gone how many rows go, with those that went within the window
   * @param left how many rows are there then
   */
  public static boolean is(long gone, long left) {
    return gone > left && gone + left > ROWS_MAX;
  }

  /** Whether so many can be a mass delete of any table. */
  public static boolean mayBe(long gone) {
    return gone > ROWS_MAX / 2;
  }
}
