package sh.fazt.mesh.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.node.VerifyReport.NotCompared;
import sh.fazt.mesh.node.VerifyReport.Outcome;
import sh.fazt.mesh.node.VerifyReport.PeerVerify;
import sh.fazt.mesh.node.VerifyReport.TableDifference;

/** Whole states of nodes that run, compared over loopback. */
class VerifyTest extends LoopbackNodes {
  private static final String T = "CREATE TABLE t (id TEXT PRIMARY KEY, v)";
  private static final String MANY =
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)"
          + " INSERT INTO t SELECT 'k' || i, i FROM n";
  private static final String QUIET = "INSERT INTO _mesh_applying VALUES (1)";
  private static final String LOUD = "DELETE FROM _mesh_applying";

  private static PeerVerify verify(MeshNode node, boolean mend) {
    VerifyReport report = node.verify(mend, PATIENCE).join();
    assertThat(report.peers()).hasSize(1);
    return report.peers().get(0);
  }

  private String shadow(String name) {
    return sql(name, "SELECT '_mesh_shadow_' || number FROM _mesh_table WHERE name = 't'").get(0);
  }

  /** Takes rows away behind the mesh's back, with all that it knows of them. */
  private void lose(String name, String where) {
    sql(
        name,
        "BEGIN IMMEDIATE",
        QUIET,
        "DELETE FROM t WHERE id " + where,
        "DELETE FROM " + shadow(name) + " WHERE k0 " + where,
        LOUD,
        "COMMIT");
  }

  @Test
  void levelNodesAreEqualInOneSmallExchange() {
    MeshNode vps = found("vps", T, MANY);
    MeshNode laptop = join("laptop", vps);
    sync(laptop);
    sql("laptop", "UPDATE t SET v = 'x' WHERE id = 'k7'", "DELETE FROM t WHERE id = 'k8'");
    sync(laptop);
    PeerVerify report = verify(laptop, false);
    assertThat(report.outcome()).isEqualTo(Outcome.EQUAL);
    assertThat(report.name()).isEqualTo("vps");
    assertThat(report.tables()).isOne();
    assertThat(report.rows()).isEqualTo(1_999);
    assertThat(report.fingerprint()).hasSize(64);
    assertThat(report.differences()).isEmpty();
    assertThat(report.bytes()).isLessThan(1_024);
    assertThat(verify(vps, false).fingerprint()).isEqualTo(report.fingerprint());
  }

  @Test
  void writesOfAMomentAgoAreWaitedFor() {
    MeshNode vps = found("vps", T);
    MeshNode laptop = join("laptop", vps);
    sync(laptop);
    sql("vps", MANY);
    PeerVerify report = verify(laptop, false);
    assertThat(report.outcome()).isEqualTo(Outcome.EQUAL);
    assertThat(report.rows()).isIn(0L, 2_000L);
  }

  @Test
  void rowsLostBehindTheMeshsBackAreFoundNamedAndMended() {
    MeshNode vps = found("vps", T, MANY);
    MeshNode laptop = join("laptop", vps);
    sync(laptop);
    assertThat(verify(laptop, false).outcome()).isEqualTo(Outcome.EQUAL);
    lose("laptop", "IN ('k3', 'k1500')");
    PeerVerify found = verify(laptop, false);
    assertThat(found.outcome()).isEqualTo(Outcome.DIFFERENT);
    assertThat(found.differences())
        .singleElement()
        .satisfies(
            t -> {
              assertThat(t.here()).isEqualTo(2);
              assertThat(t.keys()).containsExactlyInAnyOrder("k3", "k1500");
            });
    assertThat(found.bytes()).isLessThan(10_000);
    PeerVerify seen = verify(vps, true);
    assertThat(seen.differences())
        .singleElement()
        .extracting(TableDifference::there, TableDifference::mended)
        .containsExactly(2L, 0L);
    assertThat(sql("laptop", "SELECT count(*) FROM t")).containsExactly("1998");
    PeerVerify mended = verify(laptop, true);
    assertThat(mended.outcome()).isEqualTo(Outcome.EQUAL);
    assertThat(mended.mended()).isEqualTo(2);
    assertThat(sql("laptop", "SELECT v FROM t WHERE id IN ('k3', 'k1500') ORDER BY id"))
        .containsExactly("1500", "3");
    assertThat(verify(vps, false).outcome()).isEqualTo(Outcome.EQUAL);
  }

  @Test
  void theSixthRowThatDiffersIsCountedAndNotNamed() {
    MeshNode vps = found("vps", T, MANY);
    MeshNode laptop = join("laptop", vps);
    sync(laptop);
    lose("laptop", "IN ('k1', 'k2', 'k3', 'k4', 'k5')");
    TableDifference five = verify(laptop, false).differences().get(0);
    assertThat(five.here()).isEqualTo(5);
    assertThat(five.keys()).containsExactlyInAnyOrder("k1", "k2", "k3", "k4", "k5");
    lose("laptop", "= 'k6'");
    TableDifference six = verify(laptop, false).differences().get(0);
    assertThat(six.here()).isEqualTo(6);
    assertThat(six.keys()).hasSize(5).doesNotHaveDuplicates();
    PeerVerify mended = verify(laptop, true);
    assertThat(mended.outcome()).isEqualTo(Outcome.EQUAL);
    assertThat(mended.mended()).isEqualTo(6);
    assertThat(mended.differences().get(0).keys()).hasSize(5).doesNotHaveDuplicates();
    assertThat(sql("laptop", "SELECT count(*) FROM t")).containsExactly("2000");
  }

  @Test
  void whatWaitsOnOneSideMakesNoDifference() {
    MeshNode vps =
        found(
            "vps",
            T,
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200)"
                + " INSERT INTO t SELECT 'k' || i, i FROM n");
    MeshNode laptop = join("laptop", vps);
    sync(laptop);
    sql("vps", "DELETE FROM t WHERE id <> 'k1'");
    await(() -> !vps.status().figures().held().isEmpty());
    PeerVerify held = verify(laptop, false);
    assertThat(held.outcome()).isEqualTo(Outcome.EQUAL);
    assertThat(held.differences())
        .singleElement()
        .extracting(TableDifference::explained, TableDifference::differing)
        .containsExactly(199L, 0L);
  }

  @Test
  void oneComparisonMoreThanTheLimitIsRefusedAndTheOthersGoOn() {
    MeshNode vps = found("vps", T, MANY);
    MeshNode laptop = join("laptop", vps);
    sync(laptop);
    List<CompletableFuture<VerifyReport>> all = new ArrayList<>();
    // In one turn of the mesh thread, so that none has ended before the last begins.
    laptop
        .ask(
            mesh -> {
              for (int i = 0; i <= Verifying.COMPARISONS_MAX; i++) {
                all.add(laptop.verify(false, PATIENCE));
              }
              return true;
            })
        .join();
    assertThatThrownBy(() -> all.remove(Verifying.COMPARISONS_MAX).join())
        .cause()
        .hasMessage("64 comparisons are under way here already")
        .isInstanceOfSatisfying(
            MeshException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.TOO_MANY);
              assertThat(e.remedy()).contains("Try again when one of them has ended");
            });
    assertThat(all)
        .allSatisfy(
            each ->
                assertThat(each.join().peers())
                    .extracting(PeerVerify::outcome)
                    .containsExactly(Outcome.EQUAL));
    assertThat(verify(laptop, false).outcome()).isEqualTo(Outcome.EQUAL);
  }

  @Test
  void columnsThatOneLacksAreLeftOut() {
    MeshNode vps = found("vps", T, "CREATE TABLE other (id TEXT PRIMARY KEY)", MANY);
    MeshNode laptop = join("laptop", vps);
    sync(laptop);
    sql("vps", "ALTER TABLE t ADD COLUMN colour");
    sql("vps", "UPDATE t SET colour = 'red' WHERE id = 'k1'");
    laptop.untrack("other");
    sync(laptop);
    PeerVerify report = verify(laptop, false);
    assertThat(report.outcome()).isEqualTo(Outcome.EQUAL);
    assertThat(report.apart())
        .containsExactlyInAnyOrder(
            new NotCompared("t", "colour", "ONLY_THERE"),
            new NotCompared("other", "", "ONLY_THERE"));
  }

  @Test
  void encodingsMakeNoDifference() {
    sql("vps", "PRAGMA encoding = 'UTF-16le'", T);
    MeshNode vps = found("vps", "INSERT INTO t VALUES ('\uD83D\uDE00', '\u00e9'), ('\uFFFC', 1)");
    sql("laptop", "PRAGMA encoding = 'UTF-8'", T);
    MeshNode laptop = join("laptop", vps);
    sync(laptop);
    assertThat(sql("vps", "PRAGMA encoding")).containsExactly("UTF-16le");
    assertThat(sql("laptop", "PRAGMA encoding")).containsExactly("UTF-8");
    assertThat(verify(laptop, false).outcome()).isEqualTo(Outcome.EQUAL);
  }

  @Test
  void peerThatIsAwayIsNamedAsSuch() {
    MeshNode vps = found("vps", T);
    MeshNode laptop = join("laptop", vps);
    sync(laptop);
    stop(vps);
    VerifyReport report = laptop.verify(false, Duration.ofSeconds(2)).join();
    assertThat(report.peers()).extracting(PeerVerify::outcome).containsExactly(Outcome.OFFLINE);
    assertThatThrownBy(() -> laptop.verify("nas", false, PATIENCE).join())
        .isInstanceOfSatisfying(
            CompletionException.class,
            e ->
                assertThat(((MeshException) e.getCause()).code())
                    .isEqualTo(ErrorCode.PEER_UNKNOWN));
  }
}
