import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A database as Fazt has it: its tables, and plain JDBC to read and write them. */
final class FaztFile {
  static final List<String> SHARED =
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

  static final List<String> PRIVATE =
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

  private FaztFile() {}

  /** A connection with the settings that Fazt uses. */
  static Connection open(String file) throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode = WAL");
      statement.execute("PRAGMA foreign_keys = ON");
      statement.execute("PRAGMA busy_timeout = 2000");
    }
    return connection;
  }

  static void make(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql : SCHEMA.split(";")) {
        if (!sql.isBlank()) {
          statement.execute(sql);
        }
      }
    }
  }

  static int update(Connection connection, String sql, Object... values) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      return statement.executeUpdate();
    }
  }

  static Object first(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      return rows.next() ? rows.getObject(1) : null;
    }
  }

  static long count(Connection db, List<String> tables) throws SQLException {
    long rows = 0;
    for (String table : tables) {
      rows += ((Number) first(db, "SELECT count(*) FROM " + table)).longValue();
    }
    return rows;
  }

  /** All rows in the order of all columns, BLOBs as text. */
  static List<List<Object>> rows(Connection db, String table) throws SQLException {
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
}
