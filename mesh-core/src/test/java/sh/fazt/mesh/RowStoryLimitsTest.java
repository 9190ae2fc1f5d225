package sh.fazt.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.change.RowKey;
import sh.fazt.mesh.schema.Value;

/** Of how many rows and changes {@code explain} looks through those that may concern a row. */
class RowStoryLimitsTest extends PairOfReplicas {
  private static final int ASIDE = 1_000;
  private static final int PARKED = 100_000;

  private RowStory story(String table, String key) {
    return nodes.mesh("laptop").view().explain(table, key, Optional.empty());
  }

  private void insert(String name, String letter) {
    String many =
        """
        WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i <= %d)
        INSERT INTO u SELECT '%s' || i, i FROM n""";
    nodes.nowMillis += 10;
    nodes.app(name).run(many.formatted(ASIDE, letter));
    nodes.mesh(name).harvest();
  }

  @Test
  void ofMoreRowsSetAsideThanTheLimitTheLastIsNotNamedByTheRowThatKeepsItOut() {
    pair("CREATE TABLE u (id TEXT PRIMARY KEY, e UNIQUE)");
    insert("laptop", "l");
    insert("vps", "v");
    sync();
    assertThat(figures("laptop").aside()).isEqualTo(ASIDE + 1);
    List<String> aside = rows("laptop", "SELECT hex(key) FROM _mesh_aside ORDER BY tried, key");
    for (int place : List.of(0, ASIDE - 1)) {
      Value key = key(aside.get(place));
      assertThat(story("u", "l" + number(key)).neighbours())
          .extracting(RowStory.Neighbour::key)
          .containsExactly(List.of(key));
    }
    assertThat(story("u", "l" + number(key(aside.get(ASIDE)))).neighbours()).isEmpty();
  }

  private static Value key(String hex) {
    return RowKey.decoded(Bytes.fromHex(hex)).values().get(0);
  }

  private static String number(Value key) {
    return ((Value.Text) key).utf8().asUtf8().substring(1);
  }

  /** Places in the log that are long gone stand for the changes before it. */
  private void park(int from, int to) {
    laptop(
        """
        WITH RECURSIVE n (i) AS (SELECT %d UNION ALL SELECT i + 1 FROM n WHERE i < %d)
        INSERT INTO _mesh_parked SELECT 0, i, 't', 'UNKNOWN_COLUMN', 'x', -1 FROM n"""
            .formatted(from, to));
  }

  @Test
  void ofMoreParkedChangesThanTheLimitTheLastIsNotToldOf() {
    pair("CREATE TABLE t (id TEXT PRIMARY KEY, v)", "INSERT INTO t VALUES ('a', 1)");
    vps("ALTER TABLE t ADD COLUMN x", "UPDATE t SET x = 1");
    sync();
    park(1, PARKED - 1);
    assertThat(story("t", "a").waiting()).hasSize(1);
    park(PARKED, PARKED);
    assertThat(story("t", "a").waiting()).isEmpty();
  }
}
