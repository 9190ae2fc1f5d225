package sh.fazt.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;

/** A delete of more than half of a table of over 100 rows waits until a person says. */
class MassDeleteTest extends MassDeletePair {
  @ParameterizedTest
  @CsvSource({"100, 100, 0", "101, 50, 0", "101, 51, 51", "102, 51, 0", "102, 52, 52", "3, 3, 0"})
  void moreThanHalfOfOverAHundredRowsIsHeld(int rows, int deletes, int held) {
    pairOf(rows);
    vps("DELETE FROM t WHERE id <= " + deletes);
    sync();
    assertThat(held("vps").stream().mapToLong(HeldDeletes::rows).sum()).isEqualTo(held);
    assertThat(count("laptop")).isEqualTo(held > 0 ? rows : rows - deletes);
    assertThat(count("vps")).isEqualTo(rows - deletes);
  }

  @ParameterizedTest
  @CsvSource({"100, 100, 0", "101, 50, 0", "101, 51, 51", "102, 51, 0", "102, 52, 52", "3, 3, 0"})
  void theSameOfWhatComesFromAnother(int rows, int deletes, int held) {
    pairOf(rows);
    nodes.mesh("vps").massDeletes().guard(Set.of("t"), false);
    vps("DELETE FROM t WHERE id <= " + deletes);
    sync();
    assertThat(held("vps")).isEmpty();
    assertThat(held("laptop").stream().mapToLong(HeldDeletes::rows).sum()).isEqualTo(held);
    assertThat(count("laptop")).isEqualTo(held > 0 ? rows : rows - deletes);
  }

  @Test
  void whatWaitsIsToldOfWithTableRowsAuthorAndTime() {
    pairOf(200);
    vps("DELETE FROM t");
    sync();
    long since = nodes.nowMillis;
    nodes.nowMillis += 5_000;
    sync();
    assertThat(held("vps")).hasSize(1);
    HeldDeletes here = held("vps").get(0);
    assertThat(here.table()).isEqualTo("t");
    assertThat(here.author()).isEqualTo("vps");
    assertThat(here.here()).isTrue();
    assertThat(here.rows()).isEqualTo(200);
    assertThat(here.sinceMillis()).isBetween(since - 100, since);
    assertThat(figures("vps").held()).isEqualTo(held("vps"));
    assertThat(held("laptop")).isEmpty();
    allow("vps");
    sync();
    HeldDeletes there = held("laptop").get(0);
    assertThat(there.author()).isEqualTo("vps");
    assertThat(there.here()).isFalse();
    assertThat(there.rows()).isEqualTo(200);
    assertThat(figures("laptop").parked()).isZero();
  }

  @Test
  void whatFollowsGoesOnOfTheSameTableAndOthers() {
    pair(T, rows(1, 150), "CREATE TABLE u (id TEXT PRIMARY KEY, v TEXT)");
    vps("INSERT INTO u VALUES ('a', '1')", "DELETE FROM t WHERE id > 10");
    sync();
    vps("INSERT INTO u VALUES ('b', '2')", "UPDATE t SET v = 'later' WHERE id = 1");
    vps("INSERT INTO t VALUES (900, 'x', 'y')", "DELETE FROM t WHERE id = 2");
    sync();
    assertThat(rows("laptop", "SELECT id FROM u ORDER BY id")).containsExactly("a", "b");
    assertThat(rows("laptop", "SELECT v FROM t WHERE id IN (1, 2, 900) ORDER BY id"))
        .containsExactly("later", "x");
    assertThat(held("vps").get(0).rows()).isEqualTo(140);
    allow("vps");
    sync();
    // Now the laptop holds it, and goes on all the same.
    vps("INSERT INTO u VALUES ('c', '3')", "DELETE FROM t WHERE id = 3");
    laptop("UPDATE t SET v = 'mine' WHERE id = 4", "INSERT INTO u VALUES ('d', '4')");
    sync();
    assertSame("u");
    assertThat(rows("vps", "SELECT v FROM t WHERE id IN (3, 4)")).containsExactly("mine");
    assertThat(rows("laptop", "SELECT v FROM t WHERE id IN (3, 4)")).containsExactly("mine");
    allow("laptop");
    sync();
    assertSame("t");
    assertNothingHeld("vps", "laptop");
  }

  @Test
  void itWaitsAcrossRestarts() {
    pairOf(150);
    vps("DELETE FROM t");
    nodes.closeMesh("vps");
    nodes.open("vps");
    sync();
    nodes.closeMesh("vps");
    nodes.open("vps");
    sync();
    assertThat(count("laptop")).isEqualTo(150);
    assertThat(held("vps").get(0).rows()).isEqualTo(150);
    allow("vps");
    nodes.closeMesh("vps");
    nodes.open("vps");
    sync();
    nodes.closeMesh("laptop");
    nodes.open("laptop");
    laptop("ALTER TABLE t ADD COLUMN x TEXT");
    sync();
    assertThat(count("laptop")).isEqualTo(150);
    undo("laptop");
    nodes.closeMesh("laptop");
    nodes.open("laptop");
    sync();
    assertThat(count("vps")).isEqualTo(150);
    assertThat(held("laptop")).isEmpty();
  }

  @Test
  void aLoopOfSingleDeletesIsHeldOnceHalfIsGone() {
    pairOf(150);
    for (int i = 1; i <= 120; i++) {
      vps("DELETE FROM t WHERE id = " + i);
      nodes.mesh("vps").harvest();
      nodes.nowMillis += 100;
    }
    sync();
    assertThat(count("laptop")).isEqualTo(75);
    assertThat(held("vps").get(0).rows()).isEqualTo(45);
    nodes.mesh("vps").massDeletes().guard(Set.of("t"), false);
    undo("vps");
    sync();
    assertSame("t");
  }

  @Test
  void aLoopOfSingleDeletesElsewhereIsHeldOnceHalfIsGone() {
    pairOf(150);
    nodes.mesh("vps").massDeletes().guard(Set.of("t"), false);
    for (int i = 1; i <= 120; i++) {
      vps("DELETE FROM t WHERE id = " + i);
      nodes.mesh("vps").harvest();
    }
    sync();
    assertThat(count("vps")).isEqualTo(30);
    assertThat(count("laptop")).isEqualTo(75);
    assertThat(held("laptop").get(0).rows()).isEqualTo(45);
  }

  @Test
  void whoPrunesSlowlyIsLeftAlone() {
    pairOf(150);
    for (int i = 1; i <= 150; i++) {
      vps("DELETE FROM t WHERE id = " + i);
      nodes.nowMillis += 60_000;
      sync();
    }
    assertThat(count("laptop")).isZero();
    assertNothingHeld("vps", "laptop");
  }

  @Test
  void aPurgeOfManyTurnsIsHeldWhole() {
    pairOf(5_000);
    vps("DELETE FROM t WHERE id <= 3000");
    Mesh vps = nodes.mesh("vps");
    for (int turn = 0; turn < 2; turn++) {
      assertThat(vps.harvest()).isEmpty();
    }
    nodes.closeMesh("vps");
    nodes.open("vps");
    sync();
    assertThat(held("vps").get(0).rows()).isEqualTo(3_000);
    assertThat(count("laptop")).isEqualTo(5_000);
    allow("vps");
    sync();
    assertThat(held("laptop").get(0).rows()).isEqualTo(3_000);
    assertThat(allow("laptop").restorePoint()).isPresent();
    sync();
    assertSame("t");
    assertNothingHeld("vps", "laptop");
  }

  @Test
  void aPruneOfManyTurnsThatLeavesHalfPasses() {
    pairOf(5_000);
    vps("DELETE FROM t WHERE id <= 2500", "UPDATE t SET v = 'kept'");
    sync();
    assertThat(count("laptop")).isEqualTo(2_500);
    assertNothingHeld("vps", "laptop");
  }

  @Test
  void rowsThatMoveOrAreReplacedAreNoMassDelete() {
    pair(T, "CREATE UNIQUE INDEX u ON t (v)", rows(1, 3_000));
    vps("UPDATE t SET id = id + 10000");
    sync();
    assertNothingHeld("vps", "laptop");
    vps("UPDATE t SET id = id + 10000");
    sync();
    assertNothingHeld("vps", "laptop");
    vps("REPLACE INTO t SELECT id - 20000, v, 'again' FROM t");
    sync();
    assertNothingHeld("vps", "laptop");
    vps(
        "CREATE TABLE n (id INTEGER PRIMARY KEY, v TEXT, w TEXT)",
        "INSERT INTO n SELECT * FROM t",
        "DROP TABLE t",
        "ALTER TABLE n RENAME TO t");
    sync();
    assertNothingHeld("vps", "laptop");
    assertThat(rows("laptop", "SELECT DISTINCT w FROM t")).containsExactly("again");
    assertThat(count("laptop")).isEqualTo(3_000);
    assertSame("t");
    assertThat(held("vps")).isEmpty();
    assertThat(held("laptop")).isEmpty();
  }

  @Test
  void aTableThatWasDroppedTakesNoRowsAlongAndMadeAnewEmptyItIsHeld() {
    pairOf(150);
    vps("DROP TABLE t");
    sync();
    assertThat(held("vps")).isEmpty();
    assertThat(count("laptop")).isEqualTo(150);
    vps(T);
    sync();
    assertThat(count("laptop")).isEqualTo(150);
    assertThat(held("vps").get(0).rows()).isEqualTo(150);
    undo("vps");
    sync();
    assertSame("t");
    assertThat(count("vps")).isEqualTo(150);
  }

  @Test
  void rowsImportedAMomentAgoAreGuardedToo() {
    pair(T);
    vps(rows(1, 150));
    sync();
    vps("DELETE FROM t");
    sync();
    assertThat(count("laptop")).isEqualTo(150);
    vps(rows(1, 150));
    sync();
    assertNothingHeld("vps", "laptop");
    assertSame("t");
  }

  @Test
  void aTableMayBeLeftUnguarded() {
    pairOf(150);
    for (String name : List.of("vps", "laptop")) {
      nodes.mesh(name).massDeletes().guard(Set.of("t"), false);
    }
    vps("DELETE FROM t");
    sync();
    assertThat(count("laptop")).isZero();
    assertThatThrownBy(() -> nodes.mesh("vps").massDeletes().guard(Set.of("no"), false))
        .isInstanceOfSatisfying(
            MeshException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TABLE_UNKNOWN));
    assertThatThrownBy(() -> nodes.mesh("vps").massDeletes().allow(Set.of("t")))
        .isInstanceOfSatisfying(
            MeshException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TABLE_UNKNOWN));
  }

  @Test
  void whatWasDeletedBeforeOneJoinedIsNotHeldThere() {
    pairOf(150);
    vps("DELETE FROM t");
    sync();
    allow("vps");
    sync();
    allow("laptop");
    sync();
    nodes.join("phone", "vps");
    nodes.sync("vps", "phone");
    assertThat(count("phone")).isZero();
    assertThat(held("phone")).isEmpty();
  }

  @Test
  void aMassDeleteByAClockAheadIsHeldWhenItsTimeHasCome() {
    pairOf(150);
    nodes.mesh("vps").massDeletes().guard(Set.of("t"), false);
    nodes.nowMillis += 600_000;
    vps("DELETE FROM t");
    nodes.mesh("vps").harvest();
    nodes.nowMillis -= 600_000;
    sync();
    assertThat(figures("laptop").parked()).isEqualTo(150);
    nodes.nowMillis += 600_000;
    sync();
    assertThat(figures("laptop").parked()).isZero();
    assertThat(count("laptop")).isEqualTo(150);
    assertThat(held("laptop").get(0).rows()).isEqualTo(150);
    allow("laptop");
    sync();
    assertThat(count("laptop")).isZero();
  }
}
