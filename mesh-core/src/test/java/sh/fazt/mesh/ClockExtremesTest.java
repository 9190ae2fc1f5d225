package sh.fazt.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sh.fazt.mesh.clock.Hlc;

/** Clocks that stand at an end of time: what they stamp is neither genesis nor the last word. */
class ClockExtremesTest extends ChainOfClocks {
  @ParameterizedTest
  @ValueSource(longs = {0, 1, -1, -5 * 365 * 24 * 3_600_000L})
  void aClockAtTheBeginningOfTimeWritesNoGenesis(long atMillis) {
    three();
    write("a", "UPDATE t SET v = 'first' WHERE id = '1'");
    sync();
    nodes.clockOff("c", atMillis - nodes.nowMillis);
    nodes.app("c").run("INSERT INTO t VALUES ('c', 'one')", "DELETE FROM t WHERE id = '2'");
    made("c", atMillis);
    nodes.mesh("c").harvest();
    nodes.app("c").run("UPDATE t SET v = 'two' WHERE id = 'c'");
    made("c", atMillis);
    nodes.mesh("c").harvest();
    assertThat(nodes.mesh("c").view().log(LogFilter.newest(2)))
        .allMatch(entry -> entry.writtenMillis() > 0);
    nodes.clockOff("c", 0);
    sync();
    assertAll("c", "two");
    assertAll("2", "");
    assertSame();
  }

  /** A founder whose clock has never been set: its first writes are above its rows. */
  @Test
  void aMeshFoundedAtTheBeginningOfTime() {
    nodes.clockOff("a", -nodes.nowMillis);
    nodes.database(
        "a",
        "CREATE TABLE t (id TEXT PRIMARY KEY, v TEXT)",
        "INSERT INTO t VALUES ('1', 'genesis')");
    nodes.found("a");
    nodes.app("a").run("INSERT INTO t VALUES ('2', 'new')");
    made("a", 0);
    nodes.mesh("a").harvest();
    assertThat(nodes.mesh("a").view().log(LogFilter.newest(1)))
        .allMatch(entry -> entry.writtenMillis() > 0);
    nodes.app("a").run("UPDATE t SET v = 'x' WHERE id = '1'");
    nodes.join("b", "a");
    nodes.sync("a", "b");
    assertThat(nodes.app("b").column("SELECT v FROM t ORDER BY id")).containsExactly("x", "new");
  }

  @ParameterizedTest
  @ValueSource(longs = {Hlc.MILLIS_MAX, Hlc.MILLIS_MAX - 1, Hlc.MILLIS_MAX + DAY})
  void aCellWithAStampNearTheLastOfAllIsStillWritable(long atMillis) {
    three();
    nodes.clockOff("a", atMillis - nodes.nowMillis);
    nodes.app("a").run("UPDATE t SET v = 'poison' WHERE id = '1'");
    made("a", atMillis);
    nodes.mesh("a").harvest();
    nodes.clockOff("a", 0);
    sync();
    assertThat(value("b", "1")).isEqualTo("genesis");
    for (int i = 0; i < 3; i++) {
      write("a", "UPDATE t SET v = 'over it %d' WHERE id = '1'".formatted(i));
      sync();
      assertThat(nodes.mesh("c").summary()).isEqualTo(nodes.mesh("a").summary());
    }
    write("b", "UPDATE t SET v = 'as ever' WHERE id = '1'");
    sync();
    assertThat(value("b", "1")).isEqualTo("as ever");
    assertThat(value("c", "1")).isEqualTo("as ever");
    assertThat(latestStamp("b")).isLessThanOrEqualTo(nodes.nowMillis);
    // A clock that goes on for ever at the end of time does not run out of stamps.
    nodes.clockOff("a", atMillis - nodes.nowMillis);
    nodes
        .app("a")
        .run(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 70000)"
                + " INSERT INTO t SELECT 'n' || i, 'v' FROM n");
    made("a", atMillis);
    while (nodes.mesh("a").hasMore() || figures("a").untaken() > 0) {
      nodes.mesh("a").harvest();
    }
    sync();
    assertThat(nodes.mesh("c").summary()).isEqualTo(nodes.mesh("a").summary());
  }
}
