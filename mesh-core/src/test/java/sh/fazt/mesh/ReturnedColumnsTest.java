package sh.fazt.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.roster.AdmissionMessage;
import sh.fazt.mesh.roster.PreviewMessage;
import sh.fazt.mesh.roster.RosterLimits;

/** Columns that go, are written to by others meanwhile, and come back. */
class ReturnedColumnsTest extends PairOfReplicas {
  private static final String TABLE = "CREATE TABLE t (id TEXT PRIMARY KEY, v TEXT, w TEXT)";

  private void gone() {
    pair(TABLE, "INSERT INTO t VALUES ('a', '1', 'w'), ('b', '1', 'w')");
    vps("ALTER TABLE t DROP COLUMN w");
    sync();
  }

  private List<String> lost(String name) {
    return rows(
        name, "SELECT col || substr(CAST(lost AS TEXT), 3) FROM _mesh_conflict WHERE settled = 0");
  }

  @Test
  void whatWasWrittenMeanwhileIsAConflictWhereTheApplicationWritesOverIt() {
    gone();
    laptop("UPDATE t SET w = 'unseen' WHERE id = 'a'");
    sync();
    vps("ALTER TABLE t ADD COLUMN w TEXT", "UPDATE t SET w = 'mine'");
    sync();
    assertSame("t");
    assertThat(rows("vps", "SELECT id || w FROM t ORDER BY id")).containsExactly("amine", "bmine");
    assertThat(conflicts("vps") + conflicts("laptop")).isEqualTo(1);
    assertNothingWaits();
  }

  @Test
  void aColumnRenamedAndBackKeepsWhatItGotMeanwhile() {
    pair(TABLE, "INSERT INTO t VALUES ('a', '1', 'w'), ('b', '1', 'w')");
    vps("ALTER TABLE t RENAME COLUMN w TO x");
    sync();
    vps("UPDATE t SET x = 'new' WHERE id = 'a'");
    sync();
    laptop("UPDATE t SET w = 'laptop' WHERE id = 'b'");
    sync();
    vps("ALTER TABLE t RENAME COLUMN x TO w");
    sync();
    assertThat(rows("vps", "SELECT id || w FROM t ORDER BY id")).containsExactly("anew", "blaptop");
    assertSame("t");
  }

  @Test
  void aColumnDroppedAndMadeAgainBetweenTwoLooks() {
    pair(TABLE, "INSERT INTO t VALUES ('a', '1', 'w'), ('b', '1', 'w')");
    vps(
        "ALTER TABLE t DROP COLUMN w",
        "ALTER TABLE t ADD COLUMN w TEXT",
        "UPDATE t SET v = '2' WHERE id = 'a'");
    sync();
    // Nothing tells that the column was away, so the look at the rows finds that it was emptied.
    nodes.scrub("vps");
    sync();
    assertSame("t");
    assertNothingWaits();
    assertThat(nodes.scrub("vps") + nodes.scrub("laptop")).isZero();
  }

  @Test
  void aColumnThatReturnsFilledByARebuild() {
    gone();
    laptop("UPDATE t SET w = 'unseen' WHERE id = 'a'");
    sync();
    vps(
        "BEGIN",
        "CREATE TABLE n (id TEXT PRIMARY KEY, v TEXT, w TEXT NOT NULL)",
        "INSERT INTO n SELECT id, v, 'filled' FROM t",
        "DROP TABLE t",
        "ALTER TABLE n RENAME TO t",
        "COMMIT");
    sync();
    assertSame("t");
    assertThat(conflicts("vps") + conflicts("laptop")).isEqualTo(1);
    assertNothingWaits();
  }

  @Test
  void aColumnReturnsAsANumberAndAsAGeneratedColumn() {
    gone();
    laptop("UPDATE t SET w = '17' WHERE id = 'a'");
    sync();
    vps("ALTER TABLE t ADD COLUMN w AS (v || 'g')");
    sync();
    laptop("UPDATE t SET w = '18' WHERE id = 'a'");
    sync();
    vps("UPDATE t SET v = '2'");
    sync();
    assertThat(rows("laptop", "SELECT id || v || w FROM t ORDER BY id"))
        .containsExactly("a218", "b2w");
    vps("ALTER TABLE t DROP COLUMN w", "ALTER TABLE t ADD COLUMN W INTEGER");
    sync();
    assertThat(rows("vps", "SELECT id || w || typeof(w) FROM t ORDER BY id"))
        .containsExactly("a18integer", "bwtext");
    assertNothingWaits();
    assertThat(nodes.scrub("vps")).isZero();
    assertThat(rows("laptop", "SELECT id || w FROM t ORDER BY id")).containsExactly("a18", "bw");
  }

  @Test
  void aColumnThatReturnsStricterSetsAsideAndLosesNothing() {
    gone();
    laptop("UPDATE t SET w = NULL WHERE id = 'a'");
    sync();
    vps("ALTER TABLE t ADD COLUMN w TEXT NOT NULL DEFAULT 'd'");
    sync();
    assertThat(rows("laptop", "SELECT id || coalesce(w, '-') FROM t ORDER BY id"))
        .containsExactly("a-", "bw");
    laptop("UPDATE t SET w = 'ok' WHERE id = 'a'");
    sync();
    assertSame("t");
    assertNothingWaits();
  }

  @Test
  void aRowSetAsideThroughItAll() {
    pair(
        "CREATE TABLE t (id TEXT PRIMARY KEY, v TEXT UNIQUE, w TEXT)",
        "INSERT INTO t VALUES ('a', '1', 'w')");
    vps("INSERT INTO t VALUES ('b', '2', 'w')");
    laptop("INSERT INTO t VALUES ('c', '2', 'cw')");
    sync();
    assertThat(figures("vps").aside()).isEqualTo(1);
    vps("ALTER TABLE t DROP COLUMN w");
    sync();
    laptop("UPDATE t SET w = w || '!' ");
    sync();
    vps("INSERT INTO t VALUES ('d', '4')");
    vps("ALTER TABLE t ADD COLUMN w TEXT");
    sync();
    laptop("DELETE FROM t WHERE id = 'c'");
    sync();
    assertThat(rows("vps", "SELECT id || v || coalesce(w, '-') FROM t ORDER BY id"))
        .containsExactly("a1w!", "b2w", "d4-");
    assertSame("t");
    assertNothingWaits();
  }

  @Test
  void aRowDeletedAndMadeAnewWhileTheColumnWasAway() {
    gone();
    laptop("UPDATE t SET w = 'x'");
    vps("DELETE FROM t WHERE id = 'a'");
    sync();
    assertThat(rows("vps", "SELECT id FROM t")).containsExactly("b");
    assertThat(conflicts("laptop")).isEqualTo(1);
    vps("INSERT INTO t VALUES ('a', 'again')");
    sync();
    laptop("UPDATE t SET w = 'y' WHERE id = 'a'");
    sync();
    vps("ALTER TABLE t ADD COLUMN w TEXT");
    sync();
    assertSame("t");
    assertThat(rows("vps", "SELECT id || w FROM t ORDER BY id")).containsExactly("ay", "bx");
    assertNothingWaits();
  }

  @Test
  void joinedWithAColumnThatTheOthersHadDropped() {
    nodes.database("vps", TABLE, "INSERT INTO t VALUES ('a', '1', 'w'), ('b', '1', 'w')");
    nodes.found("vps");
    nodes.mesh("vps").harvest();
    vps("ALTER TABLE t DROP COLUMN w");
    nodes.mesh("vps").harvest();
    nodes.database("laptop", TABLE, "INSERT INTO t VALUES ('a', '1', 'own'), ('c', '1', 'c')");
    nodes.join("laptop", "vps");
    sync();
    assertNothingWaits();
    assertThat(rows("laptop", "SELECT id || w FROM t ORDER BY id"))
        .containsExactly("aw", "bw", "cc");
    assertThat(lost("laptop")).containsExactly("wown");
    laptop("UPDATE t SET w = 'l' WHERE id = 'c'");
    sync();
    vps("ALTER TABLE t ADD COLUMN w TEXT");
    sync();
    assertSame("t");
    assertNothingWaits();
    assertThat(nodes.scrub("vps") + nodes.scrub("laptop")).isZero();
    assertThat(rows("laptop", "SELECT id || w FROM t ORDER BY id"))
        .containsExactly("aw", "bw", "cl");
  }

  @Test
  void aLongNameOfAFormerColumnKeepsNobodyFromJoining() throws MalformedException {
    String name = "n".repeat(RosterLimits.COLUMN_NAME_BYTES_MAX + 1);
    nodes.database("vps", "CREATE TABLE t (id TEXT PRIMARY KEY, w TEXT, " + name + " TEXT)");
    nodes.found("vps");
    nodes.mesh("vps").harvest();
    vps("ALTER TABLE t DROP COLUMN " + name, "ALTER TABLE t DROP COLUMN w");
    nodes.mesh("vps").harvest();
    PreviewSource preview = nodes.mesh("vps").preview();
    PreviewMessage first = preview.next().orElseThrow();
    assertThat(AdmissionMessage.decode(first.toFrame())).isEqualTo(first);
    assertThat(((PreviewMessage.TableText) first).formerColumns()).containsExactly("w");
  }

  @Test
  void whateverAnInviterCallsFormerColumnsHarmsNobody() {
    nodes.database("vps", TABLE, "INSERT INTO t VALUES ('a', '1', 'w')");
    nodes.found("vps");
    nodes.mesh("vps").harvest();
    List<String> names =
        new ArrayList<>(List.of("", "w", "W", "id", "v", "\"", "_mesh_x", "x", "x"));
    for (int i = names.size(); i < RosterLimits.FORMER_COLUMNS_MAX; i++) {
      names.add("n" + i % 7);
    }
    nodes.join(
        "laptop",
        "vps",
        Set.of(),
        texts -> texts.stream().map(text -> naming(text, names)).toList());
    sync();
    laptop("UPDATE t SET v = '2', w = '3'", "ALTER TABLE t ADD COLUMN x TEXT DEFAULT 'd'");
    vps("ALTER TABLE t ADD COLUMN x TEXT DEFAULT 'd'", "INSERT INTO t VALUES ('b', '4', '5', '6')");
    sync();
    assertThat(rows("laptop", "SELECT id || v || w || x FROM t ORDER BY id"))
        .containsExactly("a23d", "b456");
    assertSame("t");
    assertNothingWaits();
    nodes.closeMesh("laptop");
    nodes.open("laptop");
    vps("UPDATE t SET x = '7' WHERE id = 'a'");
    sync();
    assertSame("t");
    assertThat(nodes.scrub("laptop")).isZero();
    nodes.join("phone", "laptop");
    nodes.sync("phone", "vps");
    assertThat(nodes.app("phone").exact("t")).isEqualTo(nodes.app("vps").exact("t"));
  }

  private static PreviewMessage.TableText naming(
      PreviewMessage.TableText text, List<String> former) {
    return new PreviewMessage.TableText(text.name(), text.sql(), text.indexSqls(), former);
  }

  @Test
  void aTableThatIsTrackedLaterWaitsForNoColumnThatWasDroppedBeforeTheJoin() {
    nodes.database(
        "vps",
        TABLE,
        "CREATE TABLE s (id TEXT PRIMARY KEY)",
        "INSERT INTO t VALUES ('a', '1', 'w')");
    nodes.found("vps");
    nodes.mesh("vps").harvest();
    vps("ALTER TABLE t DROP COLUMN w");
    nodes.mesh("vps").harvest();
    nodes.join("laptop", "vps", Set.of("s"), UnaryOperator.identity());
    sync();
    assertThat(rows("laptop", "SELECT id FROM t")).isEmpty();
    nodes.mesh("laptop").track(Set.of("t"), false);
    sync();
    assertSame("t");
    assertNothingWaits();
  }
}
