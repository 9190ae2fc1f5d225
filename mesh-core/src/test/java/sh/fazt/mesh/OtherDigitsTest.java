package sh.fazt.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A machine whose language writes numbers in digits of its own, which SQLite cannot read. */
class OtherDigitsTest extends PairOfReplicas {
  private final Locale usual = Locale.getDefault();

  @BeforeEach
  void speakArabic() {
    Locale.setDefault(Locale.forLanguageTag("ar-EG"));
    assertThat("%d".formatted(10)).as("digits of this language").isNotEqualTo("10");
  }

  @AfterEach
  void speakAsBefore() {
    Locale.setDefault(usual);
  }

  @Test
  void numbersAreWrittenAsSqlHasThem() {
    pair(
        "CREATE TABLE t (id TEXT PRIMARY KEY, v INTEGER)",
        "INSERT INTO t VALUES ('a', 1), ('b', 2), ('c', 3)");
    vps("UPDATE t SET v = v + 10", "DELETE FROM t WHERE id = 'c'");
    laptop("INSERT INTO t VALUES ('d', 40)");
    sync();
    assertThat(rows("laptop", "SELECT id || v FROM t ORDER BY id"))
        .containsExactly("a11", "b12", "d40");
    while (nodes.mesh("vps").scrub(nodes.nowMillis)) {
      nodes.nowMillis++;
    }
    assertSame("t");
    assertNothingWaits();
  }
}
