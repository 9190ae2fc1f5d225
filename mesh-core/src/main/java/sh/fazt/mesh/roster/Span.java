package sh.fazt.mesh.roster;

/** Lengths of time in words, rounded down to one unit. */
final class Span {
  private static final long SECOND_MILLIS = 1_000;
  private static final long MINUTE_MILLIS = 60 * SECOND_MILLIS;
  private static final long HOUR_MILLIS = 60 * MINUTE_MILLIS;
  private static final long DAY_MILLIS = 24 * HOUR_MILLIS;

  private Span() {}

  /** {@code 4 minutes}. */
  static String text(long millis) {
    if (millis >= DAY_MILLIS) {
      return count(millis / DAY_MILLIS, "day");
    } else if (millis >= HOUR_MILLIS) {
      return count(millis / HOUR_MILLIS, "hour");
    } else if (millis >= MINUTE_MILLIS) {
      return count(millis / MINUTE_MILLIS, "minute");
    }
    return count(Math.max(0, millis) / SECOND_MILLIS, "second");
  }

  private static String count(long number, String unit) {
    return number + " " + unit + (number == 1 ? "" : "s");
  }
}
