package sh.fazt.mesh.output;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Counts, sizes and times as people write them. */
public final class Units {
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");
  private static final DateTimeFormatter MOMENT =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT);
  private static final long SECOND = 1000;
  private static final long MINUTE = 60 * SECOND;
  private static final long HOUR = 60 * MINUTE;
  private static final long DAY = 24 * HOUR;

  private Units() {}

  /** {@code 18,204}. */
  public static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** {@code 1 row}, {@code 18,204 rows}. */
  public static String count(long number, String noun) {
    return count(number) + " " + noun + (number == 1 ? "" : "s");
  }

  /** {@code 1 batch}, {@code 418 batches}. */
  public static String batches(long number) {
    return count(number) + (number == 1 ? " batch" : " batches");
  }

  /** {@code 512 B}, {@code 1.2 kB}, {@code 43.2 MB}: decimal units, two or three digits. */
  public static String bytes(long size) {
    String[] units = {"B", "kB", "MB", "GB", "TB", "PB"};
    double rest = size;
    int unit = 0;
    while (rest >= 999.5 && unit < units.length - 1) {
      rest /= 1000;
      unit++;
    }
    boolean fraction = unit > 0 && rest < 99.95;
    return String.format(Locale.ROOT, fraction ? "%.1f %s" : "%.0f %s", rest, units[unit]);
  }

  /** {@code 38ms}, {@code 1.9s}, {@code 42s}, {@code 4m 5s}, {@code 3h 12m}, {@code 3d 4h}. */
  public static String duration(long millis) {
    if (millis < 100) {
      return millis + "ms";
    }
    if (millis < 10 * SECOND) {
      return String.format(Locale.ROOT, "%.1fs", millis / 1000.0);
    }
    if (millis < MINUTE) {
      return millis / SECOND + "s";
    }
    if (millis < HOUR) {
      return two(millis, MINUTE, "m", SECOND, "s");
    }
    return millis < DAY ? two(millis, HOUR, "h", MINUTE, "m") : two(millis, DAY, "d", HOUR, "h");
  }

  private static String two(long millis, long big, String bigUnit, long small, String smallUnit) {
    long rest = millis % big / small;
    return millis / big + bigUnit + (rest == 0 ? "" : " " + rest + smallUnit);
  }

  /** The largest unit alone: {@code 2s}, {@code 15m}, {@code 2h}, {@code 3d}. */
  public static String roughly(long millis) {
    if (millis < MINUTE) {
      return millis / SECOND + "s";
    }
    if (millis < HOUR) {
      return millis / MINUTE + "m";
    }
    return millis < DAY ? millis / HOUR + "h" : millis / DAY + "d";
  }

  /** {@code just now}, {@code 2s ago}, {@code 3d ago}; {@code never} for time 0. */
  public static String ago(long thenMillis, long nowMillis) {
    if (thenMillis <= 0) {
      return "never";
    }
    long passed = Math.max(0, nowMillis - thenMillis);
    return passed < 2 * SECOND ? "just now" : roughly(passed) + " ago";
  }

  /** {@code 2025-11-22 10:02:16}, where the person is. */
  public static String moment(long millis, ZoneId zone) {
    return MOMENT.format(Instant.ofEpochMilli(millis).atZone(zone));
  }

  /**
   * {@code 15 minutes}, {@code 1 hour}, {@code 90 seconds}: whole, in the largest unit that fits.
   */
  public static String words(long millis) {
    if (millis % DAY == 0) {
      return count(millis / DAY, "day");
    }
    if (millis % HOUR == 0) {
      return count(millis / HOUR, "hour");
    }
    return millis % MINUTE == 0
        ? count(millis / MINUTE, "minute")
        : count(millis / SECOND, "second");
  }

  /** Reads {@code 500ms}, {@code 30s}, {@code 15m}, {@code 1h}, {@code 2d}; empty for all else. */
  public static Optional<Duration> parseDuration(String text) {
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long amount = Long.parseLong(matcher.group(1));
    return Optional.of(
        switch (matcher.group(2)) {
          case "ms" -> Duration.ofMillis(amount);
          case "s" -> Duration.ofSeconds(amount);
          case "m" -> Duration.ofMinutes(amount);
          case "h" -> Duration.ofHours(amount);
          default -> Duration.ofDays(amount);
        });
  }
}
