import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Stands for Fazt in the demo: an application that knows SQLite and nothing of any mesh. It makes
 * tables, writes rows and reads them, through plain JDBC.
 */
public final class Application {
  private static final List<String> SHARED =
      List.of(
          "apps",
          "aliases",
          "files",
          "app_kv",
          "app_docs",
          "app_blobs",
          "kv_store",
          "domains",
          "redirects",
          "webhooks",
          "env_vars",
          "deployments");
  private static final List<String> PRIVATE =
      List.of("configurations", "auth_users", "activity_log", "worker_jobs");

  private static final String SCHEMA =
      """
      CREATE TABLE apps (id TEXT PRIMARY KEY, title TEXT NOT NULL, description TEXT,
        tags TEXT DEFAULT '[]', source TEXT DEFAULT 'deploy', created_at INTEGER, updated_at INTEGER);
      CREATE TABLE aliases (subdomain TEXT PRIMARY KEY, type TEXT NOT NULL DEFAULT 'app',
        targets TEXT, created_at INTEGER, updated_at INTEGER);
      CREATE TABLE files (site_id TEXT NOT NULL, path TEXT NOT NULL, content BLOB,
        size_bytes INTEGER NOT NULL, mime_type TEXT, hash TEXT, updated_at INTEGER,
        PRIMARY KEY (site_id, path));
      CREATE TABLE app_kv (app_id TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL,
        expires_at INTEGER, updated_at INTEGER, PRIMARY KEY (app_id, key));
      CREATE TABLE app_docs (app_id TEXT NOT NULL, collection TEXT NOT NULL, id TEXT NOT NULL,
        data TEXT NOT NULL, session_id TEXT, created_at INTEGER, updated_at INTEGER,
        PRIMARY KEY (app_id, collection, id));
      CREATE INDEX idx_docs_session ON app_docs(session_id) WHERE session_id IS NOT NULL;
      CREATE TABLE app_blobs (app_id TEXT NOT NULL, path TEXT NOT NULL, data BLOB NOT NULL,
        mime_type TEXT, size_bytes INTEGER, hash TEXT, updated_at INTEGER,
        PRIMARY KEY (app_id, path));
      CREATE TABLE kv_store (site_id TEXT NOT NULL, key TEXT NOT NULL, value TEXT,
        updated_at INTEGER, PRIMARY KEY (site_id, key));
      CREATE TABLE domains (id TEXT PRIMARY KEY, domain TEXT NOT NULL UNIQUE,
        app_id TEXT REFERENCES apps(id) ON DELETE CASCADE, created_at INTEGER);
      CREATE TABLE redirects (id INTEGER PRIMARY KEY AUTOINCREMENT, slug TEXT UNIQUE NOT NULL,
        destination TEXT NOT NULL, click_count INTEGER DEFAULT 0, created_at INTEGER);
      CREATE TABLE webhooks (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL,
        endpoint TEXT UNIQUE NOT NULL, is_active INTEGER DEFAULT 1, created_at INTEGER);
      CREATE TABLE env_vars (id INTEGER PRIMARY KEY AUTOINCREMENT, site_id TEXT NOT NULL,
        name TEXT NOT NULL, value TEXT, UNIQUE (site_id, name));
      CREATE TABLE deployments (id INTEGER PRIMARY KEY AUTOINCREMENT, site_id TEXT NOT NULL,
        size_bytes INTEGER, file_count INTEGER, created_at INTEGER);
      CREATE TABLE configurations (key TEXT PRIMARY KEY, value TEXT);
      CREATE TABLE auth_users (id TEXT PRIMARY KEY, email TEXT UNIQUE NOT NULL, password_hash TEXT);
      CREATE TABLE activity_log (id INTEGER PRIMARY KEY AUTOINCREMENT, action TEXT,
        created_at INTEGER);
      CREATE TABLE worker_jobs (id TEXT PRIMARY KEY, app_id TEXT, config TEXT, status TEXT);
      CREATE INDEX idx_jobs_daemon ON worker_jobs(json_extract(config, '$.daemon'));
      """;

  private Application() {}

  public static void main(String[] words) throws Exception {
    switch (words[0]) {
      case "port" -> printFreePort();
      case "fill" -> fill(words[1], Integer.parseInt(words[2]));
      case "edits" -> edits(words[1], words[2]);
      case "offline" -> offline(words[1], words[2]);
      case "await" -> await(words[1], words[2], Integer.parseInt(words[3]));
      case "compare" -> System.exit(compare(words[1], words[2]) ? 0 : 1);
      case "plain" -> System.exit(plain(words[1]) ? 0 : 1);
      default -> throw new IllegalArgumentException(words[0]);
    }
  }

  private static void printFreePort() throws IOException {
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      System.out.println(probe.getLocalPort());
    }
  }

  /** A connection with the settings that Fazt uses. */
  private static Connection open(String file) throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode = WAL");
      statement.execute("PRAGMA foreign_keys = ON");
      statement.execute("PRAGMA busy_timeout = 2000");
    }
    return connection;
  }

  private static int update(Connection connection, String sql, Object... values)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      return statement.executeUpdate();
    }
  }

  private static Object first(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      return rows.next() ? rows.getObject(1) : null;
    }
  }

  private static void fill(String file, int rows) throws SQLException {
    boolean server = rows > 100;
    String home = server ? "vps" : "laptop";
    try (Connection db = open(file)) {
      try (Statement statement = db.createStatement()) {
        for (String sql : SCHEMA.split(";")) {
          if (!sql.isBlank()) {
            statement.execute(sql);
          }
        }
      }
      db.setAutoCommit(false);
      for (int i = 0; i < Math.max(3, rows / 100); i++) {
        String app = home + "-app-" + i;
        update(
            db,
            "INSERT INTO apps (id, title, created_at) VALUES (?, ?, ?)",
            app,
            "App " + i,
            now());
        update(
            db,
            "INSERT INTO aliases (subdomain, targets) VALUES (?, ?)",
            app,
            "{\"app_id\":\"" + app + "\"}");
        update(
            db,
            "INSERT INTO domains (id, domain, app_id) VALUES (?, ?, ?)",
            app,
            app + ".example.com",
            app);
      }
      for (int i = 0; i < rows; i++) {
        byte[] page =
            ("<h1>Page " + i + " of " + home + "</h1>").repeat(20).getBytes(StandardCharsets.UTF_8);
        update(
            db,
            "INSERT INTO files VALUES (?, ?, ?, ?, 'text/html', ?, ?)",
            home,
            "page-" + i + ".html",
            page,
            page.length,
            "h" + i,
            now());
        update(
            db,
            "INSERT INTO app_kv VALUES (?, ?, ?, NULL, ?)",
            home + "-app-0",
            "key-" + i,
            "\"value " + i + "\"",
            now());
        update(
            db,
            "INSERT INTO app_docs VALUES (?, 'notes', ?, ?, NULL, ?, ?)",
            home + "-app-1",
            "doc-" + i,
            "{\"n\":" + i + ",\"text\":\"a note\"}",
            now(),
            now());
      }
      update(
          db,
          "INSERT INTO app_blobs VALUES (?, 'logo.png', randomblob(60000), 'image/png', 60000, 'x',"
              + " ?)",
          home + "-app-0",
          now());
      if (server) {
        update(
            db,
            "INSERT INTO redirects (slug, destination) VALUES (?, 'https://example.com')",
            home);
        update(db, "INSERT INTO env_vars (site_id, name, value) VALUES (?, 'MODE', 'live')", home);
      }
      update(db, "INSERT INTO configurations VALUES ('server.secret', lower(hex(randomblob(8))))");
      update(db, "INSERT INTO auth_users VALUES (?, ?, 'secret')", home, home + "@example.com");
      update(db, "INSERT INTO activity_log (action) VALUES ('start')");
      update(db, "INSERT INTO worker_jobs VALUES (?, 'a', '{\"daemon\":1}', 'running')", home);
      db.commit();
      System.out.printf(
          Locale.ROOT,
          "  %-10s %,7d rows in %d tables%n",
          file,
          count(db, SHARED) + count(db, PRIVATE),
          SHARED.size() + PRIVATE.size());
    }
  }

  private static long now() {
    return System.currentTimeMillis();
  }

  private static long count(Connection db, List<String> tables) throws SQLException {
    long rows = 0;
    for (String table : tables) {
      rows += ((Number) first(db, "SELECT count(*) FROM " + table)).longValue();
    }
    return rows;
  }

  /** What is written on one side, and what must then be read on the other. */
  private record Edit(String what, String write, String read, String expected) {}

  private static void edits(String left, String right) throws Exception {
    try (Connection a = open(left);
        Connection b = open(right)) {
      System.out.printf("  %-9s %-45s %s%n", "ON", "WRITES", "SEEN BY THE OTHER AFTER");
      show(
          a,
          b,
          "laptop",
          new Edit(
              "a page: files, 4 kB",
              "UPDATE files SET content = CAST(printf('%.4000c', 'x') AS BLOB), size_bytes = 4000,"
                  + " hash = 'new' WHERE site_id = 'vps' AND path = 'page-7.html'",
              "SELECT hash FROM files WHERE site_id = 'vps' AND path = 'page-7.html'",
              "new"));
      show(
          b,
          a,
          "vps",
          new Edit(
              "a setting: app_kv",
              "INSERT INTO app_kv VALUES ('vps-app-0', 'theme', '\"dark\"', NULL, 1) ON CONFLICT DO"
                  + " UPDATE SET value = excluded.value",
              "SELECT value FROM app_kv WHERE app_id = 'vps-app-0' AND key = 'theme'",
              "\"dark\""));
      show(
          a,
          b,
          "laptop",
          new Edit(
              "a document: app_docs",
              "INSERT INTO app_docs VALUES ('vps-app-1', 'notes', 'fresh', '{\"text\":\"from the"
                  + " laptop\"}', NULL, 1, 1)",
              "SELECT json_extract(data, '$.text') FROM app_docs WHERE id = 'fresh'",
              "from the laptop"));
      show(
          b,
          a,
          "vps",
          new Edit(
              "its deletion",
              "DELETE FROM app_docs WHERE id = 'fresh'",
              "SELECT count(*) FROM app_docs WHERE id = 'fresh'",
              "0"));
      show(
          b,
          a,
          "vps",
          new Edit(
              "500 documents in one transaction",
              "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500) INSERT"
                  + " INTO app_docs SELECT 'vps-app-2', 'bulk', 'b' || i, '{\"i\":' || i || '}',"
                  + " NULL, 1, 1 FROM n",
              "SELECT count(*) FROM app_docs WHERE collection = 'bulk'",
              "500"));
      show(
          a,
          b,
          "laptop",
          new Edit(
              "INSERT OR REPLACE over a UNIQUE slug",
              "INSERT OR REPLACE INTO redirects (slug, destination) VALUES ('vps',"
                  + " 'https://example.org')",
              "SELECT destination FROM redirects WHERE slug = 'vps'",
              "https://example.org"));
      double[] millis = new double[60];
      for (int i = 0; i < millis.length; i++) {
        boolean fromLeft = i % 2 == 0;
        Edit edit =
            new Edit(
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
  }

  private static void show(Connection from, Connection to, String who, Edit edit) throws Exception {
    double millis = perform(from, to, edit);
    System.out.printf(Locale.ROOT, "  %-9s %-45s %.0f ms%n", who, edit.what(), millis);
  }

  /** Milliseconds from the commit on one side until a reader of the other file sees it. */
  private static double perform(Connection from, Connection to, Edit edit) throws Exception {
    update(from, edit.write());
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

  private static void offline(String left, String right) throws SQLException {
    try (Connection a = open(left);
        Connection b = open(right)) {
      update(a, "UPDATE apps SET title = 'Renamed on the train' WHERE id = 'vps-app-0'");
      update(b, "UPDATE apps SET description = 'Described in the office' WHERE id = 'vps-app-0'");
      update(a, "UPDATE app_kv SET value = '\"light\"' WHERE key = 'theme'");
      update(b, "UPDATE app_kv SET value = '\"sepia\"' WHERE key = 'theme'");
      update(b, "DELETE FROM files WHERE site_id = 'vps' AND path LIKE 'page-1__.html'");
      update(a, "INSERT INTO app_docs VALUES ('vps-app-1', 'notes', 'train', '{}', NULL, 1, 1)");
      update(b, "INSERT INTO app_docs VALUES ('vps-app-1', 'notes', 'office', '{}', NULL, 1, 1)");
    }
    System.out.println("  both edit one app: its title here, its description there");
    System.out.println("  both add a document; there, 100 pages go");
    System.out.println("  both change one setting: the later write will stand, the other is kept");
  }

  private static void await(String left, String right, int seconds) throws Exception {
    long start = System.nanoTime();
    long deadline = start + seconds * 1_000_000_000L;
    try (Connection a = open(left);
        Connection b = open(right)) {
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
          count(a, SHARED),
          (System.nanoTime() - start) / 1e9);
    }
  }

  private static Map<String, Long> differences(Connection a, Connection b) throws SQLException {
    Map<String, Long> differences = new TreeMap<>();
    for (String table : SHARED) {
      List<List<Object>> here = rows(a, table);
      List<List<Object>> there = rows(b, table);
      if (!here.equals(there)) {
        differences.put(table, here.stream().filter(row -> !there.contains(row)).limit(5).count());
      }
    }
    return differences;
  }

  /** All rows in the order of all columns, BLOBs as text. */
  private static List<List<Object>> rows(Connection db, String table) throws SQLException {
    List<List<Object>> all = new ArrayList<>();
    try (Statement statement = db.createStatement();
        ResultSet rows = statement.executeQuery("SELECT * FROM " + table + " ORDER BY 1, 2")) {
      int columns = rows.getMetaData().getColumnCount();
      while (rows.next()) {
        List<Object> row = new ArrayList<>();
        for (int i = 1; i <= columns; i++) {
          Object value = rows.getObject(i);
          row.add(
              value instanceof byte[] bytes ? Arrays.hashCode(bytes) + "/" + bytes.length : value);
        }
        all.add(row);
      }
    }
    return all;
  }

  /** Whether a database holds its rows and nothing that an application did not make. */
  private static boolean plain(String file) throws SQLException {
    try (Connection db = open(file)) {
      long foreign =
          ((Number)
                  first(
                      db, "SELECT count(*) FROM sqlite_schema WHERE sql LIKE '%mesh%' OR type = 'trigger'"))
              .longValue();
      boolean intact = "ok".equals(first(db, "PRAGMA integrity_check"));
      System.out.printf(
          Locale.ROOT,
          "  %s: %,d rows, %d tables and triggers of a mesh, integrity check %s%n",
          file,
          count(db, SHARED) + count(db, PRIVATE),
          foreign,
          intact ? "ok" : "FAILED");
      return foreign == 0 && intact;
    }
  }

  private static boolean compare(String left, String right) throws SQLException {
    boolean equal = true;
    try (Connection a = open(left);
        Connection b = open(right)) {
      System.out.printf("  %-16s %10s %10s%n", "TABLE", left, right);
      for (String table : SHARED) {
        List<List<Object>> here = rows(a, table);
        List<List<Object>> there = rows(b, table);
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
      for (String table : PRIVATE) {
        boolean home =
            !Objects.equals(rows(a, table), rows(b, table)) || table.equals("activity_log");
        System.out.printf(
            Locale.ROOT,
            "  %-16s %,10d %,10d  %s%n",
            table,
            rows(a, table).size(),
            rows(b, table).size(),
            home ? "its own" : "LEAKED");
        equal &= home;
      }
      System.out.println(
          "  the app is now: "
              + first(a, "SELECT title || ', ' || description FROM apps WHERE id = 'vps-app-0'")
              + "; the theme: "
              + first(a, "SELECT value FROM app_kv WHERE key = 'theme'"));
    }
    System.out.println(
        equal
            ? "  Everything shared is equal, everything private stayed home."
            : "  THE FILES DIFFER.");
    return equal;
  }
}
