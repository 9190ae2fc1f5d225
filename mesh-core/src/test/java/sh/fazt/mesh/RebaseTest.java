package sh.fazt.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.apply.Ingested;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.fault.MeshException;

/** A node that lacks batches which are gone takes a member's state, and keeps its own writes. */
class RebaseTest extends PairOfReplicas {
  private static final long DAY = 24 * 60 * 60 * 1000L;
  private static final String T = "CREATE TABLE t (id TEXT PRIMARY KEY, v TEXT)";

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
    nodes.mesh(name).keepLog(OptionalLong.of(30));
    while (nodes.mesh(name).trim()) {
      nodes.nowMillis++;
    }
  }

  private void app(String name, String... statements) {
    nodes.nowMillis += 10;
    nodes.app(name).run(statements);
    nodes.mesh(name).harvest();
  }

  private void assertAllSame(String table, String... names) {
    for (String name : names) {
      assertThat(nodes.app(name).exact(table)).as(name).isEqualTo(nodes.app("vps").exact(table));
      assertThat(figures(name).parked() + figures(name).untaken()).as(name).isZero();
    }
  }

  /**
   * The phone is gone for 100 days; 'dead' is deleted meanwhile, 'both' is edited on both sides,
   * and the log is trimmed.
   */
  private void phoneComesBack() {
    pair(T);
    nodes.join("phone", "vps");
    nodes.sync("vps", "phone");
    app("vps", "INSERT INTO t VALUES ('dead', '1'), ('both', '1'), ('quiet', '1')");
    nodes.sync("vps", "phone");
    sync();
    acknowledge("vps", "laptop", "phone");
    app("phone", "UPDATE t SET v = 'phone' WHERE id = 'dead'");
    app("phone", "UPDATE t SET v = 'phone' WHERE id = 'both'");
    app("phone", "INSERT INTO t VALUES ('mine', 'phone')");
    app("vps", "DELETE FROM t WHERE id = 'dead'");
    app("vps", "UPDATE t SET v = 'vps' WHERE id = 'both'");
    app("vps", "INSERT INTO t VALUES ('new', 'vps')");
    app("vps", "INSERT INTO t VALUES ('last', 'vps')");
    sync();
    nodes.nowMillis += 100 * DAY;
    acknowledge("vps", "laptop");
    // Conflicts of their own would keep the batches of their rows.
    trim("vps");
    trim("laptop");
  }

  @Test
  void aMemberThatWasSilentBeyondTheHorizonKeepsItsWritesAndRevivesNothing() {
    phoneComesBack();
    assertThat(nodes.mesh("vps").floors().seq(nodes.mesh("vps").site())).isEqualTo(4);
    List<Ingested> results = nodes.carry("vps", "phone");
    assertThat(results).hasSize(1);
    assertThat(results.get(0)).isInstanceOf(Ingested.Missing.class);
    rebase("vps", "phone");
    assertThat(rows("phone", "SELECT id FROM t ORDER BY id"))
        .containsExactly("both", "last", "mine", "new", "quiet");
    nodes.sync("vps", "phone");
    sync();
    nodes.sync("vps", "phone");
    assertAllSame("t", "laptop", "phone");
    assertThat(rows("laptop", "SELECT id FROM t ORDER BY id"))
        .containsExactly("both", "last", "mine", "new", "quiet");
    assertThat(rows("vps", "SELECT v FROM t WHERE id = 'mine'")).containsExactly("phone");
  }

  @Test
  void whatLosesIsAConflictThereToo() {
    phoneComesBack();
    rebase("vps", "phone");
    nodes.sync("vps", "phone");
    Map<String, String> lost =
        nodes.mesh("phone").view().conflicts(10).stream()
            .collect(Collectors.toMap(ConflictEntry::keyText, each -> each.lost().toString()));
    assertThat(lost.keySet()).containsExactlyInAnyOrder("dead", "both");
  }

  @Test
  void whatFollowsArrivesAsEver() {
    phoneComesBack();
    rebase("vps", "phone");
    app("laptop", "INSERT INTO t VALUES ('later', 'laptop')");
    sync();
    nodes.sync("vps", "phone");
    app("phone", "UPDATE t SET v = 'seen' WHERE id = 'later'");
    nodes.sync("vps", "phone");
    sync();
    assertAllSame("t", "laptop", "phone");
    assertThat(rows("laptop", "SELECT v FROM t WHERE id = 'later'")).containsExactly("seen");
    nodes.closeMesh("phone");
    nodes.open("phone");
    assertThat(nodes.mesh("phone").summary()).isEqualTo(nodes.mesh("vps").summary());
  }

  @Test
  void aSecondTimeChangesNothing() {
    phoneComesBack();
    rebase("vps", "phone");
    List<String> once = nodes.app("phone").exact("t");
    rebase("vps", "phone");
    assertThat(nodes.app("phone").exact("t")).isEqualTo(once);
  }

  @Test
  void whatWasWrittenAfterASnapshotWasTakenInFollowsWhatItShows() {
    phoneComesBack();
    app("vps", "INSERT INTO t VALUES ('cause', 'vps')");
    rebase("vps", "phone");
    assertThat(rows("phone", "SELECT id FROM t WHERE id = 'cause'")).hasSize(1);
    app("phone", "INSERT INTO t VALUES ('effect', 'phone')");
    List<Ingested> results = nodes.carry("phone", "laptop");
    assertThat(results.get(results.size() - 1)).isInstanceOf(Ingested.Missing.class);
    assertThat(rows("laptop", "SELECT id FROM t WHERE id = 'effect'")).isEmpty();
    sync();
    nodes.carry("phone", "laptop");
    assertThat(rows("laptop", "SELECT id FROM t WHERE id IN ('cause', 'effect')")).hasSize(2);
  }

  @Test
  void aNewcomerAfterTheTrimGetsAllAndGivesItsOwn() {
    phoneComesBack();
    nodes.database("tablet", T, "INSERT INTO t VALUES ('brought', 'tablet'), ('quiet', 'older')");
    nodes.join("tablet", "vps");
    rebase("vps", "tablet");
    nodes.sync("vps", "tablet");
    nodes.sync("vps", "tablet");
    sync();
    assertAllSame("t", "laptop", "tablet");
    assertThat(rows("laptop", "SELECT id FROM t ORDER BY id"))
        .containsExactly("both", "brought", "last", "new", "quiet");
    assertThat(rows("tablet", "SELECT v FROM t WHERE id = 'quiet'")).containsExactly("1");
  }

  @Test
  void aNewcomerToAMeshOfOne() {
    nodes.database("vps", T);
    nodes.found("vps");
    app("vps", "INSERT INTO t VALUES ('a', x'00ff'), ('b', NULL), ('c', 1.5), ('d', 7)");
    app("vps", "DELETE FROM t WHERE id = 'd'");
    app("vps", "INSERT INTO t VALUES ('e', 'last')");
    nodes.nowMillis += 31 * DAY;
    trim("vps");
    assertThat(nodes.mesh("vps").floors().seq(nodes.mesh("vps").site())).isEqualTo(2);
    nodes.join("laptop", "vps");
    rebase("vps", "laptop");
    sync();
    assertSame("t");
    assertNothingWaits();
    laptop("INSERT INTO t VALUES ('d', 'again')");
    sync();
    assertSame("t");
    assertThat(rows("vps", "SELECT v FROM t WHERE id = 'd'")).containsExactly("again");
  }

  @Test
  void aFaultInTheMiddleLeavesAllAsItWas() {
    phoneComesBack();
    List<String> before = nodes.app("phone").exact("t");
    nodes
        .app("phone")
        .run(
            "CREATE TRIGGER fault BEFORE UPDATE OF floor_seq ON _mesh_site"
                + " BEGIN SELECT RAISE(ABORT, 'disk'); END");
    assertThatThrownBy(() -> rebase("vps", "phone")).isInstanceOf(MeshException.class);
    assertThat(nodes.app("phone").exact("t")).isEqualTo(before);
    nodes.app("phone").run("DROP TRIGGER fault");
    rebase("vps", "phone");
    nodes.sync("vps", "phone");
    sync();
    assertAllSame("t", "laptop", "phone");
  }

  @Test
  void aTableOrColumnThatIsMissingIsToldAndNothingIsLost() {
    phoneComesBack();
    app("vps", "ALTER TABLE t ADD COLUMN w TEXT", "UPDATE t SET w = 'w'");
    List<String> before = nodes.app("phone").exact("t");
    assertThatThrownBy(() -> rebase("vps", "phone"))
        .isInstanceOf(MeshException.class)
        .hasMessageContaining("table t");
    assertThat(nodes.app("phone").exact("t")).isEqualTo(before);
    app("phone", "ALTER TABLE t ADD COLUMN w TEXT");
    rebase("vps", "phone");
    nodes.sync("vps", "phone");
    assertAllSame("t", "phone");
  }

  private void droppedAfterTheTrim() {
    pair("CREATE TABLE t (id TEXT PRIMARY KEY, v TEXT, w TEXT)");
    app("vps", "INSERT INTO t VALUES ('a', '1', 'w')");
    sync();
    app("vps", "INSERT INTO t VALUES ('b', 'last', 'w')");
    sync();
    nodes.nowMillis += 31 * DAY;
    acknowledge("vps", "laptop");
    trim("vps");
    assertThat(nodes.mesh("vps").floors().seq(nodes.mesh("vps").site())).isEqualTo(1);
    app("vps", "ALTER TABLE t DROP COLUMN w");
    sync();
  }

  @Test
  void aColumnThatAllHaveDroppedHindersNobody() {
    droppedAfterTheTrim();
    app("laptop", "ALTER TABLE t DROP COLUMN w");
    nodes.join("tablet", "vps");
    rebase("vps", "tablet");
    nodes.sync("vps", "tablet");
    assertAllSame("t", "laptop", "tablet");
  }

  @Test
  void whoHasAColumnTakesNothingFromOneThatHasDroppedIt() {
    droppedAfterTheTrim();
    assertThatThrownBy(() -> rebase("vps", "laptop")).isInstanceOf(MeshException.class);
    assertThat(rows("laptop", "SELECT w FROM t WHERE id = 'a'")).containsExactly("w");
  }

  @Test
  void halfASnapshotIsNone() {
    phoneComesBack();
    try (SnapshotSource source = nodes.mesh("vps").snapshot().orElseThrow();
        Rebase rebase = nodes.mesh("phone").rebase()) {
      rebase.take(source.next(100));
      assertThatThrownBy(rebase::merge).isInstanceOf(MalformedException.class);
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aWriteThatIsNotTakenInYetIsInNoSnapshotHalf() {
    pair(T);
    nodes.app("vps").run("INSERT INTO t VALUES ('a', 'untaken')");
    nodes.join("phone", "vps");
    rebase("vps", "phone");
    assertThat(rows("phone", "SELECT v FROM t")).containsExactly("untaken");
    nodes.sync("vps", "phone");
    assertAllSame("t", "phone");
  }

  @Test
  void aStateOfMoreRowsThanOneTransactionTakesComesInPages() {
    pair(T);
    app(
        "vps",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i <= "
            + Rebase.ATOMIC_ROWS_MAX
            + ") INSERT INTO t SELECT i, 'vps' FROM n");
    nodes.join("phone", "vps");
    rebase("vps", "phone");
    nodes.sync("vps", "phone");
    assertAllSame("t", "phone");
    assertThat(rows("phone", "SELECT count(*) FROM t"))
        .containsExactly(String.valueOf(Rebase.ATOMIC_ROWS_MAX + 1));
  }
}
