package sh.fazt.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sh.fazt.mesh.fingerprint.StateLimits;
import sh.fazt.mesh.fingerprint.StatePlan;
import sh.fazt.mesh.fingerprint.StatePlan.Apart;
import sh.fazt.mesh.store.StatePlanner;

/** What a comparison leaves out, since too much of it waits or it takes too many names to tell. */
class StatePlanLimitsTest extends PairOfReplicas {
  private static final String T = "CREATE TABLE t (id TEXT PRIMARY KEY, v)";

  /** Bytes of a table in a plan besides its name, and of a column besides its own. */
  private static final int TABLE_BYTES = 12;

  private static final int COLUMN_BYTES = 10;

  private StatePlanner.Planned planned(String name) {
    try (StateSource source = StateSource.open(nodes.file(name))) {
      return source.plan();
    }
  }

  private List<String> compared(String name) {
    return planned(name).plan().tables().stream().map(StatePlan.Table::name).toList();
  }

  private StateSource.State state(String name, StatePlan plan) {
    try (StateSource source = StateSource.open(nodes.file(name))) {
      return (StateSource.State) source.take(plan, false, () -> false);
    }
  }

  private void assertEqualStates() {
    StatePlan plan = planned("vps").plan();
    assertThat(state("laptop", plan).rows().root()).isEqualTo(state("vps", plan).rows().root());
  }

  private static String manyRows(int count) {
    return "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)"
            .formatted(count)
        + " INSERT INTO t SELECT 'k' || i, i FROM n";
  }

  private void assertWaits(String name) {
    assertThat(planned(name).plan().tables()).isEmpty();
    assertThat(planned(name).apart()).containsExactly(new Apart("t", "", Apart.Why.WAITS));
  }

  @Test
  void aTableOfWhichMoreDeletesAreHeldThanTheLimitIsNotCompared() {
    int most = StatePlanner.WAITING_MAX;
    pair(T, manyRows(2 * most - 100));
    vps("DELETE FROM t WHERE v <= " + most);
    sync();
    assertThat(nodes.mesh("vps").massDeletes().held().get(0).rows()).isEqualTo(most);
    assertThat(compared("vps")).containsExactly("t");
    nodes.mesh("vps").massDeletes().undo(Set.of());
    sync();
    vps("DELETE FROM t WHERE v <= " + (most + 1));
    sync();
    assertThat(nodes.mesh("vps").massDeletes().held().get(0).rows()).isEqualTo(most + 1);
    assertWaits("vps");
    nodes.mesh("vps").massDeletes().undo(Set.of());
    sync();
    assertThat(compared("vps")).containsExactly("t");
    assertEqualStates();
    assertSame("t");
  }

  @Test
  void aTableOfWhichMoreChangesAreParkedThanTheLimitIsNotCompared() {
    int most = StatePlanner.WAITING_MAX;
    pair(T, manyRows(2 * most));
    vps("ALTER TABLE t ADD COLUMN x");
    vps("UPDATE t SET x = v WHERE v <= " + most);
    sync();
    assertThat(figures("laptop").parked()).isEqualTo(most);
    assertThat(compared("laptop")).containsExactly("t");
    vps("UPDATE t SET x = v WHERE v = " + (most + 1));
    sync();
    assertWaits("laptop");
    laptop("ALTER TABLE t ADD COLUMN x");
    sync();
    assertThat(compared("laptop")).containsExactly("t");
    assertNothingWaits();
    assertEqualStates();
    assertSame("t");
  }

  private static String table(String name, List<String> columns) {
    return "CREATE TABLE " + name + " (id TEXT PRIMARY KEY, " + String.join(", ", columns) + ")";
  }

  private static String column(int place, int bytes) {
    return "c" + "%04d".formatted(place) + "x".repeat(bytes - 5);
  }

  private static List<String> columns(int count) {
    List<String> columns = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      columns.add(column(i, StateLimits.NAME_BYTES_MAX));
    }
    return columns;
  }

  /** Tables that fill a plan, the last of them with so many bytes more than there is room for. */
  private static String[] tables(int over) {
    List<String> statements = new ArrayList<>();
    int left = StateLimits.PLAN_BYTES_MAX;
    for (int i = 0; i < 5; i++) {
      statements.add(table("w" + i, columns(100)));
      left -= 2 + TABLE_BYTES + 100 * (StateLimits.NAME_BYTES_MAX + COLUMN_BYTES);
    }
    left -= 1 + TABLE_BYTES;
    int whole = left / (StateLimits.NAME_BYTES_MAX + COLUMN_BYTES);
    List<String> last = columns(whole);
    left -= whole * (StateLimits.NAME_BYTES_MAX + COLUMN_BYTES);
    last.add(column(whole, left - COLUMN_BYTES + over));
    statements.add(table("x", last));
    return statements.toArray(String[]::new);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void tablesForWhichThereIsNoRoomInAPlanAreNamedAndTheOthersCompared(int over) {
    nodes.database("vps", tables(over));
    vps("INSERT INTO x (id) VALUES ('a')", "INSERT INTO w0 (id) VALUES ('a'), ('b')");
    nodes.found("vps");
    while (nodes.mesh("vps").hasMore()) {
      nodes.mesh("vps").harvest();
    }
    StatePlanner.Planned planned = planned("vps");
    assertThat(compared("vps")).startsWith("w0", "w1", "w2", "w3", "w4").hasSize(6 - over);
    assertThat(planned.apart())
        .isEqualTo(over == 0 ? List.of() : List.of(new Apart("x", "", Apart.Why.TOO_MANY)));
    assertThat(planned.plan().tables().get(0).columns()).hasSize(100);
    assertThat(state("vps", planned.plan()).shown()).isEqualTo(3 - over);
  }
}
