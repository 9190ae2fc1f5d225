package sh.fazt.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * More rows are set aside than one turn tries again, and the one that may come back is the last of
 * them: the next turns come to it, whatever happens meanwhile.
 */
class AsideRetriesTest extends PairOfReplicas {
  private static final int ROWS = 100;

  private static final String MANY =
      """
      WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)
      INSERT INTO t SELECT printf('%s%%05d', i), i, NULL FROM n""";

  /** As many rows of the laptop's are set aside, each for one of the other's. */
  private void aside(int rows) {
    pair("CREATE TABLE t (id TEXT PRIMARY KEY, u UNIQUE, v)");
    limit();
    vps(MANY.formatted(rows, "older"));
    nodes.mesh("vps").harvest();
    laptop(MANY.formatted(rows, "younger"));
    sync();
    assertThat(figures("vps").aside()).isEqualTo(rows);
    assertThat(figures("laptop").aside()).isEqualTo(rows);
  }

  private void limit() {
    nodes.mesh("vps").parts().ingestion.tryAsideInOneTurn(ROWS);
    nodes.mesh("laptop").parts().ingestion.tryAsideInOneTurn(ROWS);
  }

  /** Makes room for the last one, and gives that one turn. */
  private void makeRoom(int rows) {
    vps("DELETE FROM t WHERE u = " + rows);
    nodes.mesh("vps").harvest();
  }

  private List<String> back(String name) {
    return rows(name, "SELECT u FROM t WHERE id LIKE 'younger%'");
  }

  @ParameterizedTest
  @ValueSource(ints = {ROWS, ROWS + 1})
  void theLastOfThemComesBack(int rows) {
    aside(rows);
    makeRoom(rows);
    assertThat(back("vps")).as("what one turn tries").hasSize(rows > ROWS ? 0 : 1);
    sync();
    assertThat(back("vps")).containsExactly(String.valueOf(rows));
    assertSame("t");
    vps("UPDATE t SET u = -u WHERE id LIKE 'older%'");
    sync();
    assertThat(back("laptop")).hasSize(rows);
    assertSame("t");
    assertNothingWaits();
  }

  @Test
  void theLastOfThemComesBackAfterARestartInBetween() {
    aside(ROWS + 1);
    makeRoom(ROWS + 1);
    nodes.closeMesh("vps");
    nodes.open("vps");
    limit();
    sync();
    assertThat(back("vps")).hasSize(1);
    assertSame("t");
  }

  @Test
  void theLastOfThemComesBackWhileSomebodyWritesAllTheTime() {
    aside(ROWS + 1);
    makeRoom(ROWS + 1);
    vps("UPDATE t SET v = 1 WHERE u = 1");
    nodes.mesh("vps").harvest();
    assertThat(back("vps")).hasSize(1);
    sync();
    assertSame("t");
  }
}
