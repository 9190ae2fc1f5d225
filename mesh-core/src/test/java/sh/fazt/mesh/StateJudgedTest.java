package sh.fazt.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.apply.RowJudge;
import sh.fazt.mesh.apply.RowProof;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.change.RowKey;
import sh.fazt.mesh.crdt.MergeType;
import sh.fazt.mesh.fingerprint.Prefix;
import sh.fazt.mesh.fingerprint.Reconciliation;
import sh.fazt.mesh.fingerprint.RowReport.Judgement;
import sh.fazt.mesh.fingerprint.StatePlan;
import sh.fazt.mesh.projection.ShadowRow;
import sh.fazt.mesh.projection.Shown;
import sh.fazt.mesh.projection.ValueDigest;
import sh.fazt.mesh.schema.TrackedTable;
import sh.fazt.mesh.schema.Value;
import sh.fazt.mesh.store.Database;
import sh.fazt.mesh.store.Meta;
import sh.fazt.mesh.store.SchemaReader;
import sh.fazt.mesh.store.SiteBook;
import sh.fazt.mesh.store.TableAccess;
import sh.fazt.mesh.store.TableBook;

/**
 * A row that differs is found and explained by both sides, and mended from the log where that
 * proves it.
 */
class StateJudgedTest extends PairOfStates {
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
  void whatOperationsHaveComeToIsMendedToo() throws MalformedException {
    pair(T, "INSERT INTO t VALUES ('x', 1, 1)");
    nodes.mesh("vps").membership().chooseMerge("t", "b", MergeType.COUNTER.number());
    nodes.mesh("laptop").membership().merge(nodes.mesh("vps").membership().encodedOperations());
    vps("UPDATE t SET b = b + 1");
    laptop("UPDATE t SET b = b + 10");
    sync();
    assertEqualStates("both have counted");
    nodes.app("laptop").run("DELETE FROM _mesh_cell");
    damage("laptop", "x", Value.of(666));
    assertThat(mend("laptop")).isOne();
    vps("UPDATE t SET b = b + 1");
    laptop("UPDATE t SET b = b + 1");
    sync();
    assertThat(rows("laptop", "SELECT b FROM t")).containsExactly("14");
    assertEqualStates("both count on");
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
  void howeverManyChangesAreParkedNoneOfThemCountsAsShown() {
    manyRows();
    nodes.clockOff("vps", 3_600_000);
    vps("UPDATE t SET a = 666 WHERE k = 'k6'");
    sync();
    assertThat(figures("laptop").parked()).isOne();
    laptop(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i <= 100000)"
            + " INSERT INTO _mesh_parked SELECT 1, 1000 + i, 'gone', 'UNKNOWN_TABLE', '', -1 FROM n");
    assertThat(judgements(judged().get("laptop"))).containsExactly(Judgement.WAITS);
    assertThat(mend("laptop")).isZero();
    assertThat(nodes.app("laptop").one("SELECT a FROM t WHERE k = 'k6'")).isEqualTo("6");
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
}
