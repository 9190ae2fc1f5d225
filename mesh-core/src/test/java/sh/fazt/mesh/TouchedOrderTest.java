package sh.fazt.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.change.Change;
import sh.fazt.mesh.delta.Summary;
import sh.fazt.mesh.schema.Value;
import sh.fazt.mesh.wire.BatchSeal;
import sh.fazt.mesh.wire.SignedBatch;

/** Where very much was touched, what lies side by side is looked at together. */
class TouchedOrderTest extends PairOfReplicas {
  private static final int MANY = 10_500;

  /** Keys in no order: the numbers below a prime, each times another. */
  private static final String SCATTERED =
      """
      WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)
      INSERT INTO t SELECT printf('%%s%%05d', '%s', i * 7919 %% 15013), i FROM n""";

  private List<Change> signed(String name, int turnsMax, Runnable between) {
    Mesh mesh = nodes.mesh(name);
    Summary before = mesh.summary();
    int turns = 0;
    do {
      mesh.harvest();
      if (++turns <= turnsMax) {
        between.run();
      }
    } while (mesh.hasMore());
    assertThat(turns).isGreaterThan(MANY / 1_000);
    List<Change> changes = new ArrayList<>();
    DeltaCursor delta = mesh.delta(before.lacking(mesh.summary()));
    for (List<SignedBatch> page = delta.next(1 << 20);
        !page.isEmpty();
        page = delta.next(1 << 20)) {
      page.forEach(each -> changes.addAll(BatchSeal.reopen(each.envelope()).changes()));
    }
    return changes;
  }

  private static List<Value> keys(List<Change> changes) {
    return changes.stream().map(change -> change.key().values().get(0)).toList();
  }

  private List<Value> ids(String glob) {
    return rows("vps", "SELECT id FROM t WHERE id GLOB '" + glob + "' ORDER BY id").stream()
        .map(Value::of)
        .toList();
  }

  @Test
  void aLargeTransactionIsSignedInTheOrderOfItsKeys() {
    pair("CREATE TABLE t (id TEXT PRIMARY KEY, v)");
    for (int round = 0; round < 2; round++) {
      String letter = "ab".substring(round, round + 1);
      vps(SCATTERED.formatted(MANY, letter));
      assertThat(keys(signed("vps", 0, () -> {}))).isEqualTo(ids(letter + "*"));
    }
    sync();
    assertSame("t");
  }

  @Test
  void whatWasWrittenMinutesBeforeIsStampedBefore() {
    pair("CREATE TABLE t (id TEXT PRIMARY KEY, v)");
    vps(SCATTERED.formatted(MANY / 2, "late"));
    vps(SCATTERED.formatted(MANY / 2, "early"));
    String touched =
        rows("vps", "SELECT name FROM sqlite_schema WHERE name GLOB '_mesh_touched_*'").get(0);
    nodes.nowMillis += 600_000;
    long now = nodes.nowMillis;
    vps(
        "UPDATE "
            + touched
            + " SET at = iif(k0 GLOB 'late*', "
            + (now - 120_000)
            + ", "
            + now
            + ")");
    List<Change> changes = signed("vps", 0, () -> {});
    assertThat(keys(changes).subList(0, MANY / 2)).isEqualTo(ids("late*"));
    assertThat(changes.get(MANY / 2).hlc().millis() - changes.get(MANY / 2 - 1).hlc().millis())
        .isGreaterThan(60_000);
  }

  @Test
  void nothingIsMissedThatIsWrittenMeanwhile() {
    pair("CREATE TABLE t (id TEXT PRIMARY KEY, v)");
    vps(SCATTERED.formatted(MANY, "r"));
    signed(
        "vps",
        6,
        () -> vps("UPDATE t SET v = 'now' WHERE v % 1000 = 0", "DELETE FROM t WHERE v % 1000 = 1"));
    sync();
    assertSame("t");
    assertNothingWaits();
  }

  @Test
  void nothingIsMissedWhenItIsBrokenOffOrRenumbered() {
    pair("CREATE TABLE t (id TEXT PRIMARY KEY, v)");
    String[] interruptions = {"VACUUM", "", "VACUUM", "CREATE INDEX v ON t (v)", ""};
    for (int i = 0; i < interruptions.length; i++) {
      vps(SCATTERED.formatted(MANY, "abcde".substring(i, i + 1)));
      for (int turn = 0; turn < Math.min(i + 1, 4); turn++) {
        nodes.mesh("vps").harvest();
      }
      if (interruptions[i].isEmpty()) {
        nodes.closeMesh("vps");
        nodes.open("vps");
      } else {
        vps(interruptions[i]);
      }
      sync();
      assertSame("t");
      assertNothingWaits();
    }
  }
}
