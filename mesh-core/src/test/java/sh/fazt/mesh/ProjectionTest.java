package sh.fazt.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the rules of a table keep out waits, whole, and every node shows the same. */
class ProjectionTest extends PairOfReplicas {
  private static final String USERS = "CREATE TABLE u (id TEXT PRIMARY KEY, e TEXT UNIQUE, n INT)";

  @Test
  void theOlderOfTwoClaimsIsShownEverywhere() {
    pair(USERS);
    laptop("INSERT INTO u VALUES ('l', 'x', 1)");
    vps("INSERT INTO u VALUES ('v', 'x', 2)", "INSERT INTO u VALUES ('w', 'y', 3)");
    sync();
    assertSame("u");
    assertThat(rows("vps", "SELECT id FROM u ORDER BY id")).containsExactly("l", "w");
    assertThat(figures("vps").aside()).isOne();
    assertThat(figures("laptop").aside()).isOne();
    laptop("UPDATE u SET n = 9 WHERE id = 'l'");
    sync();
    vps("UPDATE u SET e = 'z' WHERE id = 'l'");
    sync();
    assertSame("u");
    assertThat(rows("laptop", "SELECT id || e || n FROM u ORDER BY id"))
        .containsExactly("lz9", "vx2", "wy3");
    assertNothingWaits();
  }

  @Test
  void aSwapOfUniqueValuesArrives() {
    pair(USERS, "INSERT INTO u VALUES ('a', '1', 0), ('b', '2', 0), ('c', '3', 0)");
    vps(
        "BEGIN",
        "UPDATE u SET e = 'tmp' WHERE id = 'a'",
        "UPDATE u SET e = '1' WHERE id = 'b'",
        "UPDATE u SET e = '2' WHERE id = 'c'",
        "UPDATE u SET e = '3', n = 7 WHERE id = 'a'",
        "COMMIT");
    sync();
    assertThat(rows("laptop", "SELECT id || e || n FROM u ORDER BY id"))
        .containsExactly("a37", "b10", "c20");
    assertSame("u");
    assertNothingWaits();
  }

  @Test
  void anEditOfARowThatWaitsIsKept() {
    pair(USERS);
    laptop("INSERT INTO u VALUES ('l', 'x', 1)");
    nodes.mesh("laptop").harvest();
    vps("INSERT INTO u VALUES ('v', 'x', 2)");
    nodes.mesh("vps").harvest();
    vps("UPDATE u SET n = 5 WHERE id = 'v'");
    sync();
    assertSame("u");
    laptop("DELETE FROM u WHERE id = 'l'");
    sync();
    assertSame("u");
    assertThat(rows("laptop", "SELECT id || n FROM u")).containsExactly("v5");
    assertNothingWaits();
  }

  @Test
  void whatOneSideForbidsWaitsThereAndHoldsNothingUp() {
    nodes.database("vps", "CREATE TABLE t (id TEXT PRIMARY KEY, v INT, w TEXT)");
    nodes.found("vps");
    nodes.database(
        "laptop",
        "CREATE TABLE t (id TEXT PRIMARY KEY, v INT CHECK (v < 10), w TEXT NOT NULL,"
            + " j TEXT GENERATED ALWAYS AS (json_extract(w, '$.a')) STORED)");
    nodes.join("laptop", "vps");
    sync();
    vps(
        "BEGIN",
        "INSERT INTO t VALUES ('a', 1, '{}')",
        "INSERT INTO t VALUES ('b', 50, '{}')",
        "INSERT INTO t VALUES ('c', 2, NULL)",
        "INSERT INTO t VALUES ('d', 2, 'no json')",
        "INSERT INTO t VALUES ('e', 3, '{\"a\":5}')",
        "COMMIT");
    sync();
    assertThat(rows("laptop", "SELECT id FROM t ORDER BY id")).containsExactly("a", "e");
    assertThat(figures("laptop").aside()).isEqualTo(3);
    vps("UPDATE t SET v = 60 WHERE id = 'a'", "UPDATE t SET w = '{}' WHERE id = 'c'");
    sync();
    assertThat(rows("laptop", "SELECT id FROM t ORDER BY id")).containsExactly("c", "e");
    vps("UPDATE t SET v = 6 WHERE v > 10", "UPDATE t SET w = '[]' WHERE id = 'd'");
    sync();
    assertThat(rows("laptop", "SELECT id || v || w FROM t ORDER BY id"))
        .isEqualTo(rows("vps", "SELECT id || v || w FROM t ORDER BY id"))
        .hasSize(5);
    assertNothingWaits();
  }

  @Test
  void aRowThatWaitsComesBackWhenTheSchemaAllowsIt() {
    pair(USERS);
    vps("DROP TABLE u", "CREATE TABLE u (id TEXT PRIMARY KEY, e TEXT, n INT)");
    vps("INSERT INTO u VALUES ('a', 'x', 1), ('b', 'x', 2)");
    sync();
    assertThat(rows("laptop", "SELECT count(*) FROM u")).containsExactly("1");
    laptop(
        "PRAGMA foreign_keys = OFF",
        "BEGIN",
        "CREATE TABLE n (id TEXT PRIMARY KEY, e TEXT, n INT)",
        "INSERT INTO n SELECT * FROM u",
        "DROP TABLE u",
        "ALTER TABLE n RENAME TO u",
        "COMMIT");
    sync();
    assertSame("u");
    assertNothingWaits();
  }

  @Test
  void aNewUniqueIndexSetsAsideWhatAPeerStillAllows() {
    pair("CREATE TABLE u (id TEXT PRIMARY KEY, e TEXT, n INT)");
    laptop("CREATE UNIQUE INDEX ue ON u (e) WHERE n > 0");
    vps("INSERT INTO u VALUES ('a', 'x', 1), ('b', 'x', 2), ('c', 'x', 0), ('d', 'x', 0)");
    sync();
    assertThat(rows("laptop", "SELECT id FROM u ORDER BY id")).containsExactly("a", "c", "d");
    laptop("DROP INDEX ue");
    sync();
    assertSame("u");
    assertNothingWaits();
  }

  @Test
  void genesisRowsThatClashShowTheSeniors() {
    nodes.database("vps", USERS, "INSERT INTO u VALUES ('v', 'x', 1), ('s', 'y', 1)");
    nodes.found("vps");
    nodes.database("laptop", USERS, "INSERT INTO u VALUES ('l', 'x', 2), ('s', 'y', 1)");
    nodes.join("laptop", "vps");
    sync();
    assertSame("u");
    assertThat(rows("laptop", "SELECT id FROM u ORDER BY id")).containsExactly("s", "v");
    vps("UPDATE u SET e = 'q' WHERE id = 'v'");
    sync();
    assertThat(rows("vps", "SELECT id || e || n FROM u ORDER BY id"))
        .containsExactly("lx2", "sy1", "vq1");
    assertSame("u");
    assertNothingWaits();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void fourReplicasWithUniqueValuesEndEqual(long seed) {
    Random random = new Random(seed);
    List<String> names = List.of("a", "b", "c", "d");
    nodes.database(
        "a",
        "CREATE TABLE u (id TEXT PRIMARY KEY, e TEXT UNIQUE, p INT, q INT, UNIQUE (p, q))",
        "CREATE TABLE r (id TEXT PRIMARY KEY COLLATE NOCASE, e TEXT UNIQUE COLLATE NOCASE)");
    nodes.found("a");
    for (String name : names.subList(1, 4)) {
      nodes.join(name, "a");
      nodes.sync("a", name);
    }
    for (int step = 0; step < 300; step++) {
      nodes.nowMillis += random.nextInt(3);
      String name = names.get(random.nextInt(4));
      if (random.nextInt(5) > 0) {
        nodes.app(name).run(statement(random));
      } else {
        nodes.carry(name, names.get(random.nextInt(4)));
      }
    }
    for (int round = 0; round < 2; round++) {
      for (String name : names) {
        for (String other : names) {
          nodes.sync(name, other);
        }
      }
    }
    for (String table : List.of("u", "r")) {
      List<String> expected = nodes.app("a").exact(table);
      for (String name : names) {
        assertThat(nodes.app(name).exact(table))
            .as("seed %d, %s on %s", seed, table, name)
            .isEqualTo(expected);
        assertThat(figures(name).aside()).isEqualTo(figures("a").aside());
      }
    }
  }

  private static String statement(Random random) {
    String id = "'" + (random.nextBoolean() ? "k" : "K") + random.nextInt(6) + "'";
    String e = random.nextInt(4) == 0 ? "NULL" : "'" + "aAbBc".charAt(random.nextInt(5)) + "'";
    return switch (random.nextInt(8)) {
      case 0 ->
          "INSERT OR REPLACE INTO u VALUES (%s, %s, %d, %d)"
              .formatted(id, e, random.nextInt(3), random.nextInt(3));
      case 1 -> "INSERT OR IGNORE INTO u VALUES (%s, %s, NULL, 1)".formatted(id, e);
      case 2 -> "UPDATE OR IGNORE u SET e = %s WHERE id = %s".formatted(e, id);
      case 3 ->
          "UPDATE OR REPLACE u SET p = %d, q = 1 WHERE id = %s".formatted(random.nextInt(3), id);
      case 4 -> "DELETE FROM u WHERE id = " + id;
      case 5 -> "INSERT OR REPLACE INTO r VALUES (%s, %s)".formatted(id, e);
      case 6 -> "UPDATE OR IGNORE r SET id = %s WHERE e = %s".formatted(id, e);
      default -> "DELETE FROM r WHERE id = " + id;
    };
  }

  @Test
  void aRowMadeAnewOverOneThatWaitsUnseenIsAConflict() {
    nodes.database("vps", "CREATE TABLE t (id TEXT PRIMARY KEY, n INTEGER)");
    nodes.database("laptop", "CREATE TABLE t (id TEXT PRIMARY KEY, n INTEGER CHECK (n < 10))");
    nodes.found("vps");
    nodes.join("laptop", "vps");
    sync();
    vps("INSERT INTO t VALUES ('p', 50)");
    sync();
    assertThat(rows("laptop", "SELECT n FROM t")).isEmpty();
    laptop("INSERT INTO t VALUES ('p', 5)");
    sync();
    assertThat(rows("vps", "SELECT n FROM t")).containsExactly("5");
    assertSame("t");
    assertThat(conflicts("laptop")).isEqualTo(1);
    assertThat(nodes.mesh("laptop").view().figures(nodes.nowMillis).aside()).isZero();
  }
}
