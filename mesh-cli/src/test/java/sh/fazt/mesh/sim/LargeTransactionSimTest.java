package sh.fazt.mesh.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sh.fazt.mesh.commands.FaztProcess;

/**
 * One transaction writes very many rows, with small heaps on both sides: all of it arrives, and
 * programs with the busy timeout that the README advises are refused nothing meanwhile.
 */
final class LargeTransactionSimTest {
  private static final int ROWS = Integer.getInteger("sim.rows", 20_000);
  private static final int HEAP = Integer.getInteger("sim.heap", 40);
  private static final Duration PATIENCE = Duration.ofSeconds(60 + ROWS / 500);

  private static final String NOTES =
      "CREATE TABLE notes (id TEXT PRIMARY KEY, text TEXT, number INTEGER, part REAL, tag TEXT,"
          + " note TEXT)";

  private static final String INSERT =
      """
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)
      INSERT INTO notes
      SELECT hex(randomblob(8)), 'text number ' || i, i, i / 7.0, 'tag' || i %% 10, NULL FROM n""";

  @TempDir private Path folder;
  private CrashNode author;
  private CrashNode receiver;

  private void twoNodes() throws Exception {
    FaztProcess fazt = new FaztProcess(folder, Map.of("_JAVA_OPTIONS", "-Xmx" + HEAP + "m"));
    author = new CrashNode(fazt, "author");
    receiver = new CrashNode(fazt, "receiver");
    author.file().run(NOTES + ";" + Bystander.TABLE);
    new CrashGuests(fazt).pair(author, receiver);
  }

  @AfterEach
  void end() throws Exception {
    author.kill();
    receiver.kill();
  }

  @Test
  void allOfItGoesThroughASmallHeapAndOthersMayWriteMeanwhile() throws Exception {
    System.out.printf("scripts/sim large --rows %d, heap of %d MB%n", ROWS, HEAP);
    twoNodes();
    act("insert", INSERT.formatted(ROWS));
    act("update", "UPDATE notes SET text = text || '!', note = tag");
    act("delete", "DELETE FROM notes WHERE number % 10 = 0");
    deleteAll();
    for (CrashNode node : List.of(author, receiver)) {
      assertThat(Files.readString(node.log())).doesNotContain("ERROR", "OutOfMemory");
      assertThat(node.file().rows("PRAGMA integrity_check")).containsExactly("ok");
      System.out.println(node.name() + " " + node.memory());
    }
  }

  /** Runs one statement on the author's side and waits until both sides show it. */
  private void act(String what, String statement) throws Exception {
    try (Bystander there = new Bystander(receiver, what + " there ")) {
      author.file().run(statement);
      try (Bystander here = new Bystander(author, what + " here ")) {
        long millis = CrashNode.await(what + " arrives", PATIENCE, this::areEqual);
        report(what, millis, List.of(here, there));
      }
    }
    CrashNode.await("the author is level", PATIENCE, author::isInSync);
    CrashNode.await("the receiver is level", PATIENCE, receiver::isInSync);
    requireEqual();
  }

  /** Deletes everything, which waits for a word of the owners'. */
  private void deleteAll() throws Exception {
    String count = "SELECT count(*) FROM notes";
    List<String> before = receiver.file().rows(count);
    author.file().run("DELETE FROM notes");
    try (Bystander here = new Bystander(author, "deleted here ");
        Bystander there = new Bystander(receiver, "deleted there ")) {
      long millis = CrashNode.await("the deletes wait", PATIENCE, () -> isHeld(author));
      report("wait here", millis, List.of(here, there));
      assertThat(receiver.file().rows(count)).isEqualTo(before);
      author.run("mesh allow --yes --db author.db", PATIENCE).succeeds();
      millis = CrashNode.await("the deletes wait there", PATIENCE, () -> isHeld(receiver));
      report("wait there", millis, List.of(here, there));
      receiver.run("mesh allow --yes --db receiver.db", PATIENCE).succeeds();
      millis = CrashNode.await("all is deleted", PATIENCE, this::areEqual);
      report("allowed", millis, List.of(here, there));
    }
    assertThat(receiver.file().rows(count)).containsExactly("0");
  }

  private static boolean isHeld(CrashNode node) {
    return node.status().filter(status -> status.text("verdict").equals("held")).isPresent();
  }

  private boolean areEqual() {
    String sum = "SELECT count(*), total(length(text)), total(length(note)) FROM notes";
    try {
      return author.file().rows(sum).equals(receiver.file().rows(sum));
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private void requireEqual() throws SQLException {
    try (Connection both = author.file().open();
        Statement statement = both.createStatement()) {
      statement.execute("ATTACH '" + receiver.path() + "' AS there");
      for (String more :
          List.of(
              "main.notes EXCEPT SELECT * FROM there", "there.notes EXCEPT SELECT * FROM main")) {
        try (ResultSet rows =
            statement.executeQuery("SELECT count(*) FROM (SELECT * FROM " + more + ".notes)")) {
          assertThat(rows.getInt(1)).as(more).isZero();
        }
      }
    }
  }

  private static void report(String what, long millis, List<Bystander> bystanders) {
    System.out.printf("%s after %d ms%n", what, millis);
    for (Bystander bystander : bystanders) {
      System.out.println("  " + bystander.times());
      assertThat(bystander.refusals()).isEmpty();
    }
  }
}
