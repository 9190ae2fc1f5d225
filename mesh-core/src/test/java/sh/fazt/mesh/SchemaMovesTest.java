package sh.fazt.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The application migrates its tables while the mesh works. */
class SchemaMovesTest extends PairOfReplicas {
  private static final String NOTES = "CREATE TABLE t (id TEXT PRIMARY KEY, v TEXT)";

  @Test
  void aColumnAddedHereArrivesWhenItIsAddedThere() {
    pair(NOTES, "INSERT INTO t VALUES ('a', '1'), ('b', '2')");
    vps(
        "ALTER TABLE t ADD COLUMN n INTEGER DEFAULT 7",
        "ALTER TABLE t ADD COLUMN m TEXT",
        "UPDATE t SET n = 8, m = 'x', v = '9' WHERE id = 'a'",
        "INSERT INTO t VALUES ('c', '3', 4, 'y')");
    sync();
    assertThat(rows("laptop", "SELECT id || v FROM t ORDER BY id"))
        .containsExactly("a9", "b2", "c3");
    laptop("UPDATE t SET v = '10' WHERE id = 'c'", "INSERT INTO t VALUES ('d', '5')");
    sync();
    laptop("ALTER TABLE t ADD COLUMN n INTEGER DEFAULT 7");
    sync();
    assertThat(rows("laptop", "SELECT id || v || n FROM t ORDER BY id"))
        .containsExactly("a98", "b27", "c104", "d57");
    laptop("ALTER TABLE t ADD COLUMN m TEXT");
    sync();
    assertSame("t");
    assertNothingWaits();
  }

  @Test
  void aComputedDefaultFillsWhatAPeerDoesNotKnow() {
    pair(NOTES, "INSERT INTO t VALUES ('a', '1')");
    vps(
        "CREATE TABLE t2 (id TEXT PRIMARY KEY, v TEXT, made TEXT NOT NULL DEFAULT"
            + " CURRENT_TIMESTAMP, u TEXT NOT NULL DEFAULT (lower('ABC')), w TEXT NOT NULL DEFAULT"
            + " \"q\")",
        "INSERT INTO t2 (id, v) SELECT * FROM t",
        "DROP TABLE t",
        "ALTER TABLE t2 RENAME TO t");
    laptop("INSERT INTO t VALUES ('b', '2')");
    sync();
    assertThat(rows("vps", "SELECT id || u || w FROM t WHERE made IS NOT NULL ORDER BY id"))
        .containsExactly("aabcq", "babcq");
    laptop("UPDATE t SET v = '3' WHERE id = 'b'");
    sync();
    assertThat(rows("vps", "SELECT v FROM t ORDER BY id")).containsExactly("1", "3");
    assertThat(figures("vps").aside()).isZero();
  }

  @Test
  void aDroppedColumnLosesNothingElsewhere() {
    pair(
        "CREATE TABLE t (id TEXT PRIMARY KEY, v TEXT, w TEXT)",
        "INSERT INTO t VALUES ('a', '1', 'w')");
    vps("ALTER TABLE t DROP COLUMN w", "UPDATE t SET v = '2'", "INSERT INTO t VALUES ('b', '3')");
    sync();
    assertThat(rows("laptop", "SELECT id || v || coalesce(w, '-') FROM t ORDER BY id"))
        .containsExactly("a2w", "b3-");
    laptop("UPDATE t SET w = 'new'");
    sync();
    vps("ALTER TABLE t ADD COLUMN w TEXT");
    sync();
    assertThat(rows("vps", "SELECT id || w FROM t ORDER BY id")).containsExactly("anew", "bnew");
    assertSame("t");
    assertNothingWaits();
  }

  @Test
  void whatIsWrittenToAColumnThatWasDroppedHereWaitsForNothing() {
    pair(
        "CREATE TABLE t (id TEXT PRIMARY KEY, v TEXT, w TEXT)",
        "INSERT INTO t VALUES ('a', '1', 'w')");
    vps("ALTER TABLE t DROP COLUMN w");
    sync();
    laptop("INSERT INTO t (id, v) VALUES ('b', '2')", "UPDATE t SET w = 'x' WHERE id = 'a'");
    sync();
    assertNothingWaits();
    laptop("ALTER TABLE t DROP COLUMN w");
    sync();
    assertSame("t");
    assertThat(conflicts("vps")).isZero();
    laptop("ALTER TABLE t ADD COLUMN w TEXT");
    vps("ALTER TABLE t ADD COLUMN w TEXT");
    sync();
    assertThat(rows("vps", "SELECT id || coalesce(w, '-') FROM t ORDER BY id"))
        .containsExactly("ax", "b-");
    assertSame("t");
    assertNothingWaits();
  }

  @Test
  void aNewcomerWaitsForNoColumnThatWasDroppedBeforeItCame() {
    nodes.database(
        "vps",
        "CREATE TABLE t (id TEXT PRIMARY KEY, v TEXT, w TEXT)",
        "INSERT INTO t VALUES ('a', '1', 'w')");
    nodes.found("vps");
    nodes.mesh("vps").harvest();
    vps("INSERT INTO t VALUES ('b', '2', 'x')");
    nodes.mesh("vps").harvest();
    vps("ALTER TABLE t DROP COLUMN w", "UPDATE t SET v = '3' WHERE id = 'a'");
    nodes.mesh("vps").harvest();
    nodes.join("laptop", "vps");
    sync();
    assertThat(rows("laptop", "SELECT id || v FROM t ORDER BY id")).containsExactly("a3", "b2");
    assertSame("t");
    assertNothingWaits();
    vps("ALTER TABLE t ADD COLUMN w TEXT");
    laptop("ALTER TABLE t ADD COLUMN w TEXT");
    sync();
    assertSame("t");
    assertThat(rows("laptop", "SELECT id || w FROM t ORDER BY id")).containsExactly("aw", "bx");
  }

  @Test
  void aRenamedColumnCarriesItsValues() {
    pair(NOTES, "INSERT INTO t VALUES ('a', '1'), ('b', NULL)");
    vps("ALTER TABLE t RENAME COLUMN v TO w", "UPDATE t SET w = '2' WHERE id = 'b'");
    sync();
    laptop("ALTER TABLE t ADD COLUMN w TEXT");
    sync();
    assertThat(rows("laptop", "SELECT id || w FROM t ORDER BY id")).containsExactly("a1", "b2");
    laptop("UPDATE t SET v = 'old', w = '5'");
    sync();
    assertThat(rows("vps", "SELECT id || w FROM t ORDER BY id")).containsExactly("a5", "b5");
  }

  @Test
  void bothRenameAColumn() {
    pair(NOTES, "INSERT INTO t VALUES ('a', '1'), ('b', '2')");
    vps("ALTER TABLE t RENAME COLUMN v TO w", "UPDATE t SET w = 'vps' WHERE id = 'a'");
    laptop("UPDATE t SET v = 'late' WHERE id = 'b'", "ALTER TABLE t RENAME COLUMN v TO w");
    sync();
    assertThat(rows("vps", "SELECT id || w FROM t ORDER BY id")).containsExactly("avps", "blate");
    assertSame("t");
  }

  @Test
  void aRebuildInTwelveSteps() {
    pair(NOTES, "INSERT INTO t VALUES ('a', '1'), ('b', '2')");
    vps(
        "PRAGMA foreign_keys = OFF",
        "BEGIN",
        "UPDATE t SET v = 'before' WHERE id = 'a'",
        "CREATE TABLE t_new (id TEXT PRIMARY KEY NOT NULL, v TEXT NOT NULL, n INT DEFAULT 1)",
        "INSERT INTO t_new (id, v) SELECT id, v FROM t",
        "DROP TABLE t",
        "ALTER TABLE t_new RENAME TO t",
        "INSERT INTO t VALUES ('c', '3', 2)",
        "DELETE FROM t WHERE id = 'b'",
        "COMMIT");
    sync();
    assertThat(rows("laptop", "SELECT id || v FROM t ORDER BY id"))
        .containsExactly("abefore", "c3");
    vps("UPDATE t SET v = 'after' WHERE id = 'a'");
    sync();
    assertThat(rows("laptop", "SELECT v FROM t WHERE id = 'a'")).containsExactly("after");
  }

  @Test
  void aColumnDroppedAndMadeAgainShowsWhatTheOthersKept() {
    pair(
        "CREATE TABLE t (id TEXT PRIMARY KEY, v TEXT, w TEXT)",
        "INSERT INTO t VALUES ('a', '1', 'w'), ('b', '1', 'w')");
    vps("UPDATE t SET w = 'x' WHERE id = 'a'");
    sync();
    vps("ALTER TABLE t DROP COLUMN w");
    sync();
    vps("ALTER TABLE t ADD COLUMN w TEXT DEFAULT 'new'", "UPDATE t SET v = '2' WHERE id = 'a'");
    sync();
    assertSame("t");
    assertThat(rows("laptop", "SELECT id || v || w FROM t ORDER BY id"))
        .containsExactly("a2x", "b1w");
    assertNothingWaits();
  }

  @Test
  void aTableDroppedWhileAPeerWritesComesBackWithThePeersRows() {
    pair(NOTES, "INSERT INTO t VALUES ('a', '1')");
    vps("DROP TABLE t");
    sync();
    laptop("INSERT INTO t VALUES ('b', '2')");
    sync();
    assertThat(rows("laptop", "SELECT id FROM t ORDER BY id")).containsExactly("a", "b");
    vps(NOTES);
    sync();
    assertSame("t");
    assertThat(rows("vps", "SELECT id FROM t ORDER BY id")).contains("b");
    vps("INSERT INTO t VALUES ('c', '3')");
    sync();
    assertSame("t");
    assertNothingWaits();
  }

  @Test
  void aTableMadeAgainWithAnotherKeyGoesOn() {
    pair(NOTES, "INSERT INTO t VALUES ('1', 'one')");
    for (String name : List.of("vps", "laptop")) {
      nodes
          .app(name)
          .run(
              "BEGIN",
              "CREATE TABLE n (id TEXT, part INTEGER DEFAULT 0, v TEXT, PRIMARY KEY (id, part))",
              "INSERT INTO n (id, v) SELECT * FROM t",
              "DROP TABLE t",
              "ALTER TABLE n RENAME TO t",
              "COMMIT");
      nodes.mesh(name).harvest();
    }
    vps("INSERT INTO t VALUES ('2', 1, 'two')");
    sync();
    assertSame("t");
    assertThat(rows("laptop", "SELECT v FROM t ORDER BY id")).containsExactly("one", "two");
  }

  @Test
  void aKeyThatChangesItsTypeGoesOn() {
    pair(NOTES, "INSERT INTO t VALUES ('1', 'one'), ('2', 'two')");
    vps(
        "BEGIN",
        "CREATE TABLE n (id INTEGER PRIMARY KEY, v TEXT)",
        "INSERT INTO n (id, v) SELECT * FROM t",
        "DROP TABLE t",
        "ALTER TABLE n RENAME TO t",
        "COMMIT",
        "UPDATE t SET v = 'TWO' WHERE id = 2",
        "INSERT INTO t VALUES (3, 'three')");
    sync();
    laptop("UPDATE t SET v = 'ONE' WHERE id = '1'", "INSERT INTO t VALUES ('x', 'no number')");
    sync();
    assertThat(rows("vps", "SELECT id || v FROM t ORDER BY id"))
        .containsExactly("1ONE", "2TWO", "3three");
    assertThat(rows("laptop", "SELECT id || v FROM t ORDER BY id"))
        .containsExactly("1ONE", "2TWO", "3three", "xno number");
  }

  @Test
  void aRenamedKeyColumn() {
    pair(NOTES, "INSERT INTO t VALUES ('a', '1')");
    vps("ALTER TABLE t RENAME COLUMN id TO ident", "UPDATE t SET v = '2'");
    vps("INSERT INTO t VALUES ('b', '2')");
    sync();
    assertThat(rows("laptop", "SELECT id || v FROM t ORDER BY id")).containsExactly("a2", "b2");
    laptop("UPDATE t SET v = '3'");
    sync();
    assertThat(rows("vps", "SELECT ident || v FROM t ORDER BY 1")).containsExactly("a3", "b3");
  }

  @Test
  void aTableRenamedAndBack() {
    pair(NOTES, "INSERT INTO t VALUES ('a', '1')");
    vps("ALTER TABLE t RENAME TO s", "UPDATE s SET v = '2'");
    laptop("INSERT INTO t VALUES ('b', '1')");
    sync();
    vps("INSERT INTO s VALUES ('c', '3')", "ALTER TABLE s RENAME TO t");
    sync();
    assertThat(rows("laptop", "SELECT id || v FROM t ORDER BY id"))
        .containsExactly("a2", "b1", "c3");
    assertSame("t");
    assertNothingWaits();
  }

  @Test
  void anIndexAndItsColumnMayGo() {
    pair(
        "CREATE TABLE t (id TEXT PRIMARY KEY, v TEXT, w TEXT)",
        "INSERT INTO t VALUES ('a', '1', '2')");
    vps("CREATE UNIQUE INDEX u ON t (w)");
    sync();
    vps("REPLACE INTO t VALUES ('b', '3', '2')");
    sync();
    assertThat(rows("laptop", "SELECT id FROM t")).containsExactly("b");
    vps("DROP INDEX u");
    sync();
    vps("ALTER TABLE t DROP COLUMN w");
    sync();
    vps("INSERT INTO t VALUES ('c', '4')");
    sync();
    assertThat(rows("laptop", "SELECT id FROM t ORDER BY id")).containsExactly("b", "c");
  }

  @Test
  void twoColumnsThatAreUnknownDoNotWaitForEachOther() {
    pair(NOTES);
    vps(
        "ALTER TABLE t ADD COLUMN x TEXT",
        "ALTER TABLE t ADD COLUMN y TEXT",
        "INSERT INTO t VALUES ('a', '1', 'x', 'y')");
    sync();
    laptop("ALTER TABLE t ADD COLUMN y TEXT");
    sync();
    assertThat(rows("laptop", "SELECT y FROM t")).containsExactly("y");
    laptop("ALTER TABLE t ADD COLUMN x TEXT");
    sync();
    assertThat(rows("laptop", "SELECT x || y FROM t")).containsExactly("xy");
    assertNothingWaits();
  }

  @Test
  void aLongDefaultIsRead() {
    pair(NOTES);
    vps("ALTER TABLE t ADD COLUMN j TEXT DEFAULT '" + "ab''c".repeat(10_000) + "'");
    sync();
    vps("INSERT INTO t (id) VALUES ('a')");
    sync();
    assertThat(rows("laptop", "SELECT id FROM t")).containsExactly("a");
  }

  @Test
  void columnsThatDifferOnlyInTheCaseOfTheirName() {
    pair(NOTES, "INSERT INTO t VALUES ('a', '1')");
    vps("ALTER TABLE t RENAME COLUMN v TO V");
    assertThat(nodes.mesh("vps").harvest()).isEmpty();
    vps("UPDATE t SET V = '2'");
    laptop("ALTER TABLE t RENAME TO s", "ALTER TABLE s RENAME TO T");
    sync();
    assertThat(rows("laptop", "SELECT v FROM t")).containsExactly("2");
  }
}
