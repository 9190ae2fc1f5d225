import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Measures from the return of a commit to the moment another connection sees the row: on the same
 * file for the baseline, on the other node's file for the mesh. Both connections are plain ones.
 */
public final class Latency {
  private static final int WARM_UP = 200;
  private static final long PAUSE_MILLIS = 15;
  private static final long GIVE_UP_NANOS = 30_000_000_000L;

  private Latency() {}

  public static void main(String[] arguments) throws Exception {
    List<String> words = List.of(arguments);
    if (words.get(0).equals("prepare")) {
      prepare(words.get(1));
      return;
    }
    int at = words.indexOf("--writes");
    int writes = at < 0 ? 1_000 : Integer.parseInt(words.get(at + 1));
    try (Connection one = open(words.get(1));
        Connection same = open(words.get(1));
        Connection two = open(words.get(2))) {
      // The JVMs of both nodes compile their hot paths first.
      run(one, two, "warm", WARM_UP);
      double[] baseline = run(one, same, "plain", writes);
      double[] mesh = run(one, two, "mesh", writes);
      boolean json = words.contains("--json");
      report("latency p50", at(mesh, 50), at(baseline, 50), 10, json);
      report("latency p99", at(mesh, 99), at(baseline, 99), 50, json);
      if (!json) {
        System.out.printf(
            Locale.ROOT,
            "%d writes, one row a commit, one every %d ms; slowest %.1f ms%n",
            writes,
            PAUSE_MILLIS,
            at(mesh, 100));
      }
    }
  }

  private static void prepare(String file) throws SQLException {
    try (Connection connection = open(file);
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode = WAL");
      statement.execute("CREATE TABLE t (k TEXT PRIMARY KEY, v TEXT, n INTEGER)");
    }
  }

  private static Connection open(String file) throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout = 5000");
      statement.execute("PRAGMA synchronous = NORMAL");
    }
    return connection;
  }

  /** Milliseconds from commit to sight, in ascending order. */
  private static double[] run(Connection writer, Connection reader, String name, int writes)
      throws Exception {
    double[] millis = new double[writes];
    try (PreparedStatement insert =
            writer.prepareStatement("INSERT INTO t VALUES (?, 'some text', 1)");
        PreparedStatement look = reader.prepareStatement("SELECT 1 FROM t WHERE k = ?")) {
      for (int i = 0; i < writes; i++) {
        String key = name + "-" + i;
        insert.setString(1, key);
        insert.executeUpdate();
        long committed = System.nanoTime();
        look.setString(1, key);
        await(look, committed);
        millis[i] = (System.nanoTime() - committed) / 1e6;
        Thread.sleep(PAUSE_MILLIS);
      }
    }
    Arrays.sort(millis);
    return millis;
  }

  private static void await(PreparedStatement look, long since) throws Exception {
    while (true) {
      try (ResultSet found = look.executeQuery()) {
        if (found.next()) {
          return;
        }
      }
      if (System.nanoTime() - since > GIVE_UP_NANOS) {
        throw new IllegalStateException("a write was not seen within 30 s");
      }
      // A moment's rest: the nodes share this machine's processors with the measurement.
      Thread.sleep(0, 200_000);
    }
  }

  private static double at(double[] sorted, int percent) {
    return sorted[Math.min(sorted.length - 1, sorted.length * percent / 100)];
  }

  private static void report(
      String name, double figure, double baseline, double bar, boolean json) {
    double ratio = figure / baseline;
    boolean met = figure <= bar;
    String pattern =
        json
            ? "{\"name\":\"%s\",\"figure\":%.2f,\"unit\":\"ms\",\"baseline\":%.2f,\"ratio\":%.1f,"
                + "\"bar\":%.0f,\"met\":%b}%n"
            : "%-12s  %6.2f ms   plain second connection %5.2f ms   ratio %6.1f   bar %3.0f ms   "
                + "met %b%n";
    System.out.printf(Locale.ROOT, pattern, name, figure, baseline, ratio, bar, met);
  }
}
