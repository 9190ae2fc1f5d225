package sh.fazt.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.schema.Value;

/** Cases in which a replica once lost, froze or diverged, or might. */
class HardCasesTest extends PairOfReplicas {
  @Test
  void tableTrackedAgainTellsWhatChangedMeanwhile() {
    pair("CREATE TABLE t (id TEXT PRIMARY KEY, a TEXT)", "INSERT INTO t VALUES ('1','x')");
    nodes.app("laptop").run("UPDATE t SET a = 'y'");
    nodes.sync("vps", "laptop");
    nodes.mesh("vps").untrack(Set.of("t"));
    nodes.app("vps").run("UPDATE t SET a = 'z'");
    nodes.mesh("vps").track(Set.of("t"), false);
    nodes.sync("vps", "laptop");
    nodes.sync("vps", "laptop");
    assertThat(nodes.app("laptop").column("SELECT a FROM t"))
        .isEqualTo(nodes.app("vps").column("SELECT a FROM t"));
  }

  @Test
  void tableUntrackedWithinATransactionTakenInByTurnsIsSentToItsEnd() {
    pair("CREATE TABLE t (id INTEGER PRIMARY KEY)", "CREATE TABLE u (id INTEGER PRIMARY KEY)");
    String rows =
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2500)"
            + " SELECT i FROM n";
    PlainSql vps = nodes.app("vps");
    vps.run("BEGIN", "INSERT INTO t " + rows, "INSERT INTO u " + rows, "COMMIT");
    nodes.mesh("vps").harvest();
    assertThat(nodes.mesh("vps").hasMore()).isTrue();
    nodes.mesh("vps").untrack(Set.of("u"));
    vps.run("INSERT INTO u VALUES (9999)");
    nodes.sync("vps", "laptop");
    for (String table : List.of("t", "u")) {
      assertThat(nodes.app("laptop").one("SELECT count(*) FROM " + table)).isEqualTo("2500");
    }
  }

  @Test
  void aLostValueStandsBesideWhatIsThereAlsoOnceTheTableIsUntracked() {
    pair("CREATE TABLE t (id TEXT PRIMARY KEY, a TEXT)", "INSERT INTO t VALUES ('1','x')");
    nodes.app("vps").run("UPDATE t SET a = 'one'");
    nodes.app("laptop").run("UPDATE t SET a = 'other'");
    nodes.sync("vps", "laptop");
    Optional<Value> stands =
        Optional.of(Value.of(nodes.app("vps").column("SELECT a FROM t").get(0)));
    assertThat(nodes.mesh("vps").view().conflicts(9))
        .extracting(ConflictEntry::now)
        .containsExactly(stands);
    nodes.mesh("vps").untrack(Set.of("t"));
    assertThat(nodes.mesh("vps").view().conflicts(9))
        .extracting(ConflictEntry::now)
        .containsExactly(stands);
  }

  @Test
  void uniqueValueHandedOnArrives() {
    pair(
        "CREATE TABLE t (id TEXT PRIMARY KEY, a TEXT UNIQUE)",
        "INSERT INTO t VALUES ('1','x'), ('2','y')");
    nodes.app("vps").run("UPDATE t SET a='w' WHERE id='1'", "UPDATE t SET a='x' WHERE id='2'");
    nodes.sync("vps", "laptop");
    nodes.sync("vps", "laptop");
    assertThat(nodes.app("laptop").column("SELECT id||a FROM t ORDER BY 1"))
        .isEqualTo(nodes.app("vps").column("SELECT id||a FROM t ORDER BY 1"));
  }

  @Test
  void swapOfUniqueValuesArrives() {
    pair(
        "CREATE TABLE t (id TEXT PRIMARY KEY, a TEXT UNIQUE)",
        "INSERT INTO t VALUES ('1','x'), ('2','y')");
    nodes
        .app("vps")
        .run(
            "UPDATE t SET a='tmp' WHERE id='1'",
            "UPDATE t SET a='x' WHERE id='2'",
            "UPDATE t SET a='y' WHERE id='1'");
    nodes.sync("vps", "laptop");
    nodes.app("vps").run("INSERT INTO t VALUES ('3','w')");
    nodes.sync("vps", "laptop");
    assertThat(nodes.mesh("laptop").view().figures(nodes.nowMillis).aside()).isZero();
  }

  @Test
  void integerAndRealKeyOfOneValueAreOneRow() {
    pair("CREATE TABLE t (id PRIMARY KEY, a TEXT, b TEXT)");
    nodes.app("vps").run("INSERT INTO t VALUES (1,'x','1')");
    nodes.nowMillis += 5;
    nodes.app("laptop").run("INSERT INTO t VALUES (1.0,'y','2')");
    nodes.sync("vps", "laptop");
    nodes.app("vps").run("UPDATE t SET a = 'q'");
    nodes.sync("vps", "laptop");
    assertThat(nodes.app("laptop").column("SELECT a||b FROM t"))
        .isEqualTo(nodes.app("vps").column("SELECT a||b FROM t"));
  }

  @Test
  void parkedColumnShowsAfterSchemaMovedWhileClosed() {
    pair("CREATE TABLE t (id TEXT PRIMARY KEY, a TEXT)");
    nodes.app("vps").run("ALTER TABLE t ADD COLUMN b TEXT", "INSERT INTO t VALUES ('1','x','y')");
    nodes.sync("vps", "laptop");
    nodes.closeMesh("laptop");
    nodes.app("laptop").run("ALTER TABLE t ADD COLUMN b TEXT");
    nodes.open("laptop");
    nodes.sync("vps", "laptop");
    assertThat(nodes.app("laptop").column("SELECT id||a||b FROM t")).containsExactly("1xy");
  }

  @Test
  void parkedChangeThatComesLateAndLosesIsKept() {
    pair("CREATE TABLE t (id TEXT PRIMARY KEY, a TEXT)", "INSERT INTO t VALUES ('1','x')");
    nodes
        .app("vps")
        .run("ALTER TABLE t ADD COLUMN b TEXT", "UPDATE t SET a = 'y', b = 'y' WHERE id = '1'");
    nodes.sync("vps", "laptop");
    nodes.nowMillis += 10;
    nodes.app("vps").run("UPDATE t SET a = 'z'");
    nodes.sync("vps", "laptop");
    nodes.nowMillis += 10;
    nodes.app("laptop").run("ALTER TABLE t ADD COLUMN b TEXT", "UPDATE t SET b = 'l'");
    nodes.sync("vps", "laptop");
    assertThat(nodes.app("laptop").column("SELECT id||a||b FROM t")).containsExactly("1zl");
    assertThat(nodes.mesh("laptop").view().figures(nodes.nowMillis).conflicts24h()).isEqualTo(1);
  }

  @Test
  void parkedTableShowsAfterTrack() {
    pair("CREATE TABLE t (id TEXT PRIMARY KEY, a TEXT)");
    nodes
        .app("vps")
        .run("CREATE TABLE u (id TEXT PRIMARY KEY, a TEXT)", "INSERT INTO u VALUES ('1','x')");
    nodes.mesh("vps").track(Set.of("u"), false);
    nodes.sync("vps", "laptop");
    nodes.app("laptop").run("CREATE TABLE u (id TEXT PRIMARY KEY, a TEXT)");
    nodes.sync("vps", "laptop");
    nodes.mesh("laptop").track(Set.of("u"), false);
    nodes.sync("vps", "laptop");
    assertThat(nodes.app("laptop").column("SELECT id||a FROM u")).containsExactly("1x");
  }

  @Test
  void valueTooLargeToTravelHoldsNothingUp() {
    pair("CREATE TABLE t (id TEXT PRIMARY KEY, a BLOB)");
    nodes.app("vps").run("INSERT INTO t VALUES ('big', zeroblob(70000000))");
    nodes.app("vps").run("INSERT INTO t VALUES ('small', 1)");
    nodes.mesh("vps").harvest();
    nodes.mesh("vps").view().log(LogFilter.newest(5));
    nodes.sync("vps", "laptop");
    assertThat(nodes.app("laptop").column("SELECT id FROM t")).contains("small");
  }

  @Test
  void firstEditOfARowFromBeforeTheMeshIsNoConflict() {
    pair("CREATE TABLE t (id TEXT PRIMARY KEY, a TEXT)", "INSERT INTO t VALUES ('1','x')");
    nodes.app("laptop").run("UPDATE t SET a = 'y'");
    nodes.sync("vps", "laptop");
    assertThat(nodes.mesh("vps").view().figures(nodes.nowMillis).conflicts24h()).isZero();
  }

  @Test
  void largeTransactionTravelsInPartsAndShows() {
    pair("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT)");
    nodes
        .app("vps")
        .run(
            "WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM c WHERE i < 10000) INSERT INTO t SELECT i, 'v' || i FROM c");
    nodes.sync("vps", "laptop");
    assertThat(nodes.app("laptop").one("SELECT count(*) FROM t")).isEqualTo("10000");
    assertThat(nodes.mesh("laptop").view().log(LogFilter.newest(10)).size()).isGreaterThan(2);
  }

  @Test
  void rebuiltTableGoesOn() {
    pair(
        "CREATE TABLE t (id TEXT PRIMARY KEY, a TEXT)",
        "INSERT INTO t VALUES ('1','x'), ('2', 'y')");
    nodes
        .app("vps")
        .run(
            "CREATE TABLE t_new (id TEXT PRIMARY KEY, a TEXT, b TEXT)",
            "INSERT INTO t_new SELECT id, a, 'n' FROM t WHERE id = '1'",
            "DROP TABLE t",
            "ALTER TABLE t_new RENAME TO t");
    nodes.app("laptop").run("ALTER TABLE t ADD COLUMN b TEXT");
    nodes.sync("vps", "laptop");
    nodes.sync("vps", "laptop");
    assertThat(nodes.app("laptop").exact("t")).isEqualTo(nodes.app("vps").exact("t"));
  }

  @Test
  void columnAddedWithDefaultGoesOn() {
    pair(
        "CREATE TABLE t (id TEXT PRIMARY KEY, a TEXT)",
        "INSERT INTO t VALUES ('1','x'), ('2', 'y')");
    nodes
        .app("vps")
        .run("ALTER TABLE t ADD COLUMN b TEXT DEFAULT 'd'", "UPDATE t SET b = 'e' WHERE id = '1'");
    nodes.sync("vps", "laptop");
    nodes.app("laptop").run("ALTER TABLE t ADD COLUMN b TEXT DEFAULT 'd'");
    nodes.sync("vps", "laptop");
    assertThat(nodes.app("laptop").exact("t")).isEqualTo(nodes.app("vps").exact("t"));
    nodes.app("vps").run("UPDATE t SET b = NULL WHERE id = '2'");
    nodes.sync("vps", "laptop");
    assertThat(nodes.app("laptop").exact("t")).isEqualTo(nodes.app("vps").exact("t"));
  }

  @Test
  void droppedColumnGoesOn() {
    pair(
        "CREATE TABLE t (id TEXT PRIMARY KEY, a TEXT, b TEXT)",
        "INSERT INTO t VALUES ('1','x','y')");
    nodes.app("vps").run("ALTER TABLE t DROP COLUMN b", "UPDATE t SET a = 'z'");
    nodes.sync("vps", "laptop");
    nodes.app("laptop").run("UPDATE t SET b = 'w'");
    nodes.sync("vps", "laptop");
    nodes.app("vps").run("ALTER TABLE t ADD COLUMN b TEXT");
    nodes.sync("vps", "laptop");
    assertThat(nodes.app("vps").exact("t")).isEqualTo(nodes.app("laptop").exact("t"));
  }
}
