package sh.fazt.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.apply.RowJudge;
import sh.fazt.mesh.apply.RowProof;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.change.RowKey;
import sh.fazt.mesh.fingerprint.Prefix;
import sh.fazt.mesh.fingerprint.Reconciliation;
import sh.fazt.mesh.fingerprint.RowReport.Judgement;
import sh.fazt.mesh.fingerprint.StateAnswer;
import sh.fazt.mesh.fingerprint.StatePlan;
import sh.fazt.mesh.projection.ShadowRow;
import sh.fazt.mesh.projection.Shown;
import sh.fazt.mesh.projection.ValueDigest;
import sh.fazt.mesh.roster.Role;
import sh.fazt.mesh.schema.TrackedTable;
import sh.fazt.mesh.schema.Value;
import sh.fazt.mesh.store.Database;
import sh.fazt.mesh.store.Meta;
import sh.fazt.mesh.store.SchemaReader;
import sh.fazt.mesh.store.SiteBook;
import sh.fazt.mesh.store.StatePlanner;
import sh.fazt.mesh.store.TableAccess;
import sh.fazt.mesh.store.TableBook;

/** Whole states are the same on level replicas, and a row that is not is found and mended. */
class StateSourceTest extends PairOfReplicas {
  private static final String T = "CREATE TABLE t (k TEXT PRIMARY KEY, a, b INTEGER DEFAULT 7)";
  private static final String QUIET = "INSERT INTO _mesh_applying VALUES (1)";
  private static final String LOUD = "DELETE FROM _mesh_applying";

  private StatePlan plan(String name) {
    try (StateSource source = StateSource.open(nodes.file(name))) {
      return source.plan().plan();
    }
  }

  private StateSource.Taken take(String name, StatePlan plan) {
    try (StateSource source = StateSource.open(nodes.file(name))) {
      return source.take(plan, false, () -> false);
    }
  }

  private StateSource.State state(String name) {
    StatePlan common = StatePlan.Fit.of(plan("vps"), plan("laptop")).common();
    return (StateSource.State) take(name, common);
  }

  private void assertEqualStates(String why) {
    assertThat(state("laptop").summary()).as(why).isEqualTo(state("vps").summary());
    assertThat(state("laptop").rows().root()).as(why).isEqualTo(state("vps").rows().root());
  }

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

  /** What each says of the rows that differ, the vps first. */
  private Map<String, List<RowJudge.Judged>> judged() {
    StateSource.State here = state("vps");
    StateSource.State there = state("laptop");
    List<Long> ids = differing(here, there);
    Map<String, List<RowJudge.Judged>> judged = new HashMap<>();
    for (String name : List.of("vps", "laptop")) {
      try (StateSource source = StateSource.open(nodes.file(name))) {
        judged.put(name, ids.isEmpty() ? List.of() : source.judge(here.plan(), ids));
      }
    }
    return judged;
  }

  private static List<Long> differing(StateSource.State here, StateSource.State there) {
    try {
      Reconciliation search = new Reconciliation(here.rows(), there.rows().root());
      for (List<Prefix> asked = search.next(); !asked.isEmpty(); asked = search.next()) {
        search.on(asked.stream().map(there.rows()::range).toList());
      }
      return search.differing();
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  private static List<Judgement> judgements(List<RowJudge.Judged> judged) {
    return judged.stream().map(each -> each.report().judgement()).toList();
  }

  private int mend(String name) {
    List<RowProof> proofs =
        judged().get(name).stream().map(RowJudge.Judged::proof).flatMap(Optional::stream).toList();
    return nodes.mesh(name).mend(proofs);
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
    assertThat(state("vps").rows().size()).isEqualTo(7);
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

  /** Changes a row behind the mesh's back, and what the shadow says is shown of it. */
  private void damage(String name, String key, Value value) {
    nodes.app(name).run(QUIET, "UPDATE t SET a = 666 WHERE k = '" + key + "'", LOUD);
    try (Database database = Database.open(nodes.file(name))) {
      SiteBook sites = new SiteBook(database);
      TrackedTable table =
          new TableBook(database, new SchemaReader(database)).readable("t").orElseThrow();
      TableAccess access = TableAccess.of(database, table, sites);
      RowKey row = new RowKey(List.of(Value.of(key)));
      ShadowRow shadow = access.shadows().find(row);
      ValueDigest digest =
          new ValueDigest(new Meta(database).bytes(Meta.Fact.DIGEST_SECRET).orElseThrow());
      Map<Integer, Long> digests = new HashMap<>(shadow.shown().digests());
      digests.put(table.columnNumber(table.column("a").orElseThrow()), digest.of(value));
      database.write(
          () -> {
            access
                .shadows()
                .put(row, new ShadowRow(shadow.merged(), Shown.of(digests), shadow.unsent()));
            return true;
          });
    }
  }

  private void manyRows() {
    pair(
        T,
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)"
            + " INSERT INTO t SELECT 'k' || i, i, i FROM n");
    vps("UPDATE t SET b = b + 1 WHERE a % 3 = 0");
    sync();
    assertEqualStates("before");
  }

  @Test
  void rowChangedTogetherWithItsShadowIsFoundAndMendedFromTheLog() {
    manyRows();
    damage("laptop", "k6", Value.of(666));
    assertThat(nodes.mesh("laptop").harvest()).isEmpty();
    assertThat(judgements(judged().get("laptop"))).containsExactly(Judgement.DAMAGED);
    assertThat(judgements(judged().get("vps"))).containsExactly(Judgement.AS_LOGGED);
    assertThat(mend("vps")).isZero();
    assertThat(mend("laptop")).isOne();
    assertEqualStates("after");
    assertThat(nodes.app("laptop").one("SELECT a || '/' || b FROM t WHERE k = 'k6'"))
        .isEqualTo("6/7");
    assertThat(nodes.mesh("laptop").harvest()).isEmpty();
  }

  @Test
  void rowsLostTogetherWithTheirShadowsComeBack() {
    manyRows();
    String shadow = nodes.app("vps").one("SELECT '_mesh_shadow_' || number FROM _mesh_table");
    vps(
        QUIET,
        "DELETE FROM t WHERE k IN ('k7', 'k9')",
        "DELETE FROM " + shadow + " WHERE k0 IN ('k7', 'k9')",
        LOUD);
    assertThat(judgements(judged().get("vps")))
        .containsExactly(Judgement.DAMAGED, Judgement.DAMAGED);
    assertThat(mend("vps")).isEqualTo(2);
    assertEqualStates("after");
    assertSame("t");
  }

  @Test
  void forgottenDeathIsRemembered() {
    manyRows();
    laptop("DELETE FROM t WHERE k = 'k8'");
    sync();
    String shadow = nodes.app("vps").one("SELECT '_mesh_shadow_' || number FROM _mesh_table");
    vps(
        "BEGIN",
        QUIET,
        "INSERT INTO t VALUES ('k8', 8, 8)",
        "UPDATE "
            + shadow
            + " SET packed = (SELECT packed FROM "
            + shadow
            + " WHERE k0 = 'k7')"
            + " WHERE k0 = 'k8'",
        "DELETE FROM _mesh_applying",
        "COMMIT");
    assertThat(judged().get("vps")).hasSize(1);
    List<Judgement> judgements = judgements(judged().get("vps"));
    // Its values are not what that shadow digests, so it looks like a write of the application's.
    assertThat(judgements).containsExactly(Judgement.UNTAKEN);
    vps(QUIET, "UPDATE t SET a = 7, b = 7 WHERE k = 'k8'", LOUD);
    assertThat(mend("vps")).isOne();
    assertEqualStates("after");
    assertSame("t");
  }

  @Test
  void logWithAGapProvesNothing() {
    manyRows();
    vps("UPDATE t SET a = 0 WHERE k = 'k1'");
    sync();
    vps("UPDATE t SET a = 1 WHERE k = 'k2'");
    sync();
    damage("laptop", "k2", Value.of(666));
    laptop("DELETE FROM _mesh_batch WHERE seq = (SELECT max(seq) - 1 FROM _mesh_batch)");
    assertThat(judgements(judged().get("laptop"))).containsExactly(Judgement.UNPROVEN);
    assertThat(mend("laptop")).isZero();
  }

  @Test
  void batchThatItsAuthorDidNotSignProvesNothing() {
    manyRows();
    vps("UPDATE t SET a = 1 WHERE k = 'k2'");
    sync();
    damage("laptop", "k2", Value.of(666));
    try (Database database = Database.open(nodes.file("laptop"))) {
      Forged.lastBatch(database);
    }
    assertThat(judgements(judged().get("laptop"))).containsExactly(Judgement.UNPROVEN);
  }

  @Test
  void rowThatHasChangedSinceItWasJudgedIsLeftAlone() {
    manyRows();
    damage("laptop", "k6", Value.of(666));
    List<RowProof> proofs =
        judged().get("laptop").stream()
            .map(RowJudge.Judged::proof)
            .flatMap(Optional::stream)
            .toList();
    laptop("UPDATE t SET a = 'mine' WHERE k = 'k6'");
    assertThat(nodes.mesh("laptop").mend(proofs)).isZero();
    assertThat(nodes.app("laptop").one("SELECT a FROM t WHERE k = 'k6'")).isEqualTo("mine");
    sync();
    assertEqualStates("after");
    assertSame("t");
  }

  @Test
  void whatIsParkedHeldOrSetAsideOnOneSideIsExplained() {
    pair(
        T,
        "CREATE TABLE c (id TEXT PRIMARY KEY, w INTEGER)",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200)"
            + " INSERT INTO t SELECT 'k' || i, i, i FROM n");
    vps("DELETE FROM t WHERE k <> 'k1'");
    sync();
    assertThat(figures("vps").held()).isNotEmpty();
    List<Judgement> vps = judgements(judged().get("vps"));
    assertThat(vps).hasSize(199).containsOnly(Judgement.WAITS);
    nodes.mesh("vps").massDeletes().undo(Set.of());
    sync();
    assertEqualStates("undone");
    vps("ALTER TABLE c ADD COLUMN x");
    vps("INSERT INTO c VALUES ('a', 1, 'x')");
    sync();
    assertThat(figures("laptop").parked()).isOne();
    assertThat(StatePlan.Fit.of(plan("vps"), plan("laptop")).apart())
        .containsExactly(new StatePlan.Apart("c", "x", StatePlan.Apart.Why.ONLY_HERE));
    assertThat(new ArrayList<>(judged().get("laptop"))).isEmpty();
  }

  @Test
  void rowThatARuleKeepsOutOnOneSideIsExplained() {
    nodes.database("vps", "CREATE TABLE c (id TEXT PRIMARY KEY, w INTEGER)");
    nodes.found("vps");
    nodes.database("laptop", "CREATE TABLE c (id TEXT PRIMARY KEY, w INTEGER CHECK (w < 5))");
    nodes.join("laptop", "vps");
    sync();
    vps("INSERT INTO c VALUES ('a', 9), ('b', 1)");
    sync();
    assertThat(figures("laptop").aside()).isOne();
    assertThat(judgements(judged().get("laptop"))).containsExactly(Judgement.SET_ASIDE);
    assertThat(judgements(judged().get("vps"))).containsExactly(Judgement.AS_LOGGED);
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
