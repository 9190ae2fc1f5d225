import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Locale;

/** The rows that a database has before it meets another. */
final class Filling {
  private Filling() {}

  static void fill(String file, int rows) throws SQLException {
    boolean server = rows > 100;
    String home = server ? "vps" : "laptop";
    try (Connection db = FaztFile.open(file)) {
      FaztFile.make(db);
      db.setAutoCommit(false);
      apps(db, home, Math.max(3, rows / 100));
      pages(db, home, rows);
      others(db, home, server);
      db.commit();
      System.out.printf(
          Locale.ROOT,
          "  %-10s %,7d rows in %d tables%n",
          file,
          FaztFile.count(db, FaztFile.SHARED) + FaztFile.count(db, FaztFile.PRIVATE),
          FaztFile.SHARED.size() + FaztFile.PRIVATE.size());
    }
  }

  private static void apps(Connection db, String home, int count) throws SQLException {
    for (int i = 0; i < count; i++) {
      String app = home + "-app-" + i;
      FaztFile.update(
          db, "INSERT INTO apps (id, title, created_at) VALUES (?, ?, ?)", app, "App " + i, now());
      FaztFile.update(
          db,
          "INSERT INTO aliases (subdomain, targets) VALUES (?, ?)",
          app,
          "{\"app_id\":\"" + app + "\"}");
      FaztFile.update(
          db,
          "INSERT INTO domains (id, domain, app_id) VALUES (?, ?, ?)",
          app,
          app + ".example.com",
          app);
    }
  }

  private static void pages(Connection db, String home, int rows) throws SQLException {
    for (int i = 0; i < rows; i++) {
      byte[] page =
          ("<h1>Page " + i + " of " + home + "</h1>").repeat(20).getBytes(StandardCharsets.UTF_8);
      FaztFile.update(
          db,
          "INSERT INTO files VALUES (?, ?, ?, ?, 'text/html', ?, ?)",
          home,
          "page-" + i + ".html",
          page,
          page.length,
          "h" + i,
          now());
      FaztFile.update(
          db,
          "INSERT INTO app_kv VALUES (?, ?, ?, NULL, ?)",
          home + "-app-0",
          "key-" + i,
          "\"value " + i + "\"",
          now());
      FaztFile.update(
          db,
          "INSERT INTO app_docs VALUES (?, 'notes', ?, ?, NULL, ?, ?)",
          home + "-app-1",
          "doc-" + i,
          "{\"n\":" + i + ",\"text\":\"a note\"}",
          now(),
          now());
    }
  }

  private static void others(Connection db, String home, boolean server) throws SQLException {
    FaztFile.update(
        db,
        "INSERT INTO app_blobs VALUES (?, 'logo.png', randomblob(60000), 'image/png', 60000, 'x',"
            + " ?)",
        home + "-app-0",
        now());
    if (server) {
      FaztFile.update(
          db, "INSERT INTO redirects (slug, destination) VALUES (?, 'https://example.com')", home);
      FaztFile.update(
          db, "INSERT INTO env_vars (site_id, name, value) VALUES (?, 'MODE', 'live')", home);
    }
    FaztFile.update(
        db, "INSERT INTO configurations VALUES ('server.secret', lower(hex(randomblob(8))))");
    FaztFile.update(
        db, "INSERT INTO auth_users VALUES (?, ?, 'secret')", home, home + "@example.com");
    FaztFile.update(db, "INSERT INTO activity_log (action) VALUES ('start')");
    FaztFile.update(
        db, "INSERT INTO worker_jobs VALUES (?, 'a', '{\"daemon\":1}', 'running')", home);
  }

  private static long now() {
    return System.currentTimeMillis();
  }
}
