package sh.fazt.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.wire.SignedBatch;

/** What others do to rows whose deletes are held here. */
class HeldMeanwhileTest extends MassDeletePair {
  @Test
  void aRowThatOthersMadeAnewIsLeftAloneByAnUndo() {
    pair(T, rows(1, 120));
    sync();
    vps("DELETE FROM t");
    sync();
    laptop("DELETE FROM t WHERE id = 7");
    sync();
    laptop("INSERT INTO t VALUES (7, 'anew', 'x')");
    sync();
    assertThat(rows("vps", "SELECT v FROM t")).containsExactly("anew");
    undo("vps");
    sync();
    laptop("UPDATE t SET v = 'later' WHERE id = 7");
    sync();
    assertSame("t");
    assertThat(nodes.scrub("vps")).isZero();
    assertNothingWaits();
  }

  @Test
  void aRowThatOthersMadeAnewCanBeDeletedByTheApplication() {
    pair(T, rows(1, 120));
    sync();
    vps("DELETE FROM t");
    sync();
    laptop("DELETE FROM t WHERE id = 7");
    sync();
    laptop("INSERT INTO t VALUES (7, 'anew', 'x')");
    sync();
    vps("DELETE FROM t WHERE id = 7");
    sync();
    assertThat(rows("laptop", "SELECT v FROM t WHERE id = 7")).isEmpty();
  }

  @Test
  void whatOthersWroteMeanwhileIsAConflictOnceTheDeleteIsAllowed() {
    pair(T, rows(1, 120));
    sync();
    vps("DELETE FROM t");
    sync();
    laptop("UPDATE t SET v = 'meanwhile' WHERE id = 7");
    sync();
    allow("vps");
    sync();
    allow("laptop");
    sync();
    assertSame("t");
    assertThat(conflicts("vps") + conflicts("laptop")).isPositive();
  }

  /** Two rows that claim one value, of which a table would show one. */
  @Test
  void whatCouldNotStandInOneTableIsKeptAllTheSameWhenItIsAllowed() {
    pair("CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT UNIQUE, w TEXT)", rows(1, 120));
    nodes.join("phone", "vps");
    nodes.sync("vps", "phone");
    sync();
    vps("DELETE FROM t");
    sync();
    laptop("UPDATE t SET v = 'one' WHERE id = 1");
    nodes.app("phone").run("UPDATE t SET v = 'one' WHERE id = 2");
    sync();
    nodes.sync("vps", "phone");
    Path kept = allow("vps").restorePoint().orElseThrow();
    assertThat(nodes.mesh("vps").massDeletes().held()).isEmpty();
    try (PlainSql copy = new PlainSql(kept)) {
      assertThat(
              copy.column("SELECT id FROM t UNION ALL SELECT id FROM _mesh_refused_t ORDER BY id"))
          .hasSize(120);
    }
  }

  @Test
  void aRowThatLivesOnInSpiteOfADeleteIsTheSameEverywhereOnceTheDeleteIsUndone() {
    pair(T, rows(1, 120));
    nodes.mesh("vps").massDeletes().guard(Set.of("t"), false);
    vps("DELETE FROM t");
    nodes.mesh("vps").harvest();
    vps(rows(1, 120));
    nodes.mesh("vps").harvest();
    laptop("UPDATE t SET v = 'mine' WHERE id = 7");
    sync();
    assertThat(rows("laptop", "SELECT v FROM t WHERE id = 7")).containsExactly("mine");
    undo("laptop");
    sync();
    assertSame("t");
    assertNothingWaits();
    assertThat(conflicts("vps") + conflicts("laptop")).isPositive();
  }

  /** Others write between two pages: what comes back is what counts by then. */
  @Test
  void aRowThatOthersWroteBetweenTwoPagesComesBackAsTheyWroteIt() {
    pair(T, rows(1, 700));
    sync();
    vps("DELETE FROM t");
    sync();
    try (Deciding undoing = nodes.mesh("vps").massDeletes().undoing(Set.of())) {
      while (undoing.rows() == 0) {
        assertThat(undoing.next()).isTrue();
      }
      assertThat(undoing.rows()).isLessThan(700);
      laptop(
          "UPDATE t SET v = 'meanwhile' WHERE id > 650", "UPDATE t SET w = 'too' WHERE id = 690");
      sync();
      drain(undoing);
      assertThat(undoing.decision().unknown()).isZero();
    }
    sync();
    assertThat(rows("vps", "SELECT count(*) FROM t WHERE v = 'meanwhile'")).containsExactly("50");
    assertThat(rows("vps", "SELECT w FROM t WHERE id = 690")).containsExactly("too");
    assertSame("t");
    assertNothingWaits();
    assertThat(nodes.mesh("vps").massDeletes().held()).isEmpty();
  }

  /** Here, and not yet shown, when the log was looked through; shown before the rows come back. */
  @Test
  void whatWasUnderWayWhenTheLogWasLookedThroughComesBackToo() {
    pair(T, rows(1, 3_500));
    sync();
    vps("DELETE FROM t");
    sync();
    laptop("UPDATE t SET v = 'new'");
    Mesh laptop = nodes.mesh("laptop");
    Mesh vps = nodes.mesh("vps");
    vps.ingest(laptop.harvest().stream().map(SignedBatch::envelope).toList());
    assertThat(laptop.hasMore()).isTrue();
    try (Deciding undoing = vps.massDeletes().undoing(Set.of())) {
      while (undoing.rows() == 0) {
        assertThat(undoing.next()).isTrue();
      }
      sync();
      drain(undoing);
    }
    sync();
    assertThat(rows("vps", "SELECT count(*) FROM t WHERE v = 'new'")).containsExactly("3500");
    assertSame("t");
    assertNothingWaits();
  }

  /** What comes to wait while a person's word is carried out waits for another one. */
  @Test
  void whatComesToWaitMeanwhileIsNotAllowedWithTheRest() {
    pair(T, rows(1, 700));
    nodes.join("phone", "vps");
    nodes.sync("vps", "phone");
    for (String node : new String[] {"vps", "phone"}) {
      nodes.mesh(node).massDeletes().guard(Set.of("t"), false);
    }
    vps("DELETE FROM t WHERE id <= 500");
    sync();
    assertThat(nodes.mesh("laptop").massDeletes().held()).hasSize(1);
    try (Deciding allowing = nodes.mesh("laptop").massDeletes().allowing(Set.of())) {
      allowing.next();
      nodes.nowMillis += 10;
      nodes.app("phone").run("DELETE FROM t WHERE id > 100");
      nodes.sync("phone", "laptop");
      drain(allowing);
      assertThat(allowing.rows()).isEqualTo(500);
    }
    assertThat(nodes.mesh("laptop").massDeletes().held())
        .anySatisfy(held -> assertThat(held.author()).isEqualTo("phone"));
    assertThat(rows("laptop", "SELECT count(*) FROM t")).containsExactly("200");
  }

  /** Whatever is done between the pages, the others have all of the deletes to judge at once. */
  @Test
  void whatIsAllowedHereWaitsWholeElsewhere() {
    pair(T, rows(1, 6_000));
    sync();
    vps("DELETE FROM t");
    sync();
    try (Deciding allowing = nodes.mesh("vps").massDeletes().allowing(Set.of())) {
      boolean more = true;
      while (more) {
        more = allowing.next();
        sync();
      }
      assertThat(allowing.rows()).isEqualTo(6_000);
    }
    sync();
    assertThat(rows("laptop", "SELECT count(*) FROM t")).containsExactly("6000");
    assertThat(nodes.mesh("laptop").massDeletes().held())
        .singleElement()
        .satisfies(held -> assertThat(held.rows()).isEqualTo(6_000));
  }

  private static void drain(Deciding deciding) {
    boolean more = true;
    while (more) {
      more = deciding.next();
    }
  }
}
