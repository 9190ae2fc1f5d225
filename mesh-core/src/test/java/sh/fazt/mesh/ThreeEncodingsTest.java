package sh.fazt.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every value in every column and key is the same on all nodes, whoever wrote it. */
class ThreeEncodingsTest extends LineOfEncodings {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "UTF-8 UTF-8 UTF-8",
        "UTF-8 UTF-16le UTF-16be",
        "UTF-16be UTF-8 UTF-16le",
        "UTF-16le UTF-16be UTF-8"
      })
  void everyValueInEveryColumn(String encodingsOfAll) {
    line(
        encodingsOfAll,
        "CREATE TABLE t (id INTEGER PRIMARY KEY, bare, i INTEGER, r REAL, n NUMERIC, x TEXT, b"
            + " BLOB)",
        "CREATE TABLE s (id TEXT PRIMARY KEY, a ANY) STRICT");
    int row = 0;
    for (int node = 0; node < NODES.size(); node++) {
      for (String value : literals(node)) {
        row++;
        run(node, "INSERT INTO t VALUES (" + row + ("," + value).repeat(6) + ")");
        run(node, "INSERT INTO s VALUES ('" + row + "'," + value + ")");
      }
    }
    sync();
    assertSame("t");
    assertSame("s");
    assertNothingToSay();
    for (int node = 0; node < NODES.size(); node++) {
      List<String> values = literals(node);
      for (int i = 0; i < values.size(); i++) {
        int other = 1 + (i * 7 + node) % row;
        run(node, "UPDATE t SET bare = " + values.get(i) + ", x = bare WHERE id = " + other);
      }
      sync();
    }
    assertSame("t");
    assertNothingToSay();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UTF-8 UTF-8 UTF-8",
        "UTF-8 UTF-16le UTF-16be",
        "UTF-16be UTF-8 UTF-16le",
        "UTF-16le UTF-16be UTF-8"
      })
  void everyValueInEveryKey(String encodingsOfAll) {
    List<String> types = List.of("", "INT", "REAL", "NUMERIC", "TEXT", "BLOB");
    List<String> tables = new ArrayList<>();
    for (int i = 0; i < types.size(); i++) {
      tables.add("CREATE TABLE k" + i + " (k " + types.get(i) + " PRIMARY KEY, v)");
    }
    tables.add("CREATE TABLE any_ (k ANY PRIMARY KEY, v ANY) STRICT, WITHOUT ROWID");
    tables.add("CREATE TABLE two (j TEXT, k, v, PRIMARY KEY (k, j))");
    line(encodingsOfAll, tables.toArray(String[]::new));
    List<String> names = List.of("k0", "k1", "k2", "k3", "k4", "k5", "any_", "two");
    for (int node = 0; node < NODES.size(); node++) {
      List<String> values = literals(node);
      for (int i = 0; i < values.size(); i++) {
        for (String name : names) {
          if (i % NODES.size() == node) {
            String key = name.equals("two") ? "'j'," + values.get(i) : values.get(i);
            run(node, "INSERT OR IGNORE INTO " + name + " VALUES (" + key + ", 'new')");
          }
        }
      }
    }
    sync();
    for (String name : names) {
      assertSame(name);
    }
    assertNothingToSay();
    names.forEach(name -> run(2, "UPDATE " + name + " SET v = k"));
    sync();
    names.forEach(this::assertSame);
    names.forEach(name -> run(1, "DELETE FROM " + name + " WHERE typeof(k) <> 'blob'"));
    sync();
    names.forEach(this::assertSame);
    assertThat(nodes.app("a").one("SELECT count(*) FROM k0 WHERE typeof(k) <> 'blob'"))
        .isEqualTo("0");
    assertNothingToSay();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"UTF-8 UTF-16le UTF-16be", "UTF-16be UTF-8 UTF-16le", "UTF-16le UTF-16be UTF-8"})
  void keysThatCompareWithoutCaseOrBlanks(String encodingsOfAll) {
    line(
        encodingsOfAll,
        "CREATE TABLE n (k TEXT COLLATE NOCASE PRIMARY KEY, v)",
        "CREATE TABLE r (k TEXT COLLATE RTRIM, j INTEGER, v, PRIMARY KEY (k, j)) WITHOUT ROWID");
    for (int node = 0; node < NODES.size(); node++) {
      for (String text : TEXTS) {
        run(node, "INSERT OR IGNORE INTO n VALUES (" + literal(node, text) + ", " + node + ")");
        run(node, "INSERT OR IGNORE INTO r VALUES (" + literal(node, text) + ", 1, " + node + ")");
      }
    }
    sync();
    assertSame("n");
    assertSame("r");
    for (int node = 0; node < NODES.size(); node++) {
      run(node, "UPDATE n SET k = upper(k), v = 'up' WHERE k = 'A'");
      run(node, "UPDATE r SET k = k || '   ', v = 'far' WHERE k = '1'");
      run(node, "REPLACE INTO n VALUES (" + literal(node, "H\u00e9LLO \uD83D\uDE00") + ", 'new')");
      sync();
      assertSame("n");
      assertSame("r");
    }
    run(1, "DELETE FROM n WHERE k = 'a'");
    run(2, "DELETE FROM r WHERE k = '1  '");
    sync();
    assertSame("n");
    assertSame("r");
    for (String name : NODES) {
      assertThat(nodes.scrub(name)).isZero();
      assertThat(nodes.mesh(name).view().figures(nodes.nowMillis).parked()).isZero();
    }
  }
}
