package sh.fazt.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.fingerprint.StateAnswer;
import sh.fazt.mesh.fingerprint.StatePlan;
import sh.fazt.mesh.roster.Role;
import sh.fazt.mesh.schema.TrackedTable;
import sh.fazt.mesh.store.Database;
import sh.fazt.mesh.store.SchemaReader;
import sh.fazt.mesh.store.StatePlanner;
import sh.fazt.mesh.store.TableBook;

/** Whole states are the same on level replicas, and are read only when they are. */
class StateSourceTest extends PairOfStates {
  /** It sends nothing of its own, and has nothing to settle. */
  @Test
  void aNodeThatOnlyReadsHasAStateAsAnyOther() {
    nodes.database("vps", T, "INSERT INTO t VALUES ('a', 1, 2)");
    nodes.found("vps");
    nodes.join("laptop", "vps", Role.READ);
    sync();
    assertEqualStates("a reader");
    vps("INSERT INTO t VALUES ('b', 3, 4)");
    laptop("UPDATE t SET a = 'mine' WHERE k = 'a'");
    sync();
    assertEqualStates("a reader whose write was taken back");
  }

  @Test
  void levelReplicasAreEqual() {
    pair(
        T,
        "CREATE TABLE n (id INTEGER PRIMARY KEY, x REAL, y BLOB)",
        "INSERT INTO t VALUES ('a', 1, 2), ('b', 2.5, NULL), ('c', x'00ff', 7)");
    assertEqualStates("genesis");
    vps("INSERT INTO t VALUES ('', '', x''), ('e', x'', 1)");
    vps(
        "UPDATE t SET a = 'new' WHERE k = 'a'",
        "INSERT INTO n VALUES (1, 1.5, x'01'), (2, -0.0, 'x')");
    laptop("DELETE FROM t WHERE k = 'b'", "INSERT INTO t (k) VALUES ('d'), ('" + "\u00e9" + "')");
    sync();
    vps("UPDATE t SET a = 1 WHERE k = 'd'", "DELETE FROM n WHERE id = 1");
    laptop("UPDATE t SET a = 2 WHERE k = 'd'", "UPDATE n SET x = 3 WHERE id = 1");
    sync();
    assertEqualStates("after conflicts");
    assertThat(state("vps").rows().size()).isEqualTo(9);
  }

  @Test
  void replicasThatHadRowsBeforeAreEqualOnceLevel() {
    nodes.database("vps", T, "INSERT INTO t VALUES ('a', 1, 2), ('b', 2, 7), ('s', 1, 1)");
    nodes.found("vps");
    nodes.database("laptop", T, "INSERT INTO t VALUES ('a', 9, 2), ('c', 3, 3), ('s', 1, 1)");
    nodes.join("laptop", "vps");
    sync();
    assertEqualStates("genesis on both");
  }

  @Test
  void whateverIsWrittenLevelReplicasAreEqual() {
    pair(
        T,
        "CREATE TABLE u (id INTEGER PRIMARY KEY, v TEXT UNIQUE, w INTEGER CHECK (w < 90))",
        "INSERT INTO u VALUES (1, 'one', 1), (2, 'two', 2)");
    for (long seed = 0; seed < 60; seed++) {
      Random random = new Random(seed);
      for (String name : List.of("vps", "laptop")) {
        for (int i = random.nextInt(4); i >= 0; i--) {
          nodes.nowMillis += random.nextInt(5);
          nodes.app(name).run(statement(random));
        }
      }
      sync();
      assertEqualStates("seed " + seed);
    }
  }

  private static String statement(Random random) {
    int key = random.nextInt(12);
    int value = random.nextInt(9);
    return switch (random.nextInt(7)) {
      case 0 -> "REPLACE INTO t VALUES ('" + key + "', " + value + ", " + value + ")";
      case 1 -> "UPDATE t SET a = " + value + " WHERE k = '" + key + "'";
      case 2 -> "DELETE FROM t WHERE k = '" + key + "'";
      case 3 -> "INSERT OR IGNORE INTO t (k) VALUES ('" + key + "')";
      case 4 -> "UPDATE t SET b = NULL WHERE k >= '" + key + "'";
      case 5 -> "UPDATE OR IGNORE u SET w = w + 1";
      default -> "REPLACE INTO u VALUES (" + key + ", 'own" + key + "', " + value + ")";
    };
  }

  @Test
  void writesThatAreNotTakenInMakeItWait() {
    pair(T);
    vps("INSERT INTO t VALUES ('a', 1, 2)");
    assertThat(take("vps", plan("vps"))).isEqualTo(new StateSource.NotNow(StateAnswer.Why.SYNCING));
    sync();
    assertEqualStates("then");
  }

  @Test
  void whoAsksForWhatIsNotThereGetsNothing() {
    pair(T);
    StatePlan foreign = StatePlan.of(List.of(new StatePlan.Table("sqlite_schema", 1, List.of())));
    assertThat(take("vps", foreign)).isEqualTo(new StateSource.NotNow(StateAnswer.Why.OTHER_PLAN));
  }

  @Test
  void rowsAreReadWhateverTheirOrderInTheFile() {
    pair(
        "CREATE TABLE w (a TEXT COLLATE NOCASE, b INTEGER, v, PRIMARY KEY (a, b)) WITHOUT ROWID",
        "CREATE TABLE o (rowid TEXT PRIMARY KEY, oid, _rowid_)",
        "CREATE TABLE r (rowid TEXT PRIMARY KEY, v)");
    String many =
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9000)"
            + " INSERT INTO ";
    vps(
        many + "w SELECT 'K' || (i % 50), i, i FROM n",
        many + "o SELECT CASE WHEN i > 8500 THEN 'k' || i END, i, i FROM n",
        many + "r SELECT 'k' || i, i FROM n");
    sync();
    assertEqualStates("after");
    // Of rows without a key nobody else would know which is which.
    assertThat(state("laptop").shown()).isEqualTo(18_500);
  }

  @Test
  void stateIsReadAgainOnlyAfterAWrite() {
    pair(T, "INSERT INTO t VALUES ('a', 1, 2)");
    try (StateSource source = StateSource.open(nodes.file("vps"))) {
      StatePlan plan = source.plan().plan();
      StateSource.Taken first = source.take(plan, false, () -> false);
      assertThat(source.take(plan, false, () -> true)).isSameAs(first);
      // Any other program's commit counts, whether a trigger told of it or not.
      vps(QUIET, "UPDATE t SET a = 5", LOUD);
      assertThat(source.take(plan, false, () -> false)).isNotSameAs(first);
      assertThat(source.last()).isPresent();
    }
  }

  @Test
  void massDeleteThatWaitsTakesItsTableOutOfThePlan() {
    pair(
        T,
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1200)"
            + " INSERT INTO t SELECT 'k' || i, i, i FROM n");
    vps("DELETE FROM t");
    sync();
    try (StateSource source = StateSource.open(nodes.file("vps"))) {
      assertThat(source.plan().plan().tables()).isEmpty();
      assertThat(source.plan().apart())
          .containsExactly(new StatePlan.Apart("t", "", StatePlan.Apart.Why.WAITS));
    }
  }

  @Test
  void moreRowsThanThereIsMemoryForAreNotCompared() {
    pair(T, "INSERT INTO t VALUES ('a', 1, 2), ('b', 1, 2)");
    StatePlan plan = plan("vps");
    try (StateSource source = StateSource.open(nodes.file("vps"), 1)) {
      assertThat(source.take(plan, false, () -> false))
          .isEqualTo(new StateSource.NotNow(StateAnswer.Why.TOO_LARGE));
    }
    try (StateSource source = StateSource.open(nodes.file("vps"), 2)) {
      assertThat(source.take(plan, false, () -> false)).isInstanceOf(StateSource.State.class);
    }
  }

  @Test
  void tablesBeyondTheLimitOfAPlanAreNamed() {
    pair(T, "CREATE TABLE u (id INTEGER PRIMARY KEY, v)");
    try (Database database = Database.openToRead(nodes.file("vps"))) {
      List<TrackedTable> tables = new TableBook(database, new SchemaReader(database)).readable();
      StatePlanner.Planned whole = new StatePlanner(database).plan(tables);
      assertThat(whole.plan().tables()).hasSize(2);
      int first = whole.plan().tables().get(0).bytes();
      StatePlanner.Planned cut = new StatePlanner(database, first).plan(tables);
      assertThat(cut.plan().tables()).hasSize(1);
      assertThat(cut.apart())
          .extracting(StatePlan.Apart::why)
          .containsExactly(StatePlan.Apart.Why.TOO_MANY);
    }
  }

  @Test
  void writesBetweenPagesAreNoticedAndDoNotReachASnapshot() {
    pair(T, "INSERT INTO t VALUES ('a', 1, 2)");
    StatePlan plan = plan("vps");
    BooleanSupplier writes =
        () -> {
          vps("INSERT OR IGNORE INTO t VALUES ('b' || random(), 1, 2)");
          return false;
        };
    try (StateSource source = StateSource.open(nodes.file("vps"))) {
      assertThat(source.take(plan, false, writes))
          .isEqualTo(new StateSource.NotNow(StateAnswer.Why.MOVED));
      sync();
      long rows = Long.parseLong(nodes.app("vps").one("SELECT count(*) FROM t"));
      StateSource.State state = (StateSource.State) source.take(plan, true, writes);
      assertThat(state.shown()).isEqualTo(rows);
      assertThat(nodes.app("vps").one("SELECT count(*) FROM t")).isNotEqualTo(String.valueOf(rows));
      // It is a state of before those writes, so it is not told again.
      assertThat(source.last()).isEmpty();
    }
  }

  @Test
  void readingThatIsToStopStops() {
    pair(T, "INSERT INTO t VALUES ('a', 1, 2)");
    StatePlan plan = plan("vps");
    try (StateSource source = StateSource.open(nodes.file("vps"))) {
      assertThat(source.take(plan, true, () -> true))
          .isEqualTo(new StateSource.NotNow(StateAnswer.Why.BUSY));
      assertThat(source.take(plan, true, () -> false)).isInstanceOf(StateSource.State.class);
    }
  }

  @Test
  void encodingsMakeNoDifference() {
    nodes.database("vps", "PRAGMA encoding = 'UTF-16le'", T);
    nodes.found("vps");
    nodes.database(
        "laptop", T, "INSERT INTO t VALUES ('" + "\uD83D\uDE00" + "', '" + "\uFFFC" + "', 1)");
    nodes.join("laptop", "vps");
    sync();
    vps("INSERT INTO t VALUES ('" + "\uFFFD" + "', 'x', 1), ('z', '" + "\uD83D\uDE00" + "', 2)");
    sync();
    assertThat(nodes.app("vps").one("PRAGMA encoding")).isEqualTo("UTF-16le");
    assertEqualStates("UTF-16 and UTF-8");
    assertThat(state("vps").rows().size()).isEqualTo(3);
  }
}
