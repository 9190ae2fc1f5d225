package sh.fazt.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.crdt.MergeType;
import sh.fazt.mesh.fault.MeshException;

/** Columns that merge, written to with ordinary SQL by programs that know nothing of it. */
final class MergingColumnsTest extends PairOfReplicas {
  private static final String POSTS =
      "CREATE TABLE posts (id TEXT PRIMARY KEY, title TEXT, likes INTEGER, best REAL, seen)";

  @BeforeEach
  void posts() throws MalformedException {
    pair(POSTS, "INSERT INTO posts VALUES ('old', 't', 5, 1.5, 10)");
    merge("likes", MergeType.COUNTER);
    merge("best", MergeType.MAX);
    merge("seen", MergeType.FIRST);
    sync();
  }

  private void merge(String column, MergeType type) throws MalformedException {
    nodes.mesh("vps").membership().chooseMerge("posts", column, type.number());
    nodes.mesh("laptop").membership().merge(nodes.mesh("vps").membership().encodedOperations());
  }

  private void assertShows(String sql, String value) {
    assertSame("posts");
    assertThat(rows("vps", sql)).containsExactly(value);
  }

  @Test
  void incrementsOfBothAdd() {
    vps("UPDATE posts SET likes = likes + 1 WHERE id = 'old'");
    laptop("UPDATE posts SET likes = likes + 10");
    vps("UPDATE posts SET likes = likes + 1");
    sync();
    assertShows("SELECT likes FROM posts", "17");
    laptop("UPDATE posts SET likes = likes - 3, title = 'x'");
    sync();
    vps("UPDATE posts SET likes = likes * 2");
    laptop("UPDATE posts SET likes = likes + 0.5");
    sync();
    assertShows("SELECT likes FROM posts", "28.5");
    assertThat(conflicts("vps") + conflicts("laptop")).isZero();
  }

  @Test
  void aRowThatBothInsertCountsWhatBothCounted() {
    String upsert =
        "INSERT INTO posts (id, likes) VALUES ('new', 1)"
            + " ON CONFLICT (id) DO UPDATE SET likes = likes + 1";
    vps(upsert);
    laptop(upsert);
    laptop(upsert);
    sync();
    assertShows("SELECT likes FROM posts WHERE id = 'new'", "3");
    vps(upsert);
    laptop(upsert);
    sync();
    assertShows("SELECT likes FROM posts WHERE id = 'new'", "5");
  }

  @Test
  void aDeletedRowBeginsAnew() {
    vps("UPDATE posts SET likes = likes + 1");
    sync();
    laptop("DELETE FROM posts");
    vps("UPDATE posts SET likes = likes + 1");
    sync();
    assertThat(rows("vps", "SELECT count(*) FROM posts")).containsExactly("0");
    laptop("INSERT INTO posts (id, likes) VALUES ('old', 100)");
    sync();
    vps("UPDATE posts SET likes = likes + 1");
    laptop("UPDATE posts SET likes = likes + 1");
    sync();
    assertShows("SELECT likes FROM posts", "102");
    assertThat(rows("vps", "SELECT count(*) FROM _mesh_cell")).containsExactly("1");
  }

  @Test
  void ofConcurrentValuesTheGreatestOrTheFirstIsShown() {
    vps("UPDATE posts SET best = 7, seen = 20");
    nodes.mesh("vps").harvest();
    laptop("UPDATE posts SET best = 3, seen = 30");
    sync();
    assertShows("SELECT best || ' ' || seen FROM posts", "7.0 20");
    laptop("UPDATE posts SET best = 2");
    sync();
    assertShows("SELECT best FROM posts", "2.0");
  }

  @Test
  void whatIsNoNumberIsAPlainValue() {
    vps("UPDATE posts SET likes = 'many'");
    laptop("UPDATE posts SET likes = likes + 1");
    sync();
    assertSame("posts");
    vps("UPDATE posts SET likes = NULL");
    sync();
    laptop("UPDATE posts SET likes = 3");
    sync();
    vps("UPDATE posts SET likes = likes + 1");
    laptop("UPDATE posts SET likes = likes + 1");
    sync();
    assertShows("SELECT likes FROM posts", "5");
  }

  @Test
  void aRowThatIsSetAsideGoesOnCounting() {
    vps("CREATE UNIQUE INDEX one_title ON posts (title)");
    laptop("CREATE UNIQUE INDEX one_title ON posts (title)");
    vps("INSERT INTO posts (id, title, likes) VALUES ('a', 'same', 1)");
    laptop("INSERT INTO posts (id, title, likes) VALUES ('b', 'same', 1)");
    vps("UPDATE posts SET likes = likes + 1 WHERE id = 'a'");
    laptop("UPDATE posts SET likes = likes + 1 WHERE id = 'b'");
    sync();
    vps("UPDATE posts SET title = 'other' WHERE title = 'same'");
    sync();
    assertShows(
        "SELECT group_concat(likes) FROM (SELECT likes FROM posts WHERE id <> 'old')", "2,2");
    assertNothingWaits();
  }

  @Test
  void aSnapshotBringsWhatOperationsHaveComeTo() {
    vps("UPDATE posts SET likes = likes + 1");
    sync();
    laptop("UPDATE posts SET likes = likes + 10, best = 9");
    vps("UPDATE posts SET likes = likes + 100, best = 8");
    rebase("vps", "laptop");
    assertThat(rows("laptop", "SELECT likes || ' ' || best FROM posts")).containsExactly("116 9.0");
    sync();
    assertShows("SELECT likes || ' ' || best FROM posts", "116 9.0");
  }

  @Test
  void whatCannotMergeIsSaidAndChangesNothing() {
    Mesh mesh = nodes.mesh("vps");
    for (Map<String, String> words :
        List.of(
            Map.of("likes", "lww", "id", "counter"),
            Map.of("likes", "lww", "stars", "counter"),
            Map.of("likes", "lww", "title", "adder"))) {
      assertThatThrownBy(() -> mesh.merge("posts", words))
          .isInstanceOf(MeshException.class)
          .hasMessageMatching(
              "column id is part of the key of posts, .*|table posts has no column stars"
                  + "|no column merges as adder; there are lww, counter, .*");
    }
    assertThat(mesh.membership().roster().policy().words("posts"))
        .isEqualTo(Map.of("likes", "counter", "best", "max", "seen", "first"));
  }

  @Test
  void aMassDeleteThatIsUndoneBringsCountsBack() {
    vps(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 150)"
            + " INSERT INTO posts (id, likes) SELECT 'p' || i, i FROM n");
    sync();
    vps("UPDATE posts SET likes = likes + 1");
    laptop("UPDATE posts SET likes = likes + 1");
    sync();
    List<String> before = nodes.app("vps").exact("posts");
    vps("DELETE FROM posts");
    nodes.mesh("vps").harvest();
    nodes.mesh("vps").massDeletes().undo(Set.of());
    sync();
    assertThat(nodes.app("vps").exact("posts")).isEqualTo(before);
    vps("UPDATE posts SET likes = likes + 1");
    laptop("UPDATE posts SET likes = likes + 1");
    sync();
    assertShows("SELECT likes FROM posts WHERE id = 'p7'", "11");
  }

  @Test
  void aRowThatIsMadeAnewWhereOneIsSetAsideShowsAsItWasMade() {
    vps("CREATE UNIQUE INDEX one_title ON posts (title)");
    laptop("CREATE UNIQUE INDEX one_title ON posts (title)");
    vps("INSERT INTO posts (id, title, likes) VALUES ('a', 'same', 1)");
    nodes.mesh("vps").harvest();
    laptop("INSERT INTO posts (id, title, likes) VALUES ('b', 'same', 1)");
    sync();
    assertThat(figures("laptop").aside()).isOne();
    laptop("INSERT INTO posts (id, title, likes) VALUES ('b', 'other', 5)");
    sync();
    assertShows("SELECT likes FROM posts WHERE id = 'b'", "5");
    vps("UPDATE posts SET likes = likes + 1 WHERE id = 'b'");
    laptop("UPDATE posts SET likes = likes + 1 WHERE id = 'b'");
    sync();
    assertShows("SELECT likes FROM posts WHERE id = 'b'", "7");
    assertThat(rows("vps", "SELECT count(*) FROM _mesh_conflict WHERE col = 'likes'"))
        .isEqualTo(rows("laptop", "SELECT count(*) FROM _mesh_conflict WHERE col = 'likes'"));
  }

  @Test
  void randomWritesEndEqual() {
    for (long seed = 0; seed < 12; seed++) {
      Random random = new Random(seed);
      for (int step = 0; step < 60; step++) {
        String statement = draw(random);
        if (random.nextBoolean()) {
          vps(statement);
        } else {
          laptop(statement);
        }
        if (random.nextInt(4) == 0) {
          nodes.mesh(random.nextBoolean() ? "vps" : "laptop").harvest();
        }
        if (random.nextInt(8) == 0) {
          sync();
        }
      }
      sync();
      assertSame("posts");
    }
    assertNothingWaits();
  }

  private static String draw(Random random) {
    String id = "'k" + random.nextInt(4) + "'";
    return switch (random.nextInt(7)) {
      case 0 -> "DELETE FROM posts WHERE id = " + id;
      case 1 ->
          "INSERT OR REPLACE INTO posts (id, likes) VALUES (" + id + ", " + random.nextInt(9) + ")";
      case 2 ->
          "UPDATE posts SET best = " + random.nextInt(99) + ", seen = random() WHERE id = " + id;
      case 3 ->
          "UPDATE posts SET likes = "
              + List.of("NULL", "'x'", "x'00'", "1e300", "-0.0").get(random.nextInt(5))
              + " WHERE id = "
              + id;
      case 4 -> "UPDATE posts SET likes = likes + 0.25 WHERE id = " + id;
      case 5 ->
          "INSERT INTO posts (id, likes) VALUES ("
              + id
              + ", 1) ON CONFLICT (id) DO UPDATE SET likes = likes + 1";
      default -> "UPDATE posts SET likes = likes + 1, title = 'u' WHERE id = " + id;
    };
  }
}
