package sh.fazt.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.fingerprint.StateLimits;
import sh.fazt.mesh.fingerprint.StatePlan;
import sh.fazt.mesh.wire.WireLimits;

/** Tables whose names are as long as a batch may name, and longer ones, which stay home. */
class LongNamesTest extends PairOfReplicas {
  private static final String T = "CREATE TABLE t (id TEXT PRIMARY KEY, v)";
  private static final String LONG = "\u00e9".repeat(WireLimits.NAME_BYTES_MAX / 2);
  private static final String LONGER = LONG + "x";

  private void track(String table) {
    for (String name : List.of("vps", "laptop")) {
      nodes.mesh(name).track(Set.of(table), false);
    }
    sync();
  }

  private void both(String statement) {
    vps(statement);
    laptop(statement);
  }

  @Test
  void theLongestNamesReplicateAndAreCompared() {
    assertThat(StateLimits.NAME_BYTES_MAX).isEqualTo(WireLimits.NAME_BYTES_MAX);
    pair(T);
    both("CREATE TABLE %1$s (id TEXT PRIMARY KEY, %1$s)".formatted(LONG));
    track(LONG);
    vps("INSERT INTO %s VALUES ('a', 1)".formatted(LONG));
    laptop("INSERT INTO %s VALUES ('b', 2)".formatted(LONG));
    sync();
    assertSame(LONG);
    assertThat(rows("vps", "SELECT id FROM " + LONG)).hasSize(2);
    try (StateSource source = StateSource.open(nodes.file("vps"))) {
      assertThat(source.plan().apart()).isEmpty();
      assertThat(source.plan().plan().table(LONG).orElseThrow().columns())
          .extracting(StatePlan.Column::name)
          .containsExactly(LONG);
    }
  }

  @Test
  void aTableWithALongerNameDoesNotReplicate() {
    pair(T);
    for (String table :
        List.of(
            "CREATE TABLE %s (id TEXT PRIMARY KEY)".formatted(LONGER),
            "CREATE TABLE u (%s TEXT PRIMARY KEY)".formatted(LONGER))) {
      vps(table);
    }
    for (String table : List.of(LONGER, "u")) {
      assertThatThrownBy(() -> nodes.mesh("vps").track(Set.of(table), false))
          .isInstanceOfSatisfying(
              MeshException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.TABLE_UNSUPPORTED));
    }
    vps("INSERT INTO t VALUES ('a', 1)");
    sync();
    assertSame("t");
  }

  @Test
  void aColumnWithALongerNameKeepsItsTableHomeUntilItIsRenamedAndBlocksNothing() {
    pair(T, "CREATE TABLE u (id TEXT PRIMARY KEY, v)", "INSERT INTO t VALUES ('a', 1)");
    vps("ALTER TABLE t ADD COLUMN " + LONGER);
    vps("UPDATE t SET %s = 5, v = 2".formatted(LONGER), "INSERT INTO t (id) VALUES ('b')");
    vps("INSERT INTO u VALUES ('x', 1)");
    laptop("INSERT INTO t VALUES ('c', 3)");
    sync();
    assertSame("u");
    assertThat(rows("laptop", "SELECT v FROM t WHERE id = 'a'")).containsExactly("1");
    vps("ALTER TABLE t RENAME COLUMN %s TO w".formatted(LONGER));
    laptop("ALTER TABLE t ADD COLUMN w");
    sync();
    assertThat(rows("laptop", "SELECT id || ifnull(v, '') || ifnull(w, '') FROM t ORDER BY id"))
        .containsExactly("a25", "b", "c3");
    assertSame("t");
    assertNothingWaits();
  }
}
