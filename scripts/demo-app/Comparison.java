import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** Looks at two files, table by table and row by row. */
final class Comparison {
  private Comparison() {}

  static void await(String left, String right, int seconds) throws Exception {
    long start = System.nanoTime();
    long deadline = start + seconds * 1_000_000_000L;
    try (Connection a = FaztFile.open(left);
        Connection b = FaztFile.open(right)) {
      while (!differences(a, b).isEmpty()) {
        if (System.nanoTime() > deadline) {
          throw new IllegalStateException(
              "still different after " + seconds + " s: " + differences(a, b));
        }
        Thread.sleep(5);
      }
      System.out.printf(
          Locale.ROOT,
          "  both files hold the same %,d shared rows, %.1f s after that command%n",
          FaztFile.count(a, FaztFile.SHARED),
          (System.nanoTime() - start) / 1e9);
    }
  }

  private static Map<String, Long> differences(Connection a, Connection b) throws SQLException {
    Map<String, Long> differences = new TreeMap<>();
    for (String table : FaztFile.SHARED) {
      List<List<Object>> here = FaztFile.rows(a, table);
      List<List<Object>> there = FaztFile.rows(b, table);
      if (!here.equals(there)) {
        differences.put(table, here.stream().filter(row -> !there.contains(row)).limit(5).count());
      }
    }
    return differences;
  }

  static boolean compare(String left, String right) throws SQLException {
    boolean equal = true;
    try (Connection a = FaztFile.open(left);
        Connection b = FaztFile.open(right)) {
      System.out.printf("  %-16s %10s %10s%n", "TABLE", left, right);
      for (String table : FaztFile.SHARED) {
        List<List<Object>> here = FaztFile.rows(a, table);
        List<List<Object>> there = FaztFile.rows(b, table);
        boolean same = here.equals(there);
        equal &= same;
        System.out.printf(
            Locale.ROOT,
            "  %-16s %,10d %,10d  %s%n",
            table,
            here.size(),
            there.size(),
            same ? "equal" : "DIFFERENT");
      }
      for (String table : FaztFile.PRIVATE) {
        boolean home =
            !Objects.equals(FaztFile.rows(a, table), FaztFile.rows(b, table))
                || table.equals("activity_log");
        System.out.printf(
            Locale.ROOT,
            "  %-16s %,10d %,10d  %s%n",
            table,
            FaztFile.rows(a, table).size(),
            FaztFile.rows(b, table).size(),
            home ? "its own" : "LEAKED");
        equal &= home;
      }
      System.out.println(
          "  the app is now: "
              + FaztFile.first(
                  a, "SELECT title || ', ' || description FROM apps WHERE id = 'vps-app-0'")
              + "; the theme: "
              + FaztFile.first(a, "SELECT value FROM app_kv WHERE key = 'theme'"));
    }
    System.out.println(
        equal
            ? "  Everything shared is equal, everything private stayed home."
            : "  THE FILES DIFFER.");
    return equal;
  }

  /** Whether a database holds its rows and nothing that an application did not make. */
  static boolean plain(String file) throws SQLException {
    try (Connection db = FaztFile.open(file)) {
      long foreign =
          ((Number)
                  FaztFile.first(
                      db,
                      "SELECT count(*) FROM sqlite_schema WHERE sql LIKE '%mesh%' OR type"
                          + " = 'trigger'"))
              .longValue();
      boolean intact = "ok".equals(FaztFile.first(db, "PRAGMA integrity_check"));
      System.out.printf(
          Locale.ROOT,
          "  %s: %,d rows, %d tables and triggers of a mesh, integrity check %s%n",
          file,
          FaztFile.count(db, FaztFile.SHARED) + FaztFile.count(db, FaztFile.PRIVATE),
          foreign,
          intact ? "ok" : "FAILED");
      return foreign == 0 && intact;
    }
  }
}
