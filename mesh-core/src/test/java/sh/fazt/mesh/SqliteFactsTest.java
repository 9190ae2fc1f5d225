package sh.fazt.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What SQLite does with triggers and keys, shown on SQLite alone: should one of these fail with a
 * newer version, what the mesh does about it may be looked at again.
 */
class SqliteFactsTest {
  @TempDir Path folder;
  private PlainSql app;

  @BeforeEach
  void open() {
    app = new PlainSql(folder.resolve("facts.db"));
  }

  @AfterEach
  void close() {
    app.close();
  }

  /** A table whose writes are noted, as a plain change log would. */
  private void logged(String table, String log, String trigger) {
    app.run(table, log, trigger);
  }

  @Test
  void replaceRemovesRowsAndTellsNoDeleteTrigger() {
    logged(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, u UNIQUE)",
        "CREATE TABLE log (id)",
        "CREATE TRIGGER d AFTER DELETE ON t BEGIN INSERT INTO log VALUES (OLD.id); END");
    app.run("INSERT INTO t VALUES (1, 'a'), (2, 'b')", "REPLACE INTO t VALUES (3, 'a')");
    app.run("UPDATE OR REPLACE t SET u = 'a' WHERE id = 2");
    assertThat(app.column("SELECT id FROM t")).containsExactly("2");
    assertThat(app.column("SELECT id FROM log")).isEmpty();
    app.run("PRAGMA recursive_triggers = ON", "REPLACE INTO t VALUES (4, 'a')");
    assertThat(app.column("SELECT id FROM log")).containsExactly("2");
  }

  @Test
  void theStatementsConflictClauseOverridesThatOfTheTrigger() {
    logged(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, v)",
        "CREATE TABLE log (id UNIQUE, n, CHECK (n < 2))",
        "CREATE TRIGGER u AFTER UPDATE ON t BEGIN INSERT OR ABORT INTO log VALUES (OLD.id, NEW.v);"
            + " END");
    app.run("INSERT INTO t VALUES (1, 0)", "UPDATE OR IGNORE t SET v = 5");
    assertThat(app.one("SELECT v FROM t")).isEqualTo("5");
    assertThat(app.column("SELECT id FROM log")).isEmpty();
  }

  @Test
  void aTriggerThatNamesAColumnKeepsItFromBeingDropped() {
    logged(
        "CREATE TABLE t (id INTEGER PRIMARY KEY, v, w)",
        "CREATE TABLE log (id)",
        "CREATE TRIGGER u AFTER UPDATE ON t WHEN OLD.v IS NOT NEW.v BEGIN"
            + " INSERT INTO log VALUES (OLD.id); END");
    assertThatThrownBy(() -> app.run("ALTER TABLE t DROP COLUMN v"))
        .hasStackTraceContaining("error in trigger u");
    app.run("ALTER TABLE t DROP COLUMN w");
  }

  @Test
  void comparingOldAndNewIsBlindToSpellings() {
    app.run("CREATE TABLE t (n TEXT COLLATE NOCASE, r TEXT COLLATE RTRIM, x)");
    app.run("CREATE TABLE log (what)");
    app.run(
        "CREATE TRIGGER u AFTER UPDATE ON t WHEN OLD.n IS NOT NEW.n OR OLD.r IS NOT NEW.r"
            + " OR OLD.x IS NOT NEW.x BEGIN INSERT INTO log VALUES (1); END");
    app.run("INSERT INTO t VALUES ('a', 'b', 1)", "UPDATE t SET n = 'A', r = 'b ', x = 1.0");
    assertThat(app.column("SELECT what FROM log")).isEmpty();
    assertThat(app.one("SELECT n || r || typeof(x) FROM t")).isEqualTo("Ab real");
  }

  @Test
  void aTriggerWithATableFunctionFailsWritesOfThoseWhoDistrustTheSchema() {
    logged(
        "CREATE TABLE t (id INTEGER PRIMARY KEY)",
        "CREATE TABLE log (n)",
        "CREATE TRIGGER i AFTER INSERT ON t BEGIN"
            + " INSERT INTO log SELECT count(*) FROM pragma_function_list; END");
    app.run("INSERT INTO t VALUES (1)", "PRAGMA trusted_schema = OFF");
    assertThatThrownBy(() -> app.run("INSERT INTO t VALUES (2)")).hasStackTraceContaining("unsafe");
  }

  @Test
  void theNewestTriggerFiresFirstAndMayCallTheOthersOff() {
    logged(
        "CREATE TABLE t (id INTEGER PRIMARY KEY)",
        "CREATE TABLE log (n)",
        "CREATE TRIGGER first AFTER INSERT ON t BEGIN INSERT INTO log VALUES ('first'); END");
    app.run("CREATE TRIGGER later AFTER INSERT ON t BEGIN INSERT INTO log VALUES ('later'); END");
    app.run("INSERT INTO t VALUES (1)");
    assertThat(app.column("SELECT n FROM log")).containsExactly("later", "first");
    app.run("CREATE TRIGGER hush AFTER INSERT ON t BEGIN SELECT RAISE(IGNORE); END");
    app.run("INSERT INTO t VALUES (2)");
    assertThat(app.column("SELECT n FROM log")).hasSize(2);
    assertThat(app.one("SELECT count(*) FROM t")).isEqualTo("2");
  }

  @Test
  void aRebuildLosesTriggersAndARenameRewritesThemButNoLiterals() {
    logged(
        "CREATE TABLE t (id INTEGER PRIMARY KEY)",
        "CREATE TABLE log (n)",
        "CREATE TRIGGER i AFTER INSERT ON t BEGIN INSERT INTO log VALUES ('t'); END");
    app.run("ALTER TABLE t RENAME TO s", "INSERT INTO s VALUES (1)");
    assertThat(app.one("SELECT sql FROM sqlite_schema WHERE name = 'i'")).contains("ON \"s\"");
    assertThat(app.column("SELECT n FROM log")).containsExactly("t");
    app.run(
        "CREATE TABLE s_new (id INTEGER PRIMARY KEY)",
        "DROP TABLE s",
        "ALTER TABLE s_new RENAME TO s");
    assertThat(app.column("SELECT name FROM sqlite_schema WHERE type = 'trigger'")).isEmpty();
  }

  @Test
  void withoutItsLogEveryWriteFails() {
    logged(
        "CREATE TABLE t (id INTEGER PRIMARY KEY)",
        "CREATE TABLE log (n)",
        "CREATE TRIGGER i AFTER INSERT ON t BEGIN INSERT INTO log VALUES (1); END");
    app.run("DROP TABLE log");
    assertThatThrownBy(() -> app.run("INSERT INTO t VALUES (1)"))
        .hasStackTraceContaining("no such table: main.log");
  }

  @Test
  void aDeleteOfAllRowsTellsTriggersAndCascadesTellThoseOfTheChild() {
    app.run(
        "CREATE TABLE p (id INTEGER PRIMARY KEY)",
        "CREATE TABLE c (id INTEGER PRIMARY KEY, p REFERENCES p ON DELETE CASCADE)",
        "CREATE TABLE log (n)",
        "CREATE TRIGGER p_d AFTER DELETE ON p BEGIN INSERT INTO log VALUES ('p' || OLD.id); END",
        "CREATE TRIGGER c_d AFTER DELETE ON c BEGIN INSERT INTO log VALUES ('c' || OLD.id); END",
        "INSERT INTO p VALUES (1), (2)",
        "INSERT INTO c VALUES (7, 1)",
        "DELETE FROM p");
    assertThat(app.column("SELECT n FROM log")).containsExactlyInAnyOrder("p1", "p2", "c7");
  }

  @Test
  void triggersMoveTotalChangesAndNothingElse() {
    logged(
        "CREATE TABLE t (id INTEGER PRIMARY KEY)",
        "CREATE TABLE log (n)",
        "CREATE TRIGGER i AFTER INSERT ON t BEGIN INSERT INTO log VALUES (1), (2); END");
    app.run("INSERT INTO t VALUES (5)");
    assertThat(app.one("SELECT changes() || ' ' || last_insert_rowid()")).isEqualTo("1 5");
    assertThat(app.one("SELECT total_changes()")).isEqualTo("3");
  }

  @Test
  void aFlagThatIsSetAndTakenBackInOneTransactionIsSeenByNobodyElse() {
    app.run("PRAGMA journal_mode = WAL", "CREATE TABLE flag (f)");
    try (PlainSql other = new PlainSql(folder.resolve("facts.db"))) {
      app.run("BEGIN IMMEDIATE", "INSERT INTO flag VALUES (1)");
      assertThat(other.one("SELECT count(*) FROM flag")).isEqualTo("0");
      app.run("DELETE FROM flag", "COMMIT");
      assertThat(other.one("SELECT count(*) FROM flag")).isEqualTo("0");
    }
  }

  @Test
  void anUntypedColumnIsNoMatchForAnIntegerKeysIndex() {
    app.run(
        "CREATE TABLE t (id INTEGER PRIMARY KEY)",
        "CREATE TABLE bare (k PRIMARY KEY)",
        "CREATE TABLE typed (k INTEGER PRIMARY KEY) WITHOUT ROWID");
    String plan = "EXPLAIN QUERY PLAN SELECT 1 FROM t CROSS JOIN %s AS l ON l.k = t.id";
    assertThat(planOf(plan.formatted("bare"))).contains("SCAN l");
    assertThat(planOf(plan.formatted("typed"))).contains("SEARCH l");
  }

  private String planOf(String sql) {
    return String.join("\n", app.column(4, sql));
  }

  @Test
  void anAutomaticKeyIsUnknownBeforeTheInsertAndGrowsPastWhatArrives() {
    logged(
        "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, v)",
        "CREATE TABLE log (n)",
        "CREATE TRIGGER i BEFORE INSERT ON t BEGIN INSERT INTO log VALUES (NEW.id); END");
    app.run("INSERT INTO t (v) VALUES ('a')", "INSERT INTO t VALUES (1000, 'b')");
    app.run("INSERT INTO t (v) VALUES ('c')");
    assertThat(app.column("SELECT n FROM log")).containsExactly("-1", "1000", "-1");
    assertThat(app.column("SELECT id FROM t")).containsExactly("1", "1000", "1001");
  }

  @Test
  void mostKeysTakeNulls() {
    for (String table :
        new String[] {
          "a (k TEXT PRIMARY KEY)",
          "b (k, j, PRIMARY KEY (k, j))",
          "c (k INT PRIMARY KEY)",
          "d (k INTEGER PRIMARY KEY DESC)"
        }) {
      app.run("CREATE TABLE " + table);
      String into = "INSERT INTO " + table.charAt(0) + " (k) VALUES (NULL), (NULL)";
      app.run(into);
      assertThat(app.one("SELECT count(*) FROM " + table.charAt(0) + " WHERE k IS NULL"))
          .isEqualTo("2");
    }
    app.run("CREATE TABLE e (k TEXT PRIMARY KEY) WITHOUT ROWID");
    assertThatThrownBy(() -> app.run("INSERT INTO e VALUES (NULL)"))
        .hasStackTraceContaining("NOT NULL");
  }

  @Test
  void rowidsAreReusedAndMovedByVacuumUnlessTheyAreTheKey() {
    app.run("CREATE TABLE t (v)", "INSERT INTO t VALUES ('a'), ('b'), ('c')");
    app.run("DELETE FROM t WHERE v = 'a'", "VACUUM");
    assertThat(app.one("SELECT rowid FROM t WHERE v = 'b'")).isEqualTo("1");
    app.run("DELETE FROM t WHERE v = 'c'", "INSERT INTO t VALUES ('d')");
    assertThat(app.one("SELECT rowid FROM t WHERE v = 'd'")).isEqualTo("2");
    app.run(
        "CREATE TABLE k (id INTEGER PRIMARY KEY, v)", "INSERT INTO k VALUES (7, 'a'), (9, 'b')");
    app.run("DELETE FROM k WHERE id = 7", "VACUUM");
    assertThat(app.one("SELECT id FROM k")).isEqualTo("9");
  }

  @Test
  void keysAreEqualAsTheirCollationAndTypeHaveIt() {
    app.run("CREATE TABLE n (k TEXT COLLATE NOCASE PRIMARY KEY)", "CREATE TABLE b (k PRIMARY KEY)");
    app.run("INSERT INTO n VALUES ('bob')", "INSERT OR IGNORE INTO n VALUES ('Bob')");
    assertThat(app.column("SELECT k FROM n")).containsExactly("bob");
    app.run("INSERT INTO b VALUES ('1'), (1), (x'31')", "INSERT OR IGNORE INTO b VALUES (1.0)");
    assertThat(app.one("SELECT count(*) FROM b")).isEqualTo("3");
  }

  @Test
  void generatedColumnsAreHiddenAndCannotBeWritten() {
    app.run("CREATE TABLE t (id INTEGER PRIMARY KEY, a, g AS (a + 1), s AS (a + 2) STORED)");
    assertThat(app.column("SELECT name FROM pragma_table_info('t')")).containsExactly("id", "a");
    assertThat(app.column("SELECT name FROM pragma_table_xinfo('t')")).contains("g", "s");
    assertThatThrownBy(() -> app.run("INSERT INTO t (a, g) VALUES (1, 2)"))
        .hasStackTraceContaining("generated column");
  }

  @Test
  void virtualTablesTakeNoTriggers() {
    app.run("CREATE VIRTUAL TABLE words USING fts5(body)");
    assertThatThrownBy(() -> app.run("CREATE TRIGGER i AFTER INSERT ON words BEGIN SELECT 1; END"))
        .hasStackTraceContaining("virtual table");
  }
}
