package sh.fazt.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What is written after a look at another's row is stamped after it, also across a restart. */
class ShownClockTest extends PairOfReplicas {
  private static final long MINUTE = 60_000;

  /** Of the phone, whose clock is behind, what the laptop's clock has signed waits for its time. */
  @Test
  void anEffectThatIsWrittenAfterARestartDoesNotShowBeforeItsCause() {
    pair("CREATE TABLE t (id TEXT PRIMARY KEY, v TEXT)");
    nodes.join("phone", "vps");
    nodes.clockOff("phone", -2 * MINUTE);
    nodes.clockOff("laptop", 4 * MINUTE);
    laptop("INSERT INTO t VALUES ('cause', '')");
    sync();
    assertThat(rows("vps", "SELECT id FROM t")).containsExactly("cause");
    nodes.closeMesh("vps");
    nodes.open("vps");
    vps("INSERT INTO t VALUES ('effect', 'cause')");
    nodes.sync("vps", "phone");
    assertThat(rows("phone", "SELECT id FROM t")).isEmpty();
    assertThat(nodes.mesh("phone").summary()).isEqualTo(nodes.mesh("vps").summary());
    nodes.nowMillis += MINUTE + 30_000;
    nodes.mesh("phone").harvest();
    assertThat(rows("phone", "SELECT id FROM t ORDER BY id")).containsExactly("cause", "effect");
  }

  @Test
  void whatIsSignedAnewIsDraggedByNothing() {
    pair("CREATE TABLE t (id TEXT PRIMARY KEY, v TEXT)");
    nodes.clockOff("vps", 60 * MINUTE);
    nodes.clockOff("laptop", 60 * MINUTE);
    laptop("INSERT INTO t VALUES ('a', '')");
    sync();
    nodes.clockOff("vps", 0);
    vps("INSERT INTO t VALUES ('b', '')");
    nodes.mesh("vps").harvest();
    assertThat(nodes.mesh("vps").restamp()).isPositive();
    nodes.openAgain("vps");
    nodes.mesh("vps").harvest();
    vps("INSERT INTO t VALUES ('c', '')");
    nodes.mesh("vps").harvest();
    assertThat(nodes.mesh("vps").view().log(LogFilter.newest(1)).get(0).writtenMillis())
        .isLessThanOrEqualTo(nodes.nowMillis);
  }
}
