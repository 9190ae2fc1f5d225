package sh.fazt.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;

/** A delete of more than half of a table of over 100 rows waits until a person says. */
class MassDeleteTest extends PairOfReplicas {
  private static final Set<String> ALL = Set.of();
  private static final String T = "CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT, w TEXT)";

  private static String rows(int from, int to) {
    return "WITH RECURSIVE n(i) AS (SELECT %d UNION ALL SELECT i + 1 FROM n WHERE i < %d)"
            .formatted(from, to)
        + " INSERT INTO t SELECT i, 'v' || i, 'w' || i FROM n";
  }

  /** Both have so many rows, the first half of them from before the mesh. */
  private void pairOf(int count) {
    pair(T, rows(1, count / 2));
    vps(rows(count / 2 + 1, count));
    sync();
  }

  private long count(String name) {
    return Long.parseLong(nodes.app(name).one("SELECT count(*) FROM t"));
  }

  private List<HeldDeletes> held(String name) {
    return nodes.mesh(name).massDeletes().held();
  }

  private MassDeletes.Decision allow(String name) {
    return nodes.mesh(name).massDeletes().allow(ALL);
  }

  private MassDeletes.Decision undo(String name) {
    return nodes.mesh(name).massDeletes().undo(ALL);
  }

  private void assertNothingHeld(String... names) {
    for (String name : names) {
      assertThat(held(name)).as(name).isEmpty();
    }
    assertNothingWaits();
  }

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
  void allowedOnBothItIsGoneOnBothAndTheRowsAreKeptBesideEach() {
    pairOf(201);
    List<String> before = nodes.app("laptop").exact("t");
    vps("DELETE FROM t WHERE id <= 150");
    sync();
    Path kept = allow("vps").restorePoint().orElseThrow();
    sync();
    assertThat(count("laptop")).isEqualTo(201);
    Path keptThere = allow("laptop").restorePoint().orElseThrow();
    sync();
    assertThat(count("laptop")).isEqualTo(51);
    assertSame("t");
    assertNothingHeld("vps", "laptop");
    for (Path file : List.of(kept, keptThere)) {
      try (PlainSql copy = new PlainSql(file)) {
        assertThat(copy.exact("t")).hasSize(150).isSubsetOf(before);
      }
    }
    assertThat(nodes.scrub("vps") + nodes.scrub("laptop")).isZero();
  }

  @Test
  void undoneWhereItWasMadeNothingHasHappened() {
    pairOf(201);
    laptop("UPDATE t SET v = 'edited' WHERE id IN (3, 150)", "UPDATE t SET w = NULL WHERE id = 4");
    sync();
    List<String> before = nodes.app("laptop").exact("t");
    long batches = nodes.mesh("vps").view().log(LogFilter.newest(1_000)).size();
    vps("DELETE FROM t");
    sync();
    assertThat(count("vps")).isZero();
    MassDeletes.Decision decision = undo("vps");
    assertThat(decision.unknown()).isZero();
    assertThat(decision.deletes()).hasSize(1);
    sync();
    assertThat(nodes.app("vps").exact("t")).isEqualTo(before);
    assertSame("t");
    assertNothingHeld("vps", "laptop");
    assertThat(nodes.mesh("vps").view().log(LogFilter.newest(1_000))).hasSize((int) batches);
    assertThat(nodes.scrub("vps") + nodes.scrub("laptop")).isZero();
    assertThat(conflicts("vps") + conflicts("laptop")).isZero();
  }

  @Test
  void whatOthersWroteMeanwhileIsInTheRowsThatComeBack() {
    pairOf(120);
    vps("DELETE FROM t");
    sync();
    laptop("UPDATE t SET v = 'meanwhile' WHERE id = 7", "DELETE FROM t WHERE id = 8");
    sync();
    laptop("INSERT INTO t VALUES (500, 'new', 'row')");
    sync();
    assertThat(rows("vps", "SELECT id FROM t")).containsExactly("500");
    undo("vps");
    sync();
    assertSame("t");
    assertThat(count("vps")).isEqualTo(120);
    assertThat(rows("vps", "SELECT v FROM t WHERE id = 7")).containsExactly("meanwhile");
    assertNothingHeld("vps", "laptop");
  }

  @Test
  void undoneElsewhereTheRowsComeBackEverywhere() {
    pairOf(201);
    List<String> before = nodes.app("laptop").exact("t");
    vps("DELETE FROM t WHERE id <= 150");
    sync();
    allow("vps");
    sync();
    undo("laptop");
    sync();
    assertThat(nodes.app("vps").exact("t")).isEqualTo(before);
    assertSame("t");
    assertNothingHeld("vps", "laptop");
    assertThat(conflicts("vps") + conflicts("laptop")).isZero();
    vps("DELETE FROM t WHERE id = 1");
    sync();
    assertThat(count("laptop")).isEqualTo(200);
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
  void aRowMadeAnewWhileItsDeleteWaitsStays() {
    pairOf(150);
    vps("DELETE FROM t");
    sync();
    vps("INSERT INTO t VALUES (5, 'anew', NULL)");
    sync();
    assertThat(held("vps").get(0).rows()).isEqualTo(149);
    assertThat(rows("laptop", "SELECT v FROM t WHERE id = 5")).containsExactly("anew");
    allow("vps");
    sync();
    allow("laptop");
    sync();
    assertThat(rows("laptop", "SELECT v FROM t")).containsExactly("anew");
    assertSame("t");
  }

  @Test
  void aThirdNodeIsToldByTheOneThatHolds() {
    pairOf(150);
    nodes.join("phone", "laptop");
    nodes.sync("laptop", "phone");
    vps("DELETE FROM t WHERE id > 20");
    sync();
    allow("vps");
    vps("INSERT INTO t VALUES (901, 'after', NULL)");
    sync();
    nodes.sync("laptop", "phone");
    assertThat(nodes.mesh("phone").summary()).isEqualTo(nodes.mesh("vps").summary());
    assertThat(held("laptop").get(0).rows()).isEqualTo(130);
    assertThat(held("phone").get(0).rows()).isEqualTo(130);
    assertThat(held("phone").get(0).author()).isEqualTo("vps");
    assertThat(rows("phone", "SELECT v FROM t WHERE id = 901")).containsExactly("after");
    allow("phone");
    nodes.app("phone").run("INSERT INTO t VALUES (902, 'of the phone', NULL)");
    nodes.sync("phone", "laptop");
    assertThat(count("phone")).isEqualTo(22);
    assertThat(rows("laptop", "SELECT v FROM t WHERE id = 902")).containsExactly("of the phone");
    allow("laptop");
    sync();
    nodes.sync("laptop", "phone");
    assertSame("t");
    assertThat(nodes.app("phone").exact("t")).isEqualTo(nodes.app("vps").exact("t"));
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
  void bothMayHoldTheSame() {
    pairOf(150);
    vps("DELETE FROM t");
    laptop("DELETE FROM t");
    sync();
    assertThat(held("vps")).hasSize(1);
    assertThat(held("laptop")).hasSize(1);
    allow("vps");
    sync();
    assertThat(held("laptop")).hasSize(2);
    undo("laptop");
    sync();
    assertThat(count("vps")).isEqualTo(150);
    assertSame("t");
    assertNothingHeld("vps", "laptop");
  }

  @Test
  void bothMayAllowTheSame() {
    pairOf(150);
    vps("DELETE FROM t WHERE id < 100");
    laptop("DELETE FROM t WHERE id > 50");
    sync();
    allow("vps");
    allow("laptop");
    sync();
    allow("vps");
    allow("laptop");
    sync();
    assertThat(count("vps")).isZero();
    assertSame("t");
    assertNothingHeld("vps", "laptop");
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

  @Test
  void editsThatTheDeleteDidNotKnowAreConflictsWhenItIsAllowed() {
    pairOf(150);
    vps("DELETE FROM t");
    sync();
    allow("vps");
    sync();
    laptop("UPDATE t SET v = 'unheard' WHERE id = 9");
    sync();
    allow("laptop");
    sync();
    assertSame("t");
    assertThat(count("laptop")).isZero();
    assertThat(conflicts("laptop")).isEqualTo(1);
    assertThat(conflicts("vps")).isEqualTo(1);
  }

  /** Wherever a node breaks off while it allows, no row is gone that is not in a restore point. */
  @ParameterizedTest
  @CsvSource({"vps", "laptop"})
  void aNodeThatDiesWhileItAllowsHasKeptWhatItTookAway(String name) {
    pairOf(2_500);
    List<String> before = nodes.app("laptop").exact("t");
    vps("DELETE FROM t");
    sync();
    if (name.equals("laptop")) {
      allow("vps");
      sync();
    }
    boolean done = false;
    for (int calls = 1; !done && calls < 200; calls++) {
      nodes.closeMesh(name);
      done = allowUntil(name, calls);
      nodes.open(name);
      sync();
      java.util.Set<String> kept = new java.util.TreeSet<>(nodes.app("laptop").exact("t"));
      kept.addAll(restored(name));
      assertThat(kept).as("after %d", calls).containsAll(before);
    }
    assertThat(done).isTrue();
    allow("laptop");
    sync();
    assertSame("t");
    assertThat(count("laptop")).isZero();
    assertNothingHeld("vps", "laptop");
  }

  /** Allows with a clock that fails when it is read so many times; whether it came to an end. */
  private boolean allowUntil(String name, int calls) {
    AtomicLong left = new AtomicLong(Long.MAX_VALUE);
    Ambient failing =
        new Ambient(
            () -> {
              if (left.decrementAndGet() < 0) {
                throw new IllegalStateException("killed");
              }
              return nodes.nowMillis;
            },
            nodes.ambient().chance());
    try (Mesh mesh = Mesh.open(nodes.file(name), failing)) {
      left.set(calls);
      mesh.massDeletes().allow(ALL);
      return true;
    } catch (IllegalStateException e) {
      return false;
    }
  }

  private List<String> restored(String name) {
    try (java.util.stream.Stream<Path> files = java.nio.file.Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(name + ".db.before-allow-"))
          .filter(file -> !file.toString().endsWith("-journal"))
          .flatMap(
              file -> {
                try (PlainSql copy = new PlainSql(file)) {
                  return copy.exact("t").stream();
                }
              })
          .toList();
    } catch (java.io.IOException e) {
      throw new AssertionError(e);
    }
  }
}
