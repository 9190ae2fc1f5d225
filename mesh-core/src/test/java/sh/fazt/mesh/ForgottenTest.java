package sh.fazt.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.fault.MeshException;

/**
 * Whoever takes the state of a node that has forgotten dead rows ends equal with those who remember
 * them: what was deleted goes, what is new comes, everywhere.
 */
class ForgottenTest extends TrimmedReplicas {
  /**
   * The phone is gone for 100 days. Meanwhile 'dead' is deleted, 'brief' comes and goes, and the
   * vps forgets both; the laptop remembers.
   */
  private void phoneIsAway(String... writes) {
    pair(T);
    nodes.join("phone", "vps");
    nodes.sync("vps", "phone");
    app("vps", "INSERT INTO t VALUES ('dead', '1'), ('stays', '1')");
    nodes.sync("vps", "phone");
    sync();
    acknowledge("vps", "laptop", "phone");
    if (writes.length > 0) {
      app("phone", writes);
    }
    app("vps", "INSERT INTO t VALUES ('brief', '1')");
    app("vps", "DELETE FROM t WHERE id IN ('dead', 'brief')");
    last();
    nodes.nowMillis += 100 * DAY;
    acknowledge("vps", "laptop");
    forget("vps");
    assertThat(remembered("vps")).doesNotContain("dead", "brief");
    assertThat(remembered("laptop")).contains("dead", "brief");
  }

  private void phoneComesBack() {
    rebase("vps", "phone");
    nodes.sync("vps", "phone");
    sync();
    nodes.sync("vps", "phone");
    assertEqual("vps", "laptop", "phone");
  }

  @Test
  void whatWasDeletedAndForgottenGoesWithWhoeverWasAway() {
    phoneIsAway();
    assertThat(shown("phone")).contains("dead");
    phoneComesBack();
    assertThat(shown("phone")).containsExactly("last", "last too", "stays");
    assertThat(conflicts("phone")).isZero();
  }

  @Test
  void itGoesFromALargeTableInTurns() {
    phoneIsAway(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2500)"
            + " INSERT INTO t SELECT i, 'phone' FROM n");
    phoneComesBack();
    assertThat(shown("vps")).hasSize(2503).doesNotContain("dead");
  }

  @Test
  void anEditOfSuchARowIsAConflictWhereItWasMade() {
    phoneIsAway("UPDATE t SET v = 'edited' WHERE id = 'dead'");
    phoneComesBack();
    assertThat(shown("vps")).containsExactly("last", "last too", "stays");
    assertThat(nodes.mesh("phone").view().conflicts(10))
        .extracting(ConflictEntry::keyText)
        .containsExactly("dead");
  }

  @Test
  void aRowMadeThereBeforeTheForgottenDeleteIsAliveEverywhere() {
    phoneIsAway("INSERT INTO t VALUES ('brief', 'phone')");
    phoneComesBack();
    assertThat(rows("laptop", "SELECT v FROM t WHERE id = 'brief'")).containsExactly("phone");
  }

  @Test
  void aRowMadeAndDeletedThereIsDeadEverywhere() {
    phoneIsAway("INSERT INTO t VALUES ('brief', 'phone')");
    app("phone", "DELETE FROM t WHERE id IN ('brief', 'dead')");
    phoneComesBack();
    assertThat(shown("laptop")).containsExactly("last", "last too", "stays");
  }

  @Test
  void aRowMadeAnewThereStays() {
    phoneIsAway();
    app("phone", "DELETE FROM t WHERE id = 'dead'");
    app("phone", "INSERT INTO t VALUES ('dead', 'anew')");
    phoneComesBack();
    assertThat(rows("laptop", "SELECT v FROM t WHERE id = 'dead'")).containsExactly("anew");
  }

  @Test
  void aFaultInTheMiddleLeavesAllAsItWas() {
    phoneIsAway("UPDATE t SET v = 'edited' WHERE id = 'dead'");
    List<String> before = nodes.app("phone").exact("t");
    nodes
        .app("phone")
        .run(
            "CREATE TRIGGER fault BEFORE UPDATE OF floor_seq ON _mesh_site"
                + " BEGIN SELECT RAISE(ABORT, 'disk'); END");
    assertThatThrownBy(() -> rebase("vps", "phone")).isInstanceOf(MeshException.class);
    assertThat(nodes.app("phone").exact("t")).isEqualTo(before);
    nodes.app("phone").run("DROP TRIGGER fault");
    phoneComesBack();
  }

  @Test
  void aNewcomerReceivesNoneOfIt() {
    phoneIsAway();
    nodes.join("tablet", "vps");
    rebase("vps", "tablet");
    nodes.sync("vps", "tablet");
    assertThat(remembered("tablet")).containsExactly("last", "last too", "stays");
    assertEqual("vps", "laptop", "tablet");
  }

  /** Sunday's copy has a row that was deleted and forgotten: it is a row as any other again. */
  @Test
  void aRowThatAJoinerBringsAlongIsANewRowForAll() {
    phoneIsAway();
    nodes.database("tablet", T, "INSERT INTO t VALUES ('dead', 'old'), ('stays', 'old')");
    nodes.join("tablet", "vps");
    rebase("vps", "tablet");
    nodes.sync("vps", "tablet");
    nodes.sync("vps", "tablet");
    sync();
    assertThat(rows("laptop", "SELECT v FROM t WHERE id = 'dead'")).containsExactly("old");
    assertThat(rows("tablet", "SELECT v FROM t WHERE id = 'stays'")).containsExactly("1");
    assertEqual("vps", "laptop", "tablet");
  }

  @Test
  void soItIsIfItIsEditedBeforeItIsTold() {
    phoneIsAway();
    nodes.database("tablet", T, "INSERT INTO t VALUES ('dead', 'old'), ('brief', 'old')");
    nodes.join("tablet", "vps");
    app("tablet", "UPDATE t SET v = 'early' WHERE id = 'brief'");
    rebase("vps", "tablet");
    app("tablet", "UPDATE t SET v = 'edited' WHERE id = 'dead'");
    nodes.sync("vps", "tablet");
    nodes.sync("vps", "tablet");
    sync();
    nodes.sync("vps", "tablet");
    assertThat(rows("laptop", "SELECT v FROM t WHERE id = 'dead'")).containsExactly("edited");
    assertThat(rows("laptop", "SELECT v FROM t WHERE id = 'brief'")).containsExactly("early");
    assertEqual("vps", "laptop", "tablet");
  }

  /** Half of what the mesh has came from one who remembers, the rest from one who does not. */
  @Test
  void whoHasTheInsertFromOneAndNotTheDeleteLosesTheRow() {
    phoneIsAway();
    nodes.join("tablet", "laptop");
    var lacking = nodes.mesh("tablet").summary().lacking(nodes.mesh("laptop").summary());
    var first = nodes.mesh("laptop").delta(lacking).next(1).get(0);
    nodes.mesh("tablet").ingest(List.of(first.envelope()));
    app("tablet", "UPDATE t SET v = 'late' WHERE id = 'dead'");
    assertThat(shown("tablet")).contains("dead");
    rebase("vps", "tablet");
    nodes.sync("vps", "tablet");
    sync();
    nodes.sync("vps", "tablet");
    assertThat(shown("vps")).containsExactly("last", "last too", "stays");
    assertThat(remembered("vps")).containsExactly("last", "last too", "stays");
    assertEqual("vps", "laptop", "tablet");
  }

  @Test
  void anEditThatReachedOthersBeforeTheStateWasTakenIsJudgedAlike() {
    phoneIsAway("UPDATE t SET v = 'edited' WHERE id = 'dead'");
    nodes.carry("phone", "vps");
    nodes.carry("phone", "laptop");
    phoneComesBack();
    assertThat(shown("vps")).doesNotContain("dead");
  }

  /** The vps has forgotten, and the phone would not. */
  @Test
  void whatAStateLeavesOutStaysWhereNobodySaidOtherwise() {
    phoneIsAway();
    nodes.closeMesh("phone");
    nodes.app("phone").run("DELETE FROM _mesh_meta WHERE name = 'FORGETS'");
    nodes.forgetDead = false;
    nodes.open("phone");
    rebase("vps", "phone");
    assertThat(shown("phone")).contains("dead");
  }

  @Test
  void aRowIsMadeAnewOnTheOtherSideWhileTheStateIsTaken() throws Exception {
    phoneIsAway();
    try (SnapshotSource source = nodes.mesh("vps").snapshot().orElseThrow();
        Rebase rebase = nodes.mesh("phone").rebase()) {
      for (var next = source.next(1000); !next.isEmpty(); next = source.next(1000)) {
        rebase.take(next);
      }
      nodes.clockOff("phone", -101 * DAY);
      nodes.app("phone").run("INSERT INTO t VALUES ('brief', 'meanwhile')");
      boolean more = true;
      while (more) {
        more = rebase.merge();
      }
    }
    nodes.clockOff("phone", 0);
    phoneComesBack();
  }
}
