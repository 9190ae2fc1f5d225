package sh.fazt.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.delta.DotRange;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.roster.Role;

/** Batches go when every member has them, they are old, and nothing here needs them any more. */
class TrimmingTest extends PairOfReplicas {
  private static final long DAY = 24 * 60 * 60 * 1000L;
  private static final String T = "CREATE TABLE t (id TEXT PRIMARY KEY, v TEXT)";

  /** All say what they show, and hear it of each other. */
  private void acknowledge(String... names) {
    for (String name : names) {
      nodes.mesh(name).acknowledge();
    }
    for (String from : names) {
      for (String to : names) {
        nodes.mesh(from).acknowledging().known().forEach(nodes.mesh(to).acknowledging()::hear);
      }
    }
  }

  private void trim(String name) {
    while (nodes.mesh(name).trim()) {
      nodes.nowMillis++;
    }
  }

  private long floor(String name) {
    return nodes.mesh(name).floors().seq(vpsSite());
  }

  private SiteId vpsSite() {
    return nodes.mesh("vps").site();
  }

  private long left(String name) {
    return Long.parseLong(
        rows(name, "SELECT count(*) FROM _mesh_batch WHERE length(envelope) > 0").get(0));
  }

  /** Five batches of the vps, all but the last on the same row. */
  private void five() {
    pair(T);
    vps("INSERT INTO t VALUES ('a', '1')");
    for (int i = 2; i <= 4; i++) {
      sync();
      vps("UPDATE t SET v = '" + i + "'");
    }
    sync();
    vps("INSERT INTO t VALUES ('b', 'last')");
    sync();
    nodes.mesh("vps").keepLog(OptionalLong.of(30));
    nodes.mesh("laptop").keepLog(OptionalLong.of(30));
  }

  @Test
  void whatAllShowAndIsOldGoesButForTheLast() {
    five();
    acknowledge("vps", "laptop");
    nodes.nowMillis += 31 * DAY;
    trim("vps");
    assertThat(floor("vps")).isEqualTo(4);
    assertThat(left("vps")).isEqualTo(1);
    assertThat(nodes.mesh("vps").summary()).isEqualTo(nodes.mesh("laptop").summary());
    assertThat(figures("vps").log()).isEqualTo(new LogFigures(5, 5, 4, List.of()));
  }

  @Test
  void nothingGoesUnlessSomebodySaidSo() {
    five();
    acknowledge("vps", "laptop");
    nodes.mesh("vps").keepLog(OptionalLong.empty());
    nodes.nowMillis += 4_000 * DAY;
    trim("vps");
    assertThat(left("vps")).isEqualTo(5);
    assertThatThrownBy(() -> nodes.mesh("vps").keepLog(OptionalLong.of(-1)))
        .isInstanceOf(MeshException.class);
    assertThatThrownBy(() -> nodes.mesh("vps").keepLog(OptionalLong.of(36_501)))
        .isInstanceOf(MeshException.class);
  }

  @Test
  void whatIsYoungStays() {
    five();
    acknowledge("vps", "laptop");
    nodes.nowMillis += 29 * DAY;
    trim("vps");
    assertThat(left("vps")).isEqualTo(5);
  }

  @Test
  void whatOneMemberIsNotOnRecordToShowStays() {
    five();
    acknowledge("vps", "laptop");
    vps("UPDATE t SET v = '6' WHERE id = 'a'");
    nodes.mesh("vps").harvest();
    vps("UPDATE t SET v = '7' WHERE id = 'a'");
    nodes.mesh("vps").harvest();
    nodes.nowMillis += 31 * DAY;
    nodes.mesh("vps").acknowledge();
    trim("vps");
    assertThat(floor("vps")).as("5 is stable and no longer the last").isEqualTo(5);
    assertThat(figures("vps").log().holding()).containsExactly("laptop");
    sync();
    trim("vps");
    assertThat(floor("vps")).as("the laptop has not said so").isEqualTo(5);
    acknowledge("vps", "laptop");
    trim("vps");
    assertThat(floor("vps")).isEqualTo(6);
  }

  @Test
  void aMemberThatJoinsHoldsEverythingFromThenOn() {
    five();
    acknowledge("vps", "laptop");
    nodes.join("phone", "vps");
    nodes.nowMillis += 31 * DAY;
    trim("vps");
    assertThat(left("vps")).isEqualTo(5);
  }

  @Test
  void aRelayHoldsItAsAnyMemberDoes() {
    five();
    nodes.join("relay", "vps", Role.RELAY);
    acknowledge("vps", "laptop");
    nodes.nowMillis += 31 * DAY;
    trim("vps");
    assertThat(left("vps")).isEqualTo(5);
    nodes.sync("vps", "relay");
    acknowledge("vps", "laptop", "relay");
    trim("vps");
    assertThat(floor("vps")).isEqualTo(4);
  }

  @Test
  void whoMayNotWriteTrimsNothing() {
    five();
    nodes.join("relay", "vps", Role.RELAY);
    nodes.sync("vps", "relay");
    nodes.mesh("relay").keepLog(OptionalLong.of(30));
    acknowledge("vps", "laptop", "relay");
    nodes.nowMillis += 31 * DAY;
    trim("relay");
    assertThat(left("relay")).isEqualTo(5);
  }

  @Test
  void acknowledgementsOutliveARestart() {
    five();
    acknowledge("vps", "laptop");
    nodes.closeMesh("vps");
    nodes.open("vps");
    nodes.nowMillis += 31 * DAY;
    trim("vps");
    assertThat(floor("vps")).isEqualTo(4);
  }

  /**
   * The laptop lacks a column: what was written to it waits there, and is told by the log alone.
   */
  @Test
  void whatWaitsKeepsItsBatchAndAllThatFollow() {
    pair(T);
    vps("ALTER TABLE t ADD COLUMN w TEXT", "INSERT INTO t VALUES ('a', '1', 'waits')");
    sync();
    vps("UPDATE t SET v = '2'");
    sync();
    vps("INSERT INTO t VALUES ('b', 'last', NULL)");
    sync();
    nodes.mesh("laptop").keepLog(OptionalLong.of(0));
    acknowledge("vps", "laptop");
    nodes.nowMillis += DAY;
    trim("laptop");
    assertThat(floor("laptop")).isZero();
    laptop("ALTER TABLE t ADD COLUMN w TEXT");
    sync();
    assertThat(rows("laptop", "SELECT w FROM t WHERE id = 'a'")).containsExactly("waits");
    trim("laptop");
    assertThat(floor("laptop")).isEqualTo(2);
  }

  /** A value that its table has no column for any more is known by the log alone. */
  @Test
  void whatIsMergedAndNotShownKeepsItsBatch() {
    pair("CREATE TABLE t (id TEXT PRIMARY KEY, v TEXT, w TEXT)");
    vps("INSERT INTO t VALUES ('a', '1', 'hidden')");
    sync();
    vps("INSERT INTO t VALUES ('b', 'last', NULL)");
    sync();
    laptop("ALTER TABLE t DROP COLUMN w");
    sync();
    nodes.mesh("laptop").keepLog(OptionalLong.of(0));
    acknowledge("vps", "laptop");
    nodes.nowMillis += DAY;
    trim("laptop");
    assertThat(floor("laptop")).isZero();
    laptop("ALTER TABLE t ADD COLUMN w TEXT");
    sync();
    assertThat(rows("laptop", "SELECT w FROM t WHERE id = 'a'")).containsExactly("hidden");
  }

  @Test
  void aRowThatIsSetAsideAndARowWithAConflictKeepTheirBatches() {
    pair("CREATE TABLE t (id TEXT PRIMARY KEY, v TEXT UNIQUE)");
    vps("INSERT INTO t VALUES ('a', 'same')");
    nodes.mesh("vps").harvest();
    laptop("INSERT INTO t VALUES ('b', 'same')");
    sync();
    vps("INSERT INTO t VALUES ('c', 'last')");
    laptop("INSERT INTO t VALUES ('d', 'last too')");
    sync();
    nodes.mesh("vps").keepLog(OptionalLong.of(0));
    acknowledge("vps", "laptop");
    nodes.nowMillis += DAY;
    trim("vps");
    assertThat(nodes.mesh("vps").floors().seq(nodes.mesh("laptop").site())).isZero();
    vps("DELETE FROM t WHERE id = 'a'");
    sync();
    assertSame("t");
    assertThat(rows("vps", "SELECT id FROM t WHERE v = 'same'")).containsExactly("b");
  }

  @Test
  void aConflictKeepsWhatItsRowWasUntilItIsSettled() {
    pair(T);
    vps("INSERT INTO t VALUES ('a', '1')");
    sync();
    laptop("UPDATE t SET v = 'edited'");
    vps("DELETE FROM t");
    sync();
    vps("INSERT INTO t VALUES ('z', 'last')");
    laptop("INSERT INTO t VALUES ('y', 'last')");
    sync();
    nodes.mesh("vps").keepLog(OptionalLong.of(0));
    acknowledge("vps", "laptop");
    nodes.nowMillis += DAY;
    trim("vps");
    assertThat(left("vps")).isEqualTo(5);
  }

  @Test
  void aFaultInTheMiddleLeavesAllAsItWas() {
    five();
    acknowledge("vps", "laptop");
    nodes.nowMillis += 31 * DAY;
    nodes
        .app("vps")
        .run(
            "CREATE TRIGGER fault BEFORE UPDATE OF envelope ON _mesh_batch WHEN NEW.seq = 3"
                + " BEGIN SELECT RAISE(ABORT, 'disk'); END");
    assertThatThrownBy(() -> trim("vps")).isInstanceOf(MeshException.class);
    assertThat(floor("vps")).isZero();
    assertThat(left("vps")).isEqualTo(5);
    nodes.app("vps").run("DROP TRIGGER fault");
    trim("vps");
    assertThat(floor("vps")).isEqualTo(4);
    nodes.closeMesh("vps");
    nodes.open("vps");
    vps("INSERT INTO t VALUES ('c', 'goes on')");
    sync();
    assertSame("t");
    assertNothingWaits();
  }

  @Test
  void moreThanOneTurnGoesInPages() {
    pair(T);
    for (int i = 0; i <= 2 * Trimming.TURN_BATCHES; i++) {
      vps("INSERT OR REPLACE INTO t VALUES ('a', '" + i + "')");
      nodes.mesh("vps").harvest();
    }
    sync();
    nodes.mesh("vps").keepLog(OptionalLong.of(0));
    acknowledge("vps", "laptop");
    nodes.nowMillis += DAY;
    assertThat(nodes.mesh("vps").trim()).isTrue();
    assertThat(floor("vps")).isEqualTo(Trimming.TURN_BATCHES);
    assertThat(nodes.mesh("vps").trim()).isTrue();
    assertThat(floor("vps")).isEqualTo(2L * Trimming.TURN_BATCHES);
    assertThat(nodes.mesh("vps").trim()).isFalse();
  }

  @Test
  void duplicatesAndForksAreStillToldApart() {
    five();
    acknowledge("vps", "laptop");
    var old =
        nodes.mesh("laptop").delta(List.of(new DotRange(vpsSite(), 2, 2))).next(1 << 20).get(0);
    nodes.nowMillis += 31 * DAY;
    trim("laptop");
    assertThat(floor("laptop")).isEqualTo(4);
    assertThat(nodes.mesh("laptop").ingest(List.of(old.envelope())).get(0))
        .isInstanceOf(sh.fazt.mesh.apply.Ingested.Duplicate.class);
    assertThat(nodes.mesh("laptop").delta(List.of(new DotRange(vpsSite(), 1, 5))).next(1 << 20))
        .hasSize(1);
  }

  @Test
  void theLogIsKeptForAHundredYearsAtMost() {
    pair("CREATE TABLE t (id TEXT PRIMARY KEY, v)");
    nodes.mesh("vps").keepLog(OptionalLong.of(36_500));
    assertThatThrownBy(() -> nodes.mesh("vps").keepLog(OptionalLong.of(36_501)))
        .isInstanceOfSatisfying(
            MeshException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.USAGE));
  }
}
