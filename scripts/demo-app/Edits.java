import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What both applications write, together and apart. */
final class Edits {
  private Edits() {}

  /** What is written on one side, and what must then be read on the other. */
  private record Edit(String on, String what, String write, String read, String expected) {}

  private static final int SMALL_WRITES = 60;

  private static final List<Edit> EDITS =
      List.of(
          new Edit(
              "laptop",
              "a page: files, 4 kB",
              "UPDATE files SET content = CAST(printf('%.4000c', 'x') AS BLOB), size_bytes = 4000,"
                  + " hash = 'new' WHERE site_id = 'vps' AND path = 'page-7.html'",
              "SELECT hash FROM files WHERE site_id = 'vps' AND path = 'page-7.html'",
              "new"),
          new Edit(
              "vps",
              "a setting: app_kv",
              "INSERT INTO app_kv VALUES ('vps-app-0', 'theme', '\"dark\"', NULL, 1) ON CONFLICT DO"
                  + " UPDATE SET value = excluded.value",
              "SELECT value FROM app_kv WHERE app_id = 'vps-app-0' AND key = 'theme'",
              "\"dark\""),
          new Edit(
              "laptop",
              "a document: app_docs",
              "INSERT INTO app_docs VALUES ('vps-app-1', 'notes', 'fresh', '{\"text\":\"from the"
                  + " laptop\"}', NULL, 1, 1)",
              "SELECT json_extract(data, '$.text') FROM app_docs WHERE id = 'fresh'",
              "from the laptop"),
          new Edit(
              "vps",
              "its deletion",
              "DELETE FROM app_docs WHERE id = 'fresh'",
              "SELECT count(*) FROM app_docs WHERE id = 'fresh'",
              "0"),
          new Edit(
              "vps",
              "500 documents in one transaction",
              "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500) INSERT"
                  + " INTO app_docs SELECT 'vps-app-2', 'bulk', 'b' || i, '{\"i\":' || i || '}',"
                  + " NULL, 1, 1 FROM n",
              "SELECT count(*) FROM app_docs WHERE collection = 'bulk'",
              "500"),
          new Edit(
              "laptop",
              "INSERT OR REPLACE over a UNIQUE slug",
              "INSERT OR REPLACE INTO redirects (slug, destination) VALUES ('vps',"
                  + " 'https://example.org')",
              "SELECT destination FROM redirects WHERE slug = 'vps'",
              "https://example.org"));

  static void together(String left, String right) throws Exception {
    try (Connection a = FaztFile.open(left);
        Connection b = FaztFile.open(right)) {
      System.out.printf("  %-9s %-45s %s%n", "ON", "WRITES", "SEEN BY THE OTHER AFTER");
      for (Edit edit : EDITS) {
        boolean laptop = edit.on().equals("laptop");
        double millis = perform(laptop ? a : b, laptop ? b : a, edit);
        System.out.printf(Locale.ROOT, "  %-9s %-45s %.0f ms%n", edit.on(), edit.what(), millis);
      }
      small(a, b);
    }
  }

  /** How long many small writes take to be seen. */
  private static void small(Connection a, Connection b) throws Exception {
    double[] millis = new double[SMALL_WRITES];
    for (int i = 0; i < millis.length; i++) {
      boolean fromLeft = i % 2 == 0;
      Edit edit =
          new Edit(
              "both",
              "",
              "INSERT INTO kv_store VALUES ('demo', 'k" + i + "', 'v', 1)",
              "SELECT value FROM kv_store WHERE key = 'k" + i + "'",
              "v");
      millis[i] = perform(fromLeft ? a : b, fromLeft ? b : a, edit);
    }
    Arrays.sort(millis);
    System.out.printf(
        Locale.ROOT,
        "  %-9s %-45s median %.0f ms, slowest %.0f ms%n",
        "both",
        millis.length + " small writes, one after the other",
        millis[millis.length / 2],
        millis[millis.length - 1]);
  }

  /** Milliseconds from the commit on one side until a reader of the other file sees it. */
  private static double perform(Connection from, Connection to, Edit edit) throws Exception {
    FaztFile.update(from, edit.write());
    long start = System.nanoTime();
    long deadline = start + 15_000_000_000L;
    try (PreparedStatement read = to.prepareStatement(edit.read())) {
      while (System.nanoTime() < deadline) {
        try (ResultSet rows = read.executeQuery()) {
          if (rows.next() && edit.expected().equals(String.valueOf(rows.getObject(1)))) {
            return (System.nanoTime() - start) / 1e6;
          }
        }
        Thread.sleep(1);
      }
    }
    throw new IllegalStateException("not seen within 15 s: " + edit.what() + edit.write());
  }

  static void apart(String left, String right) throws Exception {
    try (Connection a = FaztFile.open(left);
        Connection b = FaztFile.open(right)) {
      FaztFile.update(a, "UPDATE apps SET title = 'Renamed on the train' WHERE id = 'vps-app-0'");
      FaztFile.update(
          b, "UPDATE apps SET description = 'Described in the office' WHERE id = 'vps-app-0'");
      FaztFile.update(a, "UPDATE app_kv SET value = '\"light\"' WHERE key = 'theme'");
      Thread.sleep(20); // so that one of the two is the later
      FaztFile.update(b, "UPDATE app_kv SET value = '\"sepia\"' WHERE key = 'theme'");
      FaztFile.update(b, "DELETE FROM files WHERE site_id = 'vps' AND path LIKE 'page-1__.html'");
      FaztFile.update(
          a, "INSERT INTO app_docs VALUES ('vps-app-1', 'notes', 'train', '{}', NULL, 1, 1)");
      FaztFile.update(
          b, "INSERT INTO app_docs VALUES ('vps-app-1', 'notes', 'office', '{}', NULL, 1, 1)");
    }
    System.out.println("  both edit one app: its title here, its description there");
    System.out.println("  both add a document; there, 100 pages go");
    System.out.println("  both change one setting: the later write will stand, the other is kept");
  }
}
