package sh.fazt.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Values arrive with their class and their bytes. */
class ValuesTest extends PairOfReplicas {
  private static final List<String> VALUES =
      List.of(
          "NULL",
          "9223372036854775807",
          "-9223372036854775808",
          "0",
          "-0.0",
          "0.0",
          "9e999",
          "-9e999",
          "4.9e-324",
          "2.2250738585072011e-308",
          "0.1",
          "1.7976931348623157e308",
          "1.0",
          "''",
          "x''",
          "'a' || char(0) || 'b'",
          "char(0)",
          "CAST(x'ff00fe' AS TEXT)",
          "CAST(x'c328' AS TEXT)",
          "CAST(x'eda080' AS TEXT)",
          "CAST(x'efbbbf41' AS TEXT)",
          "'héllo \uD83D\uDE00'",
          "x'00ff'",
          "'1'",
          "' 1'",
          "'1e3'");

  @Test
  void everyClassInEveryAffinity() {
    pair(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, bare, i INTEGER, r REAL, x TEXT, n NUMERIC, b"
            + " BLOB)");
    for (String value : VALUES) {
      vps("INSERT INTO t (bare, i, r, x, n, b) VALUES (" + (value + ",").repeat(5) + value + ")");
    }
    sync();
    assertSame("t");
    laptop("UPDATE t SET bare = bare, i = i, r = r, x = x, n = n, b = b");
    assertThat(nodes.mesh("laptop").harvest()).isEmpty();
    for (int i = 0; i < VALUES.size(); i++) {
      laptop("UPDATE t SET bare = " + VALUES.get(i) + " WHERE id = " + (VALUES.size() - i));
    }
    sync();
    assertSame("t");
    assertNothingWaits();
  }

  @Test
  void everyClassInKeys() {
    pair(
        "CREATE TABLE t (k PRIMARY KEY, v)",
        "CREATE TABLE x (k TEXT PRIMARY KEY, v)",
        "CREATE TABLE n (k NUMERIC, j TEXT, v, PRIMARY KEY (j, k))");
    for (String value : VALUES.subList(1, VALUES.size())) {
      vps(
          "INSERT OR IGNORE INTO t VALUES (" + value + ", 0)",
          "INSERT OR IGNORE INTO x VALUES (" + value + ", 0)",
          "INSERT OR IGNORE INTO n VALUES (" + value + "," + value + ", 0)");
    }
    sync();
    for (String table : List.of("t", "x", "n")) {
      assertSame(table);
      laptop("UPDATE " + table + " SET v = 1");
    }
    sync();
    for (String table : List.of("t", "x", "n")) {
      assertSame(table);
      assertThat(rows("vps", "SELECT count(*) FROM " + table + " WHERE v = 0"))
          .containsExactly("0");
      vps("DELETE FROM " + table);
    }
    sync();
    for (String table : List.of("t", "x", "n")) {
      assertThat(rows("laptop", "SELECT count(*) FROM " + table)).containsExactly("0");
    }
    assertNothingWaits();
  }

  @Test
  void twentyMegabytes() {
    pair("CREATE TABLE t (id TEXT PRIMARY KEY, v BLOB, w TEXT)");
    vps("INSERT INTO t VALUES ('a', randomblob(20000000), 'x')");
    sync();
    laptop("UPDATE t SET w = 'y'");
    sync();
    assertThat(rows("laptop", "SELECT hex(v) = '" + "' FROM t")).containsExactly("0");
    assertSame("t");
  }

  @Test
  void largeRowsThatWereThereBeforeAreTakenInAFewAtATime() {
    pair(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, v BLOB)",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40)"
            + " INSERT INTO t SELECT i, randomblob(1000000) FROM n");
    assertSame("t");
    assertNothingWaits();
    assertThat(nodes.scrub("vps") + nodes.scrub("laptop")).isZero();
  }

  @Test
  void aValueBeyondTheLimitStaysHomeAndBlocksNothing() {
    pair("CREATE TABLE t (id TEXT PRIMARY KEY, v BLOB, w BLOB)");
    vps(
        "INSERT INTO t VALUES ('big', zeroblob(70000000), 'x')",
        "INSERT INTO t VALUES ('two', zeroblob(40000000), zeroblob(40000000))",
        "INSERT INTO t VALUES ('a', 'v', 'w')");
    sync();
    assertThat(rows("laptop", "SELECT id FROM t")).contains("a");
    laptop("UPDATE t SET v = 'z' WHERE id = 'a'");
    vps("UPDATE t SET v = 'small' WHERE id = 'big'");
    sync();
    assertThat(rows("laptop", "SELECT id || v FROM t WHERE id <> 'two' ORDER BY id"))
        .containsExactly("az", "bigsmall");
  }

  @Test
  void valuesThatTheOtherSidesTypesBend() {
    nodes.database("vps", "CREATE TABLE t (id TEXT PRIMARY KEY, v TEXT, w)");
    nodes.found("vps");
    nodes.database("laptop", "CREATE TABLE t (id TEXT PRIMARY KEY, v INTEGER, w REAL)");
    nodes.join("laptop", "vps");
    sync();
    vps(
        "INSERT INTO t VALUES ('a', '5', 7), ('b', 'x', -0.0)",
        "INSERT INTO t VALUES ('c', '5' || char(0) || 'y', '1e3' || char(0))");
    sync();
    laptop("UPDATE t SET id = id");
    assertThat(nodes.mesh("laptop").harvest()).isEmpty();
    assertThat(rows("laptop", "SELECT typeof(v) || typeof(w) FROM t ORDER BY id"))
        .containsExactly("integerreal", "textreal", "integerreal");
  }
}
