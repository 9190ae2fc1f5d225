package sh.fazt.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.wire.SignedBatch;

/** A transaction too large to be shown at once is shown in slices, and nobody waits for it. */
class LargeTransactionTest extends PairOfReplicas {
  private static final int LARGE = 10_001;
  private static final int TURN = 500;
  private static final String MANY =
      """
      WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)
      INSERT INTO t SELECT 'r' || i, i FROM n""";

  /** Gives the laptop all that the vps has, to deliver but not yet to show. */
  private void deliver(String from, String to) {
    Mesh source = nodes.mesh(from);
    source.harvest();
    while (source.hasMore()) {
      source.harvest();
    }
    DeltaCursor delta = source.delta(nodes.mesh(to).summary().lacking(source.summary()));
    List<SignedBatch> page = delta.next(1 << 20);
    while (!page.isEmpty()) {
      List<Bytes> envelopes = page.stream().map(SignedBatch::envelope).toList();
      nodes.mesh(to).ingest(envelopes);
      page = delta.next(1 << 20);
    }
  }

  private long shown() {
    return Long.parseLong(rows("laptop", "SELECT count(*) FROM t").get(0));
  }

  @Test
  void eachTurnShowsABoundedPartAndLocalWritesComeBetween() {
    pair("CREATE TABLE t (id TEXT PRIMARY KEY, v)");
    vps(MANY.formatted(LARGE));
    deliver("vps", "laptop");
    assertThat(nodes.mesh("laptop").summary()).isEqualTo(nodes.mesh("vps").summary());
    assertThat(nodes.mesh("laptop").hasMore()).isTrue();
    long before = shown();
    assertThat(before).isLessThanOrEqualTo(TURN);
    laptop("UPDATE t SET v = 'mine' WHERE id = 'r1'", "INSERT INTO t VALUES ('r9999', 'mine')");
    int turns = 0;
    while (nodes.mesh("laptop").hasMore()) {
      before = shown();
      nodes.mesh("laptop").harvest();
      assertThat(shown() - before).as("rows shown under one lock").isBetween(0L, (long) TURN);
      if (++turns == 5) {
        nodes.closeMesh("laptop");
        nodes.open("laptop");
      }
    }
    assertThat(turns).isGreaterThanOrEqualTo(LARGE / TURN);
    sync();
    assertSame("t");
    assertThat(rows("vps", "SELECT id FROM t WHERE v = 'mine' ORDER BY id"))
        .containsExactly("r1", "r9999");
    assertThat(shown()).isEqualTo(LARGE);
  }

  /** The inserts that make up for the deletes are shown by the time of the restart. */
  @Test
  void whetherItIsAMassDeleteIsDecidedOnceAlsoOverARestart() {
    pair("CREATE TABLE t (id TEXT PRIMARY KEY, v)");
    vps(MANY.formatted(LARGE));
    sync();
    nodes.mesh("vps").massDeletes().guard(Set.of("t"), false);
    vps(
        "BEGIN",
        MANY.formatted(LARGE - 2_000).replace("'r'", "'s'"),
        "DELETE FROM t WHERE id LIKE 'r%'",
        "COMMIT");
    String touched = "SELECT name FROM sqlite_schema WHERE name GLOB '_mesh_touched_*'";
    vps("UPDATE " + rows("vps", touched).get(0) + " SET at = at + 120000 WHERE k0 GLOB 'r*'");
    deliver("vps", "laptop");
    while (shown() < LARGE + LARGE - 2_000 - TURN) {
      nodes.mesh("laptop").harvest();
    }
    nodes.closeMesh("laptop");
    nodes.open("laptop");
    while (nodes.mesh("laptop").hasMore()) {
      nodes.mesh("laptop").harvest();
    }
    assertSame("t");
    assertThat(shown()).isEqualTo(LARGE - 2_000);
    assertNothingWaits();
  }

  /** Delivers a large transaction that deletes all of u, after it has changed all of t. */
  private void deliverAMassDelete() {
    pair("CREATE TABLE t (id TEXT PRIMARY KEY, v)", "CREATE TABLE u (id TEXT PRIMARY KEY, v)");
    vps(MANY.formatted(LARGE), MANY.formatted(500).replace("INTO t", "INTO u"));
    sync();
    nodes.mesh("vps").massDeletes().guard(Set.of("u"), false);
    vps("BEGIN", "UPDATE t SET v = -1", "DELETE FROM u", "COMMIT");
    deliver("vps", "laptop");
    while (rows("laptop", "SELECT id FROM t WHERE v = -1").isEmpty()) {
      nodes.mesh("laptop").harvest();
    }
  }

  private void assertTheMassDeleteWaits() {
    while (nodes.mesh("laptop").hasMore()) {
      nodes.mesh("laptop").harvest();
    }
    assertThat(rows("laptop", "SELECT count(*) FROM t WHERE v = -1"))
        .containsExactly(String.valueOf(LARGE));
    assertThat(rows("laptop", "SELECT count(*) FROM u")).containsExactly("500");
  }

  @Test
  void aMassDeleteInItWaitsAlsoOverARestart() {
    deliverAMassDelete();
    nodes.closeMesh("laptop");
    nodes.open("laptop");
    assertTheMassDeleteWaits();
  }

  @Test
  void aMassDeleteInItWaitsAlsoWhenTheSchemaMovesMeanwhile() {
    deliverAMassDelete();
    laptop("ALTER TABLE u ADD COLUMN note TEXT", "ALTER TABLE u RENAME COLUMN v TO value");
    assertTheMassDeleteWaits();
  }

  @Test
  void transactionOfTenThousandChangesIsShownAtOnce() {
    pair("CREATE TABLE t (id TEXT PRIMARY KEY, v)");
    vps(MANY.formatted(LARGE - 1));
    deliver("vps", "laptop");
    while (shown() == 0) {
      assertThat(nodes.mesh("laptop").hasMore()).isTrue();
      nodes.mesh("laptop").harvest();
    }
    assertThat(shown()).isEqualTo(LARGE - 1);
  }

  @Test
  void whatIsNotBuiltOnItGoesAheadAndWhatIsWaits() {
    pair("CREATE TABLE t (id TEXT PRIMARY KEY, v)", "CREATE TABLE u (id TEXT PRIMARY KEY, v)");
    nodes.join("phone", "vps");
    nodes.join("tablet", "vps");
    nodes.sync("vps", "phone");
    nodes.sync("vps", "tablet");
    sync();
    vps(MANY.formatted(LARGE));
    nodes.sync("vps", "phone");
    nodes.app("phone").run("INSERT INTO u VALUES ('after', 1)");
    nodes.app("tablet").run("INSERT INTO u VALUES ('beside', 1)");
    deliver("vps", "laptop");
    deliver("phone", "laptop");
    deliver("tablet", "laptop");
    assertThat(rows("laptop", "SELECT id FROM u")).containsExactly("beside");
    while (shown() < LARGE) {
      assertThat(rows("laptop", "SELECT id FROM u")).containsExactly("beside");
      nodes.mesh("laptop").harvest();
    }
    while (nodes.mesh("laptop").hasMore()) {
      nodes.mesh("laptop").harvest();
    }
    assertThat(rows("laptop", "SELECT id FROM u ORDER BY id")).containsExactly("after", "beside");
  }
}
