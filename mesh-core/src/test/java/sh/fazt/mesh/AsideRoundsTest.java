package sh.fazt.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A chain of rows that are set aside, in which each gives way to the next in a round of its own:
 * one turn tries so many rounds, the next ones go on, and in the end the older claims show.
 */
class AsideRoundsTest extends PairOfReplicas {
  private static final int ROUNDS = 10;

  private void on(String name, String statement) {
    nodes.nowMillis += 10;
    nodes.app(name).run(statement);
    nodes.mesh(name).harvest();
  }

  /** The older of two rows with one value; by its other values it seems to clash with the next. */
  private static String older(int place) {
    boolean odd = place % 2 == 1;
    return "INSERT INTO u VALUES ('old%02d', %s, 'a%d', %d, %d, %d, %d)"
        .formatted(
            place,
            place == 0 ? "'first'" : "NULL",
            place,
            odd ? place : place + 1,
            odd ? place + 1 : place,
            odd ? 1 : 0,
            odd || place == 0 ? 0 : 1);
  }

  private static String younger(int place) {
    return "INSERT INTO u VALUES ('young%02d', NULL, 'a%d', NULL, NULL, 0, 0)"
        .formatted(place, place);
  }

  private void chain(int length) {
    pair(
        "CREATE TABLE u (id TEXT PRIMARY KEY, e TEXT UNIQUE, a TEXT UNIQUE, b, c, p, q)",
        "CREATE UNIQUE INDEX up ON u (b) WHERE p = 1",
        "CREATE UNIQUE INDEX uq ON u (c) WHERE q = 1");
    on("vps", "INSERT INTO u VALUES ('blocks', 'first', NULL, NULL, NULL, 0, 0)");
    on("laptop", older(0));
    on("vps", younger(0));
    for (int place = 1; place < length; place++) {
      on("vps", older(place));
    }
    for (int place = 1; place < length; place++) {
      on("laptop", younger(place));
    }
    sync();
    assertThat(figures("vps").aside()).isEqualTo(length);
    assertThat(rows("vps", "SELECT id FROM u WHERE id IN ('blocks', 'young00', 'old01')"))
        .hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(ints = {ROUNDS - 1, ROUNDS, ROUNDS + 1, 3 * ROUNDS})
  void rowsThatFreeEachOtherComeBackHoweverManyRoundsThatTakes(int length) {
    chain(length);
    on("vps", "DELETE FROM u WHERE id = 'blocks'");
    List<String> older = new ArrayList<>();
    for (int place = 0; place < length; place++) {
      older.add("old%02d".formatted(place));
    }
    assertThat(rows("vps", "SELECT id FROM u WHERE id LIKE 'old%' AND a < 'b'"))
        .as("what one turn does")
        .hasSize(length <= ROUNDS ? length : length - 1);
    sync();
    assertThat(rows("vps", "SELECT id FROM u ORDER BY id")).isEqualTo(older);
    assertSame("u");
    assertThat(figures("vps").aside()).isEqualTo(length);
    assertThat(figures("laptop").aside()).isEqualTo(length);
    vps("UPDATE u SET a = NULL WHERE id LIKE 'old%'");
    sync();
    assertThat(rows("laptop", "SELECT id FROM u")).hasSize(2 * length);
    assertSame("u");
    assertNothingWaits();
  }
}
