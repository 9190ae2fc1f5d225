package sh.fazt.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of a mass delete that waited, when a person allows it or takes it back. */
class MassDeleteDecidedTest extends MassDeletePair {
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
      Set<String> kept = new TreeSet<>(nodes.app("laptop").exact("t"));
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
    try (Stream<Path> files = Files.list(folder)) {
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
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
