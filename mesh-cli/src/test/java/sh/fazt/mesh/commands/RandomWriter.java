package sh.fazt.mesh.commands;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;

/**
 * Writes at random to the table {@code items (id TEXT PRIMARY KEY, text TEXT, number INTEGER)}
 * through plain JDBC, one transaction after the other. Its result: the rows that nobody else
 * touches as they were acknowledged, by key.
 *
 * @param name begins the keys of its own rows
 */
record RandomWriter(SqliteFile file, String name, long seed, int transactions)
    implements Callable<Map<String, String>> {
  private static final int OWN_KEYS = 60;
  private static final int SHARED_KEYS = 20;
  private static final int MANY_KEYS = 200;

  @Override
  public Map<String, String> call() throws SQLException {
    Random chance = new Random(seed);
    Map<String, Item> own = new TreeMap<>();
    try (Connection connection = file.open()) {
      for (int i = 0; i < transactions; i++) {
        write(connection, chance, i, own);
      }
    }
    Map<String, String> rows = new TreeMap<>();
    own.forEach((key, item) -> rows.put(key, item.text() + "|" + item.number()));
    return rows;
  }

  private record Item(String text, long number) {}

  private void write(Connection connection, Random chance, int i, Map<String, Item> own)
      throws SQLException {
    String key = name + "-" + chance.nextInt(OWN_KEYS);
    double what = chance.nextDouble();
    if (what < 0.45) {
      Item item = new Item(name + "-" + "x".repeat(chance.nextInt(40)), i);
      insert(connection, key, item);
      own.put(key, item);
    } else if (what < 0.65) {
      update(connection, "UPDATE items SET number = number + 1 WHERE id = ?", key);
      own.computeIfPresent(key, (same, item) -> new Item(item.text(), item.number() + 1));
    } else if (what < 0.8) {
      update(connection, "DELETE FROM items WHERE id = ?", key);
      own.remove(key);
    } else if (what < 0.9) {
      share(connection, chance, i);
    } else {
      many(connection, chance, i, own);
    }
  }

  private void share(Connection connection, Random chance, int i) throws SQLException {
    String key = "shared-" + chance.nextInt(SHARED_KEYS);
    if (chance.nextInt(10) < 3) {
      update(connection, "DELETE FROM items WHERE id = ?", key);
    } else {
      update(
          connection,
          "INSERT INTO items VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET text = excluded.text",
          key,
          name,
          i);
    }
  }

  private void many(Connection connection, Random chance, int i, Map<String, Item> own)
      throws SQLException {
    Map<String, Item> batch = new TreeMap<>();
    for (int row = 0; row < 10; row++) {
      batch.put(name + "-many-" + chance.nextInt(MANY_KEYS), new Item(name, i));
    }
    connection.setAutoCommit(false);
    for (Map.Entry<String, Item> row : batch.entrySet()) {
      insert(connection, row.getKey(), row.getValue());
    }
    if (chance.nextInt(10) < 3) {
      connection.rollback();
    } else {
      connection.commit();
      own.putAll(batch);
    }
    connection.setAutoCommit(true);
  }

  private static void insert(Connection connection, String key, Item item) throws SQLException {
    update(
        connection,
        "INSERT OR REPLACE INTO items VALUES (?, ?, ?)",
        key,
        item.text(),
        item.number());
  }

  private static void update(Connection connection, String sql, Object... arguments)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < arguments.length; i++) {
        statement.setObject(i + 1, arguments[i]);
      }
      statement.executeUpdate();
    }
  }
}
