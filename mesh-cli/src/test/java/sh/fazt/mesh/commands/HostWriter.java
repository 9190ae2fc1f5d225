package sh.fazt.mesh.commands;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * An application on one node of Fazt's own database, which goes on writing while the tables under
 * it are migrated. It knows only columns that all shapes have. Its result: what was acknowledged of
 * its own rows, empty text for those that it deleted last.
 *
 * @param name begins the keys of its rows
 * @param commits counts the transactions
 * @param stop ends it
 */
record HostWriter(SqliteFile file, String name, AtomicInteger commits, AtomicBoolean stop)
    implements Callable<Map<String, String>> {
  private static final int KEYS = 40;
  private static final long PAUSE_NANOS = 3_000_000;

  @Override
  public Map<String, String> call() throws SQLException {
    Random chance = new Random(name.hashCode());
    Map<String, String> own = new TreeMap<>();
    try (Connection connection = file.open()) {
      while (!stop.get()) {
        write(connection, chance, own);
        commits.incrementAndGet();
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
    return own;
  }

  private void write(Connection connection, Random chance, Map<String, String> own)
      throws SQLException {
    String key = name + "-" + chance.nextInt(KEYS);
    String value = name + " " + commits.get() + " é";
    switch (chance.nextInt(8)) {
      case 0, 1 -> {
        run(
            connection,
            "INSERT INTO app_kv (app_id, key, value) VALUES ('app', ?, ?)"
                + " ON CONFLICT (app_id, key) DO UPDATE SET value = excluded.value",
            key,
            value);
        own.put("app_kv|" + key, value);
      }
      case 2 -> {
        run(connection, "DELETE FROM app_kv WHERE app_id = 'app' AND key = ?", key);
        own.put("app_kv|" + key, "");
      }
      case 3 -> {
        String data = "{\"session\":\"" + name + "\",\"text\":\"" + value + "\"}";
        run(
            connection,
            "REPLACE INTO app_docs (app_id, collection, id, data) VALUES ('app', 'notes', ?, ?)",
            key,
            data);
        own.put("app_docs|" + key, data);
      }
      case 4 -> {
        run(
            connection,
            "INSERT INTO files (site_id, path, content) VALUES ('site', ?, ?)"
                + " ON CONFLICT (site_id, path) DO UPDATE SET content = excluded.content",
            key,
            value.getBytes(StandardCharsets.UTF_8));
        own.put("files|" + key, value);
      }
      case 5 -> {
        run(
            connection,
            "INSERT INTO kv_store (site_id, key, value) VALUES ('site', ?, ?)"
                + " ON CONFLICT (site_id, key) DO UPDATE SET value = excluded.value",
            key,
            value);
        own.put("kv_store|" + key, value);
      }
      // Rows that are new in every shape, also where the other node has dropped a column by then.
      case 6 -> {
        String fresh = name + "-" + commits.get();
        run(
            connection,
            "INSERT INTO apps (id, name, source) VALUES (?, ?, ?)",
            fresh,
            fresh,
            value);
        own.put("apps|" + fresh, value);
      }
      default -> {
        String fresh = name + "-" + commits.get();
        run(connection, "INSERT INTO aliases (subdomain, type) VALUES (?, 'reserved')", fresh);
        own.put("aliases|" + fresh, "reserved");
      }
    }
  }

  private static void run(Connection connection, String sql, Object... arguments)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < arguments.length; i++) {
        statement.setObject(i + 1, arguments[i]);
      }
      statement.executeUpdate();
    }
  }
}
