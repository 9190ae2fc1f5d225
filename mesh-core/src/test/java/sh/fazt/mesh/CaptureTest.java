package sh.fazt.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every way in which a program may write reaches the other replica as it was written. */
class CaptureTest extends PairOfReplicas {
  private void check(String table, String... expected) {
    sync();
    assertSame(table);
    if (expected.length > 0) {
      assertThat(rows("laptop", "SELECT * FROM (SELECT " + expected[0] + ") ORDER BY 1"))
          .containsExactly(List.of(expected).subList(1, expected.length).toArray(String[]::new));
    }
    assertNothingWaits();
  }

  @Test
  void rowsMoveToOtherKeysAndSwapThem() {
    pair(
        "CREATE TABLE t (id TEXT PRIMARY KEY, v TEXT)",
        "INSERT INTO t VALUES ('a', '1'), ('b', '2'), ('c', '3')");
    vps("UPDATE t SET id = 'd' WHERE id = 'c'");
    vps(
        "BEGIN",
        "UPDATE t SET id = 'x' WHERE id = 'a'",
        "UPDATE t SET id = 'a' WHERE id = 'b'",
        "UPDATE t SET id = 'b' WHERE id = 'x'",
        "COMMIT");
    check("t", "id || v FROM t", "a2", "b1", "d3");
  }

  @Test
  void replaceThroughTwoUniqueIndexesTakesBothRows() {
    pair(
        "CREATE TABLE t (id TEXT PRIMARY KEY, e TEXT UNIQUE, p TEXT, UNIQUE (p COLLATE NOCASE))",
        "INSERT INTO t VALUES ('1', 'a', 'x'), ('2', 'b', 'y'), ('3', 'c', 'z')");
    vps("REPLACE INTO t VALUES ('4', 'a', 'Y')");
    check("t", "id FROM t", "3", "4");
    vps("UPDATE OR REPLACE t SET e = 'c' WHERE id = '4'");
    check("t", "id || e FROM t", "4c");
  }

  @Test
  void upsertAndIgnoredInsert() {
    pair("CREATE TABLE t (id TEXT PRIMARY KEY, v INTEGER)", "INSERT INTO t VALUES ('a', 1)");
    vps(
        "INSERT INTO t VALUES ('a', 5), ('b', 6) ON CONFLICT (id) DO UPDATE SET v = v + excluded.v",
        "INSERT OR IGNORE INTO t VALUES ('a', 99), ('c', 7)");
    check("t", "id || v FROM t", "a6", "b6", "c7");
  }

  @Test
  void cascadesArriveOnce() {
    pair(
        "CREATE TABLE p (id TEXT PRIMARY KEY)",
        "CREATE TABLE c (id TEXT PRIMARY KEY, p TEXT REFERENCES p ON DELETE CASCADE ON UPDATE"
            + " CASCADE)",
        "INSERT INTO p VALUES ('a'), ('b')",
        "INSERT INTO c VALUES ('1', 'a'), ('2', 'b')");
    vps("DELETE FROM p WHERE id = 'a'", "UPDATE p SET id = 'z' WHERE id = 'b'");
    check("p", "id FROM p", "z");
    check("c", "id || p FROM c", "2z");
  }

  @Test
  void whatASavepointTakesBackNeverHappened() {
    pair("CREATE TABLE t (id TEXT PRIMARY KEY, v TEXT)", "INSERT INTO t VALUES ('a', '1')");
    vps(
        "BEGIN",
        "INSERT INTO t VALUES ('b', '2')",
        "SAVEPOINT s",
        "DELETE FROM t",
        "ROLLBACK TO s",
        "UPDATE t SET v = '3' WHERE id = 'b'",
        "COMMIT");
    check("t", "id || v FROM t", "a1", "b3");
  }

  @Test
  void rowsThatAUserTriggerWritesElsewhereTravelOnce() {
    pair(
        "CREATE TABLE t (id TEXT PRIMARY KEY, v TEXT)",
        "CREATE TABLE audit (id TEXT PRIMARY KEY, n INTEGER)",
        "INSERT INTO audit VALUES ('t', 0)");
    for (String name : List.of("vps", "laptop")) {
      nodes
          .app(name)
          .run(
              "CREATE TRIGGER count AFTER INSERT ON t BEGIN UPDATE audit SET n = n + 1; END",
              "CREATE TRIGGER again AFTER UPDATE ON audit BEGIN"
                  + " INSERT OR REPLACE INTO audit VALUES ('last', NEW.n); END");
    }
    sync();
    vps("INSERT INTO t VALUES ('a', '1')", "INSERT INTO t VALUES ('b', '1')");
    check("t");
    check("audit", "id || n FROM audit", "last2", "t2");
  }

  @Test
  void aTriggerThatIgnoresTheRestHidesNothing() {
    pair("CREATE TABLE t (id TEXT PRIMARY KEY, v TEXT)", "INSERT INTO t VALUES ('a', '1')");
    vps(
        "CREATE TRIGGER hush AFTER INSERT ON t BEGIN SELECT RAISE(IGNORE); END",
        "INSERT INTO t VALUES ('b', '2')");
    check("t", "id FROM t", "a", "b");
    vps("INSERT INTO t VALUES ('c', '2')");
    check("t", "id FROM t", "a", "b", "c");
  }

  @Test
  void untypedKeysKeepTheirClass() {
    pair(
        "CREATE TABLE t (id PRIMARY KEY, v)",
        "CREATE TABLE s (id ANY PRIMARY KEY, v ANY) STRICT",
        "CREATE TABLE r (id REAL PRIMARY KEY, v)",
        "CREATE TABLE b (id BLOB PRIMARY KEY, v)");
    vps(
        "INSERT INTO t VALUES ('1', 'text'), (1, 'int'), (x'31', 'blob'), (2.0, 'real'), (2.5, 1)",
        "INSERT INTO s VALUES ('1', 'text'), (1, 'int'), (x'31', 'blob'), (2.0, 'real')",
        "INSERT INTO r VALUES (1, 'int'), (1.5, 'real'), ('x', 'text'), (-0.0, 'zero')",
        "INSERT INTO b VALUES (x'', 'e'), ('', 'e'), (1, 'i'), (x'00', 'n')");
    sync();
    for (String table : List.of("t", "s", "r", "b")) {
      assertSame(table);
    }
    laptop(
        "UPDATE t SET v = v || '!' WHERE id = '1'",
        "DELETE FROM t WHERE id = x'31'",
        "UPDATE t SET v = 'again' WHERE id = 2",
        "UPDATE s SET v = 'again'",
        "UPDATE r SET v = 'again' WHERE id = 1.0",
        "DELETE FROM b WHERE id = ''");
    sync();
    for (String table : List.of("t", "s", "r", "b")) {
      assertSame(table);
    }
    assertThat(rows("vps", "SELECT count(*) FROM t WHERE v IN ('text!', 'again')"))
        .containsExactly("2");
    assertNothingWaits();
  }

  @Test
  void aKeyThatOnlyChangesItsSpellingTravels() {
    pair(
        "CREATE TABLE t (id TEXT PRIMARY KEY COLLATE NOCASE, v TEXT)",
        "CREATE TABLE u (id PRIMARY KEY, v TEXT)",
        "INSERT INTO t VALUES ('bob', '1'), ('eve', '2')",
        "INSERT INTO u VALUES (1, 'x')");
    vps("UPDATE t SET id = 'Bob' WHERE id = 'bob'", "UPDATE u SET id = 1.0");
    sync();
    assertThat(rows("laptop", "SELECT id || v FROM t ORDER BY 1")).containsExactly("Bob1", "eve2");
    assertSame("t");
    assertSame("u");
    laptop("UPDATE t SET v = '3' WHERE id = 'BOB'", "REPLACE INTO t VALUES ('EVE', '4')");
    check("t", "id || v FROM t", "Bob3", "EVE4");
  }

  @Test
  void aKeyWhoseIndexComparesOtherwiseThanItsColumn() {
    pair(
        "CREATE TABLE t (id TEXT, v TEXT, PRIMARY KEY (id COLLATE NOCASE))",
        "CREATE TABLE u (id TEXT COLLATE NOCASE, v TEXT, PRIMARY KEY (id COLLATE BINARY))",
        "INSERT INTO t VALUES ('bob', '1')",
        "INSERT INTO u VALUES ('bob', '1'), ('Bob', '2')");
    vps(
        "UPDATE t SET id = 'Bob', v = '9' WHERE id = 'bob'",
        "UPDATE u SET v = 'x' WHERE v = '2'",
        "INSERT INTO u VALUES ('BOB', '3')");
    check("t", "v FROM t", "9");
    check("u", "id || v FROM u", "BOB3", "Bobx", "bob1");
    laptop("DELETE FROM u WHERE v = '1'", "UPDATE t SET v = '8' WHERE id = 'Bob'");
    check("t", "v FROM t", "8");
    check("u", "id || v FROM u", "BOB3", "Bobx");
  }

  @Test
  void rowsWithoutAWholeKeyStayHome() {
    pair("CREATE TABLE t (a TEXT, b INT, v TEXT, PRIMARY KEY (a, b))");
    vps(
        "INSERT INTO t VALUES (NULL, 1, 'x'), ('a', NULL, 'y'), ('a', 1, 'z'), (NULL, NULL, 'q')",
        "UPDATE t SET v = v || '!'");
    sync();
    assertThat(rows("laptop", "SELECT v FROM t")).containsExactly("z!");
    vps("UPDATE t SET b = 2 WHERE b IS NULL AND a = 'a'", "UPDATE t SET a = NULL WHERE b = 1");
    sync();
    assertThat(rows("laptop", "SELECT v FROM t")).containsExactly("y!");
    assertNothingWaits();
  }

  @Test
  void namesMayBeAnything() {
    pair(
        "CREATE TABLE \"we\"\"ird ta'ble; --\" (\"k0\" TEXT, \"at\" TEXT, \"packed\" TEXT,"
            + " \"select\" TEXT, \"a b\" TEXT UNIQUE, \"é\" TEXT, \"É\" TEXT, \"q\"\"q\" TEXT,"
            + " PRIMARY KEY (\"at\", \"k0\"))",
        "CREATE TABLE new (packed TEXT PRIMARY KEY, k0 TEXT UNIQUE, t TEXT)",
        "CREATE TABLE old (at TEXT PRIMARY KEY, old TEXT UNIQUE, s TEXT)",
        "CREATE TABLE \"order\" (k1 TEXT PRIMARY KEY, k TEXT)",
        "CREATE TABLE \"ünï\" (rowid TEXT PRIMARY KEY, oid TEXT)");
    vps(
        "INSERT INTO \"we\"\"ird ta'ble; --\" VALUES ('1', '2', '3', '4', '5', '6', '7', '8')",
        "INSERT INTO new VALUES ('1', '2', '3'), ('2', '3', '4')",
        "REPLACE INTO new VALUES ('3', '2', 'x')",
        "INSERT INTO old VALUES ('1', '2', '3'), ('2', '3', '4')",
        "REPLACE INTO old VALUES ('3', '2', 'x')",
        "INSERT INTO \"order\" VALUES ('1', '2')",
        "INSERT INTO \"ünï\" VALUES ('1', '2')");
    sync();
    laptop(
        "UPDATE \"we\"\"ird ta'ble; --\" SET \"é\" = 'low', \"select\" = NULL",
        "UPDATE new SET t = 'y' WHERE k0 = '2'",
        "UPDATE \"order\" SET k = 'z'",
        "UPDATE \"ünï\" SET oid = 'z'");
    check("new", "packed || t FROM new", "24", "3y");
    check("old", "at || s FROM old", "24", "3x");
    check("order");
    check("ünï", "oid FROM \"ünï\"", "z");
    assertThat(rows("vps", "SELECT \"é\" || \"É\" FROM \"we\"\"ird ta'ble; --\""))
        .containsExactly("low7");
  }

  @Test
  void manyColumns() {
    List<String> columns = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      columns.add("c" + i + " INTEGER DEFAULT " + i);
    }
    pair("CREATE TABLE t (id TEXT PRIMARY KEY, " + String.join(", ", columns) + ")");
    vps("INSERT INTO t (id) VALUES ('a'), ('b')");
    sync();
    laptop("UPDATE t SET c499 = -1, c250 = NULL WHERE id = 'a'");
    check("t", "c499 FROM t", "-1", "499");
  }

  @Test
  void defaultsThatSqliteComputes() {
    pair(
        "CREATE TABLE t (id TEXT PRIMARY KEY, made TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,"
            + " rnd INTEGER DEFAULT (abs(random())), bare TEXT DEFAULT yes, dq TEXT DEFAULT"
            + " \"quoted\", s INTEGER DEFAULT -5)");
    vps("INSERT INTO t (id) VALUES ('a')");
    check("t", "bare || dq || s FROM t", "yesquoted-5");
  }

  @Test
  void generatedColumnsFollowFromTheOthers() {
    pair(
        "CREATE TABLE t (id TEXT PRIMARY KEY, a INTEGER, v INTEGER AS (a * 2) VIRTUAL,"
            + " s INTEGER GENERATED ALWAYS AS (a * 3) STORED, b TEXT)",
        "CREATE UNIQUE INDEX tv ON t (v)",
        "INSERT INTO t (id, a) VALUES ('x', 1), ('y', 2)");
    vps("REPLACE INTO t (id, a) VALUES ('z', 1)");
    laptop("UPDATE t SET b = 'b' WHERE id = 'y'");
    check("t", "id || v || s FROM t", "y46", "z23");
  }

  @Test
  void tablesOfNothingButAKey() {
    pair("CREATE TABLE t (a TEXT, b INTEGER, PRIMARY KEY (a, b)) WITHOUT ROWID");
    vps("INSERT INTO t VALUES ('a', 1), ('b', 2)");
    check("t", "a FROM t", "a", "b");
    laptop("DELETE FROM t WHERE a = 'a'", "UPDATE t SET b = 3");
    check("t", "a || b FROM t", "b3");
    laptop("DELETE FROM t");
    check("t");
  }
}
