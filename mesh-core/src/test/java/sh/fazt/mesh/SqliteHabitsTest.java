package sh.fazt.mesh;

import static org.assertj.core.api.Assertions.assertThat;

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

  private static List<String> names(TablePlan plan, TableStatus.State state) {
    return plan.in(state).stream().map(TableStatus::name).sorted().toList();
  }
}
