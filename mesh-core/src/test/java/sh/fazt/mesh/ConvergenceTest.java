package sh.fazt.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random statements on several replicas, carried about at random: in the end all are equal. */
class ConvergenceTest {
  private static final List<String> TABLES =
      List.of(
          "CREATE TABLE plain (id TEXT PRIMARY KEY, a TEXT, b INTEGER, c REAL)",
          "CREATE TABLE pair (x TEXT, y INTEGER, a BLOB, b TEXT, PRIMARY KEY (x, y))",
          "CREATE TABLE tight (id INTEGER, k TEXT, a TEXT, PRIMARY KEY (k, id)) WITHOUT ROWID",
          "CREATE TABLE firm (id BLOB PRIMARY KEY NOT NULL, a ANY, b INTEGER) STRICT",
          "CREATE TABLE number (id INTEGER PRIMARY KEY, a TEXT, b TEXT DEFAULT 'none')");

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void replicasEndEqualWhateverTheOrder(long seed) {
    Random random = new Random(seed);
    List<String> names = List.of("a", "b", "c");
    try (TestNodes nodes = new TestNodes(folder, seed)) {
      nodes.database("a", TABLES.toArray(String[]::new));
      nodes.found("a");
      for (String name : names.subList(1, names.size())) {
        nodes.join(name, "a");
        nodes.sync("a", name);
      }
      for (int step = 0; step < 400; step++) {
        nodes.nowMillis += random.nextInt(5);
        String name = names.get(random.nextInt(names.size()));
        if (random.nextInt(6) > 0) {
          nodes.app(name).run(Statements.draw(random));
        } else {
          nodes.carry(name, names.get(random.nextInt(names.size())));
        }
      }
      for (int round = 0; round < 2; round++) {
        nodes.sync("a", "b");
        nodes.sync("b", "c");
        nodes.sync("a", "c");
      }
      for (String table : Statements.NAMES) {
        List<String> expected = nodes.app("a").exact(table);
        assertThat(nodes.app("b").exact(table)).as("seed %d, %s", seed, table).isEqualTo(expected);
        assertThat(nodes.app("c").exact(table)).as("seed %d, %s", seed, table).isEqualTo(expected);
      }
      assertThat(nodes.scrub("a") + nodes.scrub("b") + nodes.scrub("c")).isZero();
      assertThat(nodes.app("a").one("PRAGMA integrity_check")).isEqualTo("ok");
      assertThat(nodes.mesh("a").view().figures(nodes.nowMillis).aside()).isZero();
      assertThat(nodes.mesh("a").view().figures(nodes.nowMillis).parked()).isZero();
    }
  }

  /** Statements as applications write them, over few keys so that they meet. */
  private static final class Statements {
    static final List<String> NAMES = List.of("plain", "pair", "tight", "firm", "number");

    static String draw(Random random) {
      return switch (random.nextInt(NAMES.size())) {
        case 0 -> onPlain(random);
        case 1 -> onPair(random);
        case 2 -> onTight(random);
        case 3 -> onFirm(random);
        default -> onNumber(random);
      };
    }

    private static String onPlain(Random random) {
      String id = "'k" + random.nextInt(6) + "'";
      return switch (random.nextInt(6)) {
        case 0 -> "INSERT OR REPLACE INTO plain VALUES (" + id + ", " + value(random) + ", 1, 2.5)";
        case 1 ->
            "INSERT INTO plain (id, a) VALUES ("
                + id
                + ", "
                + value(random)
                + ") ON CONFLICT (id) DO UPDATE SET a = excluded.a";
        case 2 -> "UPDATE plain SET b = " + value(random) + " WHERE id = " + id;
        case 3 -> "UPDATE OR REPLACE plain SET id = 'k0' WHERE id = " + id;
        case 4 -> "DELETE FROM plain WHERE id = " + id;
        default -> "UPDATE plain SET c = c + 1, a = " + value(random);
      };
    }

    private static String onPair(Random random) {
      String key = "x = 'p" + random.nextInt(3) + "' AND y = " + random.nextInt(2);
      return switch (random.nextInt(3)) {
        case 0 ->
            "INSERT OR IGNORE INTO pair VALUES ('p%d', %d, %s, %s)"
                .formatted(random.nextInt(3), random.nextInt(2), value(random), value(random));
        case 1 -> "UPDATE pair SET a = " + value(random) + " WHERE " + key;
        default -> "DELETE FROM pair WHERE " + key;
      };
    }

    private static String onTight(Random random) {
      int id = random.nextInt(4);
      return switch (random.nextInt(3)) {
        case 0 -> "REPLACE INTO tight VALUES (" + id + ", 't', " + value(random) + ")";
        case 1 -> "UPDATE OR IGNORE tight SET id = id + 1 WHERE id = " + id;
        default -> "DELETE FROM tight WHERE id >= " + id;
      };
    }

    private static String onFirm(Random random) {
      String id = "x'0" + random.nextInt(4) + "'";
      return switch (random.nextInt(3)) {
        case 0 -> "INSERT OR REPLACE INTO firm VALUES (" + id + ", " + value(random) + ", 7)";
        case 1 -> "UPDATE firm SET a = " + value(random) + " WHERE id = " + id;
        default -> "DELETE FROM firm WHERE id = " + id;
      };
    }

    private static String onNumber(Random random) {
      int id = random.nextInt(5);
      return switch (random.nextInt(3)) {
        case 0 -> "INSERT INTO number (a) VALUES (" + value(random) + ")";
        case 1 -> "UPDATE number SET b = " + value(random) + " WHERE id = " + id;
        default -> "DELETE FROM number WHERE id = " + id;
      };
    }

    private static String value(Random random) {
      return switch (random.nextInt(9)) {
        case 0 -> "NULL";
        case 1 -> String.valueOf(random.nextLong());
        case 2 -> "-0.0";
        case 3 -> "9e999";
        case 4 -> "x'00ff'";
        case 5 -> "CAST(x'ff00fe' AS TEXT)";
        case 6 -> "''";
        case 7 -> "x''";
        default -> "'v" + random.nextInt(100) + "'";
      };
    }
  }
}
