package sh.fazt.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.fault.MeshException;

/** Dead rows are forgotten once nobody can bring them back, and nothing here needs them. */
class ForgettingTest extends TrimmedReplicas {
  private static final long HOUR = DAY / 24;

  @Test
  void whatIsDeadIsForgottenADayAfterItsBatchesWent() {
    deleted();
    trim("vps");
    assertThat(remembered("vps")).containsExactly("a", "last", "last too");
    nodes.nowMillis += 23 * HOUR;
    trim("vps");
    assertThat(remembered("vps")).contains("a");
    nodes.nowMillis += HOUR;
    trim("vps");
    assertThat(remembered("vps")).containsExactly("last", "last too");
    assertThat(remembered("laptop")).contains("a");
    assertEqual("vps", "laptop");
  }

  @Test
  void nothingIsForgottenUnlessSomebodySaidSo() {
    deleted();
    trim("vps");
    nodes.mesh("vps").keepLog(OptionalLong.empty());
    nodes.nowMillis += 2 * DAY;
    while (nodes.mesh("vps").trim()) {
      nodes.nowMillis++;
    }
    assertThat(remembered("vps")).contains("a");
  }

  @Test
  void aLogThatIsTrimmedDoesNotHaveDeadRowsForgotten() {
    nodes.forgetDead = false;
    deleted();
    forget("vps");
    assertThat(remembered("vps")).contains("a");
  }

  @Test
  void aRestartHoldsNothingUp() {
    deleted();
    trim("vps");
    nodes.closeMesh("vps");
    nodes.nowMillis += DAY;
    nodes.open("vps");
    trim("vps");
    assertThat(remembered("vps")).doesNotContain("a");
  }

  @Test
  void whatOneMemberIsNotOnRecordToShowStays() {
    pair(T);
    app("vps", "INSERT INTO t VALUES ('a', '1')");
    last();
    trim("vps");
    app("vps", "DELETE FROM t WHERE id = 'a'");
    app("vps", "INSERT INTO t VALUES ('b', '1')");
    forget("vps");
    assertThat(remembered("vps")).contains("a");
    last();
    forget("vps");
    assertThat(remembered("vps")).doesNotContain("a");
  }

  /**
   * The phone has said that it shows a batch of its own which is not here: it was written before
   * the phone knew of the delete.
   */
  @Test
  void whatAMemberIsOnRecordToShowMustBeHere() {
    pair(T);
    nodes.join("phone", "vps");
    nodes.sync("vps", "phone");
    app("vps", "INSERT INTO t VALUES ('a', '1')");
    sync();
    nodes.sync("vps", "phone");
    app("phone", "UPDATE t SET v = '2'");
    app("vps", "DELETE FROM t");
    nodes.carry("vps", "phone");
    last();
    nodes.carry("vps", "phone");
    acknowledge("vps", "laptop", "phone");
    forget("vps");
    assertThat(nodes.mesh("vps").floors().seq(nodes.mesh("vps").site())).isPositive();
    assertThat(remembered("vps")).contains("a");
    nodes.sync("vps", "phone");
    assertThat(conflicts("vps")).isOne();
  }

  /**
   * Both have made row 'a'; of the laptop's insert nothing counts. But its batch stays in the log
   * of the vps, since something else in it waits there.
   */
  private void aBatchStays() {
    pair(T);
    laptop("ALTER TABLE t ADD COLUMN w TEXT");
    laptop("INSERT INTO t VALUES ('a', 'same', NULL)", "INSERT INTO t VALUES ('b', 'x', 'waits')");
    nodes.mesh("laptop").harvest();
    app("vps", "INSERT INTO t VALUES ('a', 'same')");
    sync();
    app("vps", "DELETE FROM t WHERE id = 'a'");
    last();
    forget("vps");
  }

  @Test
  void aRowOfWhichABatchIsInTheLogIsRemembered() {
    aBatchStays();
    assertThat(nodes.mesh("vps").floors().seq(nodes.mesh("laptop").site())).isZero();
    assertThat(remembered("vps")).contains("a");
    nodes.join("phone", "vps");
    rebase("vps", "phone");
    nodes.sync("vps", "phone");
    assertThat(shown("phone")).doesNotContain("a");
  }

  @Test
  void aRowWithAnOpenConflictIsRemembered() {
    pair(T);
    app("vps", "INSERT INTO t VALUES ('a', '1')");
    sync();
    app("laptop", "UPDATE t SET v = 'edited'");
    app("vps", "DELETE FROM t");
    last();
    forget("vps", "laptop");
    assertThat(remembered("vps")).contains("a");
    assertThat(remembered("laptop")).contains("a");
  }

  @Test
  void aRowThatIsMadeAnewIsANewRowForThoseWhoRememberTheOldOne() {
    deleted();
    forget("vps");
    assertThat(remembered("vps")).doesNotContain("a");
    app("vps", "INSERT INTO t VALUES ('a', 'again')");
    sync();
    assertThat(rows("laptop", "SELECT v FROM t WHERE id = 'a'")).containsExactly("again");
    assertEqual("vps", "laptop");
    app("laptop", "DELETE FROM t WHERE id = 'a'");
    last();
    forget("vps", "laptop");
    assertThat(remembered("vps")).doesNotContain("a");
    assertThat(remembered("laptop")).doesNotContain("a");
  }

  /** The clock of the vps is set back by ten days while it is closed. */
  @Test
  void whatIsMadeAnewIsLaterThanWhatWasForgottenWhateverTheClockSays() {
    pair(T);
    app("vps", "INSERT INTO t VALUES ('a', '1')");
    last();
    app("laptop", "DELETE FROM t WHERE id = 'a'");
    sync();
    app("laptop", "INSERT INTO t VALUES ('z', '1')");
    sync();
    acknowledge("vps", "laptop");
    nodes.nowMillis += DAY;
    acknowledge("vps", "laptop");
    forget("vps");
    assertThat(remembered("vps")).doesNotContain("a");
    nodes.closeMesh("vps");
    nodes.clockOff("vps", -10 * DAY);
    nodes.open("vps");
    app("vps", "INSERT INTO t VALUES ('a', '2')");
    nodes.clockOff("vps", 0);
    sync();
    assertThat(rows("laptop", "SELECT v FROM t WHERE id = 'a'")).containsExactly("2");
    assertEqual("vps", "laptop");
  }

  @Test
  void manyGoInTurnsAndWhatIsWrittenBetweenThemStands() {
    pair(T);
    noGuard();
    app("vps", numbers(ForgettingPass.TURN_FORGOTTEN + 10));
    last();
    app("vps", "DELETE FROM t WHERE v = 'n'");
    last();
    trim("vps");
    nodes.nowMillis += DAY;
    int turns = 0;
    while (nodes.mesh("vps").trim()) {
      turns++;
      app("vps", "INSERT OR REPLACE INTO t VALUES ('7', 'again " + turns + "')");
      nodes.nowMillis++;
    }
    assertThat(turns).isGreaterThan(2);
    assertThat(remembered("vps")).containsExactly("7", "last", "last too");
    sync();
    assertEqual("vps", "laptop");
  }

  @Test
  void aFaultInTheMiddleLosesNothing() {
    deleted();
    trim("vps");
    nodes.nowMillis += DAY;
    nodes
        .app("vps")
        .run(
            "CREATE TRIGGER fault BEFORE DELETE ON _mesh_shadow_1"
                + " BEGIN SELECT RAISE(ABORT, 'disk'); END");
    nodes.mesh("vps").harvest();
    assertThatThrownBy(() -> trim("vps")).isInstanceOf(MeshException.class);
    assertThat(remembered("vps")).contains("a");
    nodes.app("vps").run("DROP TRIGGER fault");
    nodes.mesh("vps").harvest();
    trim("vps");
    assertThat(remembered("vps")).doesNotContain("a");
    assertEqual("vps", "laptop");
  }

  private static String numbers(int count) {
    return "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < "
        + count
        + ") INSERT INTO t SELECT i, 'n' FROM n";
  }

  private long vacuumed(String name) throws IOException {
    nodes.closeMesh(name);
    nodes.app(name).run("VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)");
    long size = Files.size(nodes.file(name));
    nodes.open(name);
    return size;
  }

  @Test
  void aHundredThousandRowsInsertedAndDeletedLeaveNoMoreThan64KiB() throws IOException {
    pair(T);
    noGuard();
    app("vps", "INSERT INTO t VALUES ('keeps', '1')");
    last();
    long before = vacuumed("vps");
    long beforeThere = vacuumed("laptop");
    vps(numbers(100_000));
    sync();
    vps("DELETE FROM t WHERE v = 'n'");
    last();
    forget("vps", "laptop");
    assertThat(rows("vps", "SELECT count(*) FROM _mesh_shadow_1")).containsExactly("3");
    assertThat(vacuumed("vps") - before).isLessThanOrEqualTo(64 * 1024);
    assertThat(vacuumed("laptop") - beforeThere).isLessThanOrEqualTo(64 * 1024);
    nodes.join("phone", "vps");
    rebase("vps", "phone");
    nodes.sync("vps", "phone");
    assertThat(remembered("phone")).containsExactly("keeps", "last", "last too");
    assertEqual("vps", "laptop", "phone");
  }

  /** Mass deletes do not wait. */
  private void noGuard() {
    for (String name : List.of("vps", "laptop")) {
      nodes.mesh(name).massDeletes().guard(Set.of("t"), false);
    }
  }
}
