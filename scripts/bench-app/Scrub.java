import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;

/** Fills a database with rows, and waits until its node has signed so many changes. */
public final class Scrub {
  private static final long BAR_SECONDS = 60;
  private static final long GIVE_UP_NANOS = 600_000_000_000L;

  private Scrub() {}

  /** {@code prepare FILE ROWS}, {@code signed FILE CHANGES} or {@code found FILE CHANGES BEFORE}. */
  public static void main(String[] arguments) throws Exception {
    List<String> words = List.of(arguments);
    String file = words.get(1);
    long count = Long.parseLong(words.get(2));
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout = 20000");
      switch (words.get(0)) {
        case "prepare" -> prepare(statement, count);
        case "signed" -> await(statement, count);
        case "found" -> {
          long before = Long.parseLong(words.get(3));
          double seconds = await(statement, before + count);
          report(seconds, words.contains("--json"));
        }
        default -> throw new IllegalArgumentException(words.get(0));
      }
    }
  }

  private static void prepare(Statement statement, long rows) throws SQLException {
    statement.execute("PRAGMA journal_mode = WAL");
    statement.execute("CREATE TABLE t (k TEXT PRIMARY KEY, v TEXT, n INTEGER, r REAL, tag TEXT)");
    statement.execute(
        "WITH RECURSIVE i(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM i WHERE n < "
            + rows
            + ") INSERT INTO t SELECT hex(randomblob(8)) || n, 'some text', n, n / 3.0, NULL FROM i");
  }

  /** Seconds until so many changes are in the log. */
  private static double await(Statement statement, long changes) throws Exception {
    long start = System.nanoTime();
    while (true) {
      try (ResultSet found = statement.executeQuery("SELECT sum(changes) FROM _mesh_batch")) {
        if (found.getLong(1) >= changes) {
          return (System.nanoTime() - start) / 1e9;
        }
      }
      if (System.nanoTime() - start > GIVE_UP_NANOS) {
        throw new IllegalStateException("not found within 10 minutes");
      }
      Thread.sleep(100);
    }
  }

  private static void report(double seconds, boolean json) {
    String pattern =
        json
            ? "{\"name\":\"scrub\",\"figure\":%.1f,\"unit\":\"s\",\"bar\":%d,\"met\":%b}%n"
            : "scrub         %6.1f s    from the daemon's start until all that passed the triggers"
                + " is signed   bar %d s   met %b%n";
    System.out.printf(Locale.ROOT, pattern, seconds, BAR_SECONDS, seconds <= BAR_SECONDS);
  }
}
