package sh.fazt.mesh;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.schema.ReplicationPlan;

/** Habits of SQLite that a change log made of triggers falls over. */
class SqliteHabitsTest extends PairOfReplicas {
  @Test
  void changesOfWhatComparesEqualAreSeen() {
    pair(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, n TEXT COLLATE NOCASE, r TEXT COLLATE RTRIM, x)",
        "INSERT INTO t VALUES (1, 'a', 'b', 1), (2, 'z', 'z', CAST(x'610062' AS TEXT))");
    vps(
        "UPDATE t SET n = 'A', r = 'b  ', x = 1.0 WHERE id = 1",
        "UPDATE t SET x = CAST(x'610063' AS TEXT) WHERE id = 2");
    sync();
    assertSame("t");
    assertThat(rows("laptop", "SELECT n || r || '|' || typeof(x) || hex(x) FROM t"))
        .containsExactly("Ab  |real312E30", "zz|text610063");
  }

  @Test
  void programThatDistrustsTheSchemaMayWrite() {
    pair("CREATE TABLE t (id TEXT PRIMARY KEY, u TEXT UNIQUE)");
    vps(
        "PRAGMA trusted_schema = OFF",
        "INSERT INTO t VALUES ('a', 'x')",
        "REPLACE INTO t VALUES ('b', 'x')",
        "PRAGMA trusted_schema = ON");
    sync();
    assertSame("t");
  }

  @Test
  void triggersRecordTheTimeOfTheWriteInMilliseconds() {
    pair("CREATE TABLE t (id TEXT PRIMARY KEY)");
    long before = System.currentTimeMillis();
    vps("INSERT INTO t VALUES ('a')");
    long after = System.currentTimeMillis();
    long at = Long.parseLong(nodes.app("vps").one("SELECT at FROM _mesh_touched_1"));
    // SQLite's clock is a julian day, good for a millisecond.
    assertThat(at).isBetween(before - 1, after + 1);
  }

  @Test
  void deleteOfAllRowsIsSeenRowByRow() {
    pair("CREATE TABLE t (id TEXT PRIMARY KEY)", "INSERT INTO t VALUES ('a'), ('b'), ('c')");
    vps("DELETE FROM t");
    sync();
    assertThat(rows("laptop", "SELECT * FROM t")).isEmpty();
  }

  @Test
  void numbersThatSqliteChoosesArriveAsChosen() {
    pair("CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, v TEXT UNIQUE)");
    vps("INSERT INTO t (v) VALUES ('a')", "INSERT INTO t VALUES (1000, 'b')");
    sync();
    laptop("INSERT INTO t (v) VALUES ('c')");
    sync();
    assertSame("t");
    assertThat(rows("vps", "SELECT id FROM t")).containsExactly("1", "1000", "1001");
  }

  @Test
  void databaseWithoutAWriteAheadLogTakesPart() {
    pair("PRAGMA journal_mode = DELETE", "CREATE TABLE t (id TEXT PRIMARY KEY, v)");
    vps("INSERT INTO t VALUES ('a', 1)");
    laptop("INSERT INTO t VALUES ('b', 2)");
    sync();
    assertSame("t");
    assertThat(nodes.app("vps").one("PRAGMA journal_mode")).isEqualTo("delete");
  }

  @Test
  void vacuumRenumbersNothingThatMatters() {
    pair("CREATE TABLE t (id TEXT PRIMARY KEY, v)", "INSERT INTO t VALUES ('a', 1), ('b', 1)");
    vps("DELETE FROM t WHERE id = 'a'", "VACUUM", "UPDATE t SET v = 2");
    sync();
    vps("UPDATE t SET v = 3", "VACUUM");
    sync();
    assertSame("t");
    assertThat(rows("laptop", "SELECT id || v FROM t")).containsExactly("b3");
  }

  @Test
  void tablesThatTakeNoTriggersOrNeedWhatSqliteLacksAreRefusedWithAReason() {
    nodes.database(
        "vps",
        "CREATE VIRTUAL TABLE words USING fts5(body)",
        "CREATE TABLE plain (id TEXT PRIMARY KEY)",
        "CREATE TABLE keyless (v)",
        "CREATE TABLE odd (id TEXT PRIMARY KEY, v TEXT CHECK (length(v) < 9))");
    TablePlan plan = MeshSetup.plan(nodes.file("vps"), new ReplicationPlan.Choice.All());
    assertThat(names(plan, TableStatus.State.REPLICATED)).containsExactly("odd", "plain");
    assertThat(names(plan, TableStatus.State.REFUSED)).contains("keyless", "words");
    assertThat(plan.in(TableStatus.State.REFUSED))
        .allSatisfy(table -> assertThat(table.reason()).isPresent());
  }

  @Test
  void ourLogHasNothingThatAnOrClauseCouldBend() {
    pair("CREATE TABLE t (id TEXT PRIMARY KEY, v UNIQUE)", "INSERT INTO t VALUES ('a', 1)");
    assertThat(nodes.app("vps").one("SELECT sql FROM sqlite_schema WHERE name = '_mesh_touched_1'"))
        .doesNotContainIgnoringCase("UNIQUE")
        .doesNotContainIgnoringCase("PRIMARY")
        .doesNotContainIgnoringCase("CHECK")
        .doesNotContainIgnoringCase("NOT NULL");
    vps(
        "UPDATE OR IGNORE t SET v = 2",
        "UPDATE OR REPLACE t SET v = 3",
        "INSERT OR IGNORE INTO t VALUES ('b', 4)",
        "INSERT OR REPLACE INTO t VALUES ('c', 4)");
    sync();
    assertSame("t");
    assertThat(rows("laptop", "SELECT id || v FROM t ORDER BY 1")).containsExactly("a3", "c4");
  }

  @Test
  void ourTriggersNameNothingButKeysAndUniqueColumnsInPlainSql() {
    pair("CREATE TABLE t (keyed TEXT PRIMARY KEY, single UNIQUE, other, another BLOB)");
    List<String> triggers =
        rows("vps", "SELECT lower(sql) FROM sqlite_schema WHERE type = 'trigger'");
    assertThat(triggers).hasSize(5);
    for (String sql : triggers) {
      assertThat(sql).doesNotContain("other", "json", "quote(", "pragma", "subsec", "unixepoch");
      assertThat(sql.contains("single")).isEqualTo(sql.contains("before"));
    }
  }

  @Test
  void keysOfOurTablesAreFoundByTheirIndexes() {
    pair(
        "CREATE TABLE i (id INTEGER PRIMARY KEY, v)",
        "CREATE TABLE n (id TEXT COLLATE NOCASE PRIMARY KEY, v)",
        "CREATE TABLE bare (a, b, PRIMARY KEY (a, b))");
    for (int table = 1; table <= 3; table++) {
      String name = nodes.app("vps").one("SELECT name FROM _mesh_table WHERE number = " + table);
      String on = name.equals("bare") ? "s.k0 = t.a AND s.k1 = t.b" : "s.k0 = t.id";
      String from = " FROM _mesh_touched_" + table + " AS k CROSS JOIN ";
      String back = name.equals("bare") ? "t.a = k.k0 AND t.b = k.k1" : "t.id = k.k0";
      assertThat(
              plan(
                  "SELECT 1 FROM "
                      + name
                      + " AS t CROSS JOIN _mesh_shadow_"
                      + table
                      + " AS s ON "
                      + on))
          .anySatisfy(step -> assertThat(step).startsWith("SEARCH s"));
      assertThat(plan("SELECT 1" + from + name + " AS t ON " + back))
          .anySatisfy(step -> assertThat(step).startsWith("SEARCH t"));
    }
  }

  private List<String> plan(String sql) {
    return nodes.app("vps").column(4, "EXPLAIN QUERY PLAN " + sql);
  }

  @Test
  void programIsToldTheSameCountsButForTheTotal() {
    pair("CREATE TABLE t (id INTEGER PRIMARY KEY, v)");
    vps("INSERT INTO t VALUES (7, 1), (8, 1)");
    assertThat(nodes.app("vps").one("SELECT changes() || ' ' || last_insert_rowid()"))
        .isEqualTo("2 8");
    assertThat(Integer.parseInt(nodes.app("vps").one("SELECT total_changes()"))).isGreaterThan(2);
  }

  @Test
  void theFlagThatHushesOurTriggersOutlivesNoTransaction() {
    pair("CREATE TABLE t (id TEXT PRIMARY KEY)", "INSERT INTO t VALUES ('a')");
    assertThat(rows("laptop", "SELECT count(*) FROM _mesh_applying")).containsExactly("0");
    laptop("INSERT INTO t VALUES ('b')");
    sync();
    assertThat(rows("vps", "SELECT id FROM t ORDER BY id")).containsExactly("a", "b");
  }

  @Test
  void theMeshKeepsNobodyFromEmptyingTheWriteAheadLog() {
    pair("CREATE TABLE t (id TEXT PRIMARY KEY, v)");
    for (int i = 0; i < 20; i++) {
      vps("REPLACE INTO t VALUES ('a', randomblob(50000))");
      sync();
    }
    assertThat(rows("laptop", "PRAGMA wal_checkpoint(TRUNCATE)")).containsExactly("0");
    assertThat(rows("vps", "PRAGMA wal_checkpoint(TRUNCATE)")).containsExactly("0");
    assertThat(nodes.file("vps").resolveSibling("vps.db-wal")).isEmptyFile();
  }

  @Test
  void programGoesOnWritingThroughTheEndOfTheMesh() {
    pair("CREATE TABLE t (id TEXT PRIMARY KEY, v UNIQUE)", "INSERT INTO t VALUES ('a', 1)");
    vps("INSERT INTO t VALUES ('b', 2)");
    nodes.closeMesh("vps");
    MeshSetup.dismantle(nodes.file("vps"));
    vps("INSERT INTO t VALUES ('c', 3)", "UPDATE t SET v = v + 10", "DELETE FROM t WHERE id = 'a'");
    assertThat(rows("vps", "SELECT id || v FROM t ORDER BY id")).containsExactly("b12", "c13");
    assertThat(rows("vps", "SELECT name FROM sqlite_schema WHERE type = 'trigger'")).isEmpty();
  }

  @Test
  void tableThatNeedsACollationOrAFunctionOfAProgramsOwnIsRefusedWithAReason() throws Exception {
    nodes.database("vps", "CREATE TABLE plain (id TEXT PRIMARY KEY)");
    nodes.closeApp("vps");
    python(
        "db.create_collation('mine', lambda a, b: (a > b) - (a < b));"
            + "db.create_function('twice', 1, lambda x: x, deterministic=True);"
            + "db.execute('CREATE TABLE sorted (id TEXT PRIMARY KEY, v TEXT COLLATE mine)');"
            + "db.execute('CREATE UNIQUE INDEX sorted_v ON sorted (v)');"
            + "db.execute('CREATE TABLE counted (id TEXT PRIMARY KEY, v, CHECK (twice(v) > 0))');"
            + "db.commit()");
    TablePlan plan = MeshSetup.plan(nodes.file("vps"), new ReplicationPlan.Choice.All());
    assertThat(names(plan, TableStatus.State.REPLICATED)).containsExactly("plain");
    assertThat(plan.in(TableStatus.State.REFUSED))
        .extracting(table -> table.reason().orElse(""))
        .anySatisfy(reason -> assertThat(reason).contains("mine"))
        .anySatisfy(reason -> assertThat(reason).contains("twice"));
  }

  private void python(String script) throws Exception {
    try {
      Process process =
          new ProcessBuilder(
                  "python3",
                  "-c",
                  "import sqlite3, sys; db = sqlite3.connect(sys.argv[1]);" + script,
                  nodes.file("vps").toString())
              .redirectErrorStream(true)
              .start();
      String said = new String(process.getInputStream().readAllBytes(), UTF_8);
      assertThat(process.waitFor()).as(said).isZero();
    } catch (IOException e) {
      assumeTrue(false, "python3 is not installed: " + e.getMessage());
    }
  }

  private static List<String> names(TablePlan plan, TableStatus.State state) {
    return plan.in(state).stream().map(TableStatus::name).sorted().toList();
  }
}
