package sh.fazt.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Two replicas that meet through nothing but batches, as any program would write to them. */
class TwoReplicasTest extends PairOfReplicas {
  private static final String NOTES =
      "CREATE TABLE notes (id TEXT PRIMARY KEY, body TEXT, stars INTEGER)";

  @Test
  void joinerWithoutDatabaseGetsTablesAndRows() {
    pair(NOTES, "INSERT INTO notes VALUES ('a', 'one', 1), ('b', NULL, 2.5)");
    assertThat(nodes.app("laptop").exact("notes")).hasSize(2);
    assertSame("notes");
  }

  @Test
  void insertUpdateDeleteTravelBothWays() {
    pair(NOTES, "INSERT INTO notes VALUES ('a', 'one', 1), ('b', 'two', 2)");
    nodes.nowMillis += 1000;
    nodes.app("vps").run("INSERT INTO notes VALUES ('c', 'three', 3)");
    nodes.app("laptop").run("UPDATE notes SET stars = 9 WHERE id = 'a'");
    nodes.app("laptop").run("DELETE FROM notes WHERE id = 'b'");
    nodes.sync("vps", "laptop");
    assertThat(nodes.app("vps").column("SELECT id || stars FROM notes ORDER BY id"))
        .containsExactly("a9", "c3");
    assertSame("notes");
  }

  @Test
  void editsOfDifferentColumnsOfOneRowBothSurvive() {
    pair(NOTES, "INSERT INTO notes VALUES ('a', 'one', 1)");
    nodes.app("vps").run("UPDATE notes SET body = 'edited' WHERE id = 'a'");
    nodes.app("laptop").run("UPDATE notes SET stars = 5 WHERE id = 'a'");
    nodes.sync("vps", "laptop");
    assertThat(nodes.app("laptop").one("SELECT body || stars FROM notes")).isEqualTo("edited5");
    assertSame("notes");
  }

  @Test
  void editsOneAfterTheOtherAreNoConflict() {
    pair(NOTES, "INSERT INTO notes VALUES ('a', 'one', 1)");
    for (String name : List.of("laptop", "vps", "laptop", "vps")) {
      nodes.nowMillis += 10;
      nodes.app(name).run("UPDATE notes SET body = body || '+', stars = stars + 1");
      nodes.sync("vps", "laptop");
    }
    nodes.app("laptop").run("DELETE FROM notes");
    nodes.sync("vps", "laptop");
    assertSame("notes");
    for (String name : List.of("vps", "laptop")) {
      assertThat(nodes.mesh(name).view().figures(nodes.nowMillis).conflicts24h()).isZero();
    }
  }

  @Test
  void replaceIsCapturedWithTheRowsItRemoves() {
    pair(
        "CREATE TABLE users (id TEXT PRIMARY KEY, email TEXT UNIQUE)",
        "INSERT INTO users VALUES ('1', 'a@x'), ('2', 'b@x')");
    nodes.app("vps").run("INSERT OR REPLACE INTO users VALUES ('3', 'a@x')");
    nodes.sync("vps", "laptop");
    assertThat(nodes.app("laptop").column("SELECT id FROM users ORDER BY id"))
        .containsExactly("2", "3");
    assertSame("users");
  }

  @Test
  void deleteWinsOverConcurrentEditAndTheEditIsKept() {
    pair(NOTES, "INSERT INTO notes VALUES ('a', 'one', 1)");
    nodes.app("vps").run("DELETE FROM notes WHERE id = 'a'");
    nodes.app("laptop").run("UPDATE notes SET body = 'late' WHERE id = 'a'");
    nodes.sync("vps", "laptop");
    assertThat(nodes.app("vps").exact("notes")).isEmpty();
    assertSame("notes");
    assertThat(nodes.mesh("vps").view().figures(nodes.nowMillis).conflicts24h()).isPositive();
    assertThat(nodes.mesh("laptop").view().figures(nodes.nowMillis).conflicts24h()).isPositive();
  }

  @Test
  void joinersOwnRowsReachTheOthersAndTheSeniorsValueStands() {
    nodes.database("vps", NOTES, "INSERT INTO notes VALUES ('a', 'vps', 1), ('s', 'same', 1)");
    nodes.found("vps");
    nodes.database(
        "laptop",
        NOTES,
        "INSERT INTO notes VALUES ('a', 'laptop', 1), ('s', 'same', 1), ('l', 'only', 3)");
    nodes.join("laptop", "vps");
    nodes.sync("vps", "laptop");
    assertSame("notes");
    assertThat(nodes.app("vps").column("SELECT id || body FROM notes ORDER BY id"))
        .containsExactly("avps", "lonly", "ssame");
    assertThat(nodes.mesh("laptop").view().figures(nodes.nowMillis).conflicts24h()).isOne();
  }

  @Test
  void userTriggersDoNotRunForAPeersRows() {
    pair(
        "CREATE TABLE doc (id INTEGER PRIMARY KEY, body TEXT, edits INTEGER DEFAULT 0)",
        "CREATE TRIGGER bump AFTER UPDATE OF body ON doc BEGIN"
            + " UPDATE doc SET edits = edits + 1 WHERE id = NEW.id; END");
    nodes
        .app("laptop")
        .run(
            "CREATE TRIGGER bump AFTER UPDATE OF body ON doc BEGIN"
                + " UPDATE doc SET edits = edits + 1 WHERE id = NEW.id; END");
    nodes.app("vps").run("INSERT INTO doc (id, body) VALUES (1, 'x')");
    nodes.sync("vps", "laptop");
    nodes.app("vps").run("UPDATE doc SET body = 'y'");
    nodes.sync("vps", "laptop");
    nodes.sync("vps", "laptop");
    assertThat(nodes.app("laptop").one("SELECT edits FROM doc")).isEqualTo("1");
    assertSame("doc");
    nodes.app("laptop").run("UPDATE doc SET body = 'z'");
    nodes.sync("vps", "laptop");
    assertThat(nodes.app("vps").one("SELECT edits FROM doc")).isEqualTo("2");
  }
}
