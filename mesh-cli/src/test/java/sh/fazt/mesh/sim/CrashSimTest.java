package sh.fazt.mesh.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sh.fazt.mesh.commands.SqliteFile;

/** Whatever is killed, and when: nothing acknowledged is lost, and all nodes end equal. */
final class CrashSimTest {
  private static final long SEED = Long.getLong("sim.seed", 1);
  private static final int KILLS = Integer.getInteger("sim.kills", 150);

  @TempDir private Path folder;

  @Test
  void killsLoseNothing() throws Exception {
    assumeTrue(CrashApp.isPossible(), "python3 is not installed");
    System.out.printf("scripts/sim crash --kills %d --seed %d%n", KILLS, SEED);
    try (CrashSim sim = new CrashSim(folder, line -> System.out.println(line))) {
      sim.run(KILLS, SEED);
    }
  }

  private SqliteFile database(String name, String... statements) throws Exception {
    SqliteFile file = new SqliteFile(folder.resolve(name));
    file.run(
        """
        CREATE TABLE items (id TEXT PRIMARY KEY, text TEXT, number);
        CREATE TABLE words (id TEXT PRIMARY KEY, word UNIQUE);
        CREATE TABLE blobs (id TEXT PRIMARY KEY, data BLOB);
        CREATE TABLE grows (id TEXT PRIMARY KEY);
        CREATE TABLE _mesh_site (number INTEGER PRIMARY KEY, node, incarnation);
        CREATE TABLE _mesh_batch (site, seq, hash);
        CREATE TABLE _mesh_fork (site, seq);
        CREATE TABLE _mesh_applying (flag);
        INSERT INTO _mesh_site VALUES (1, x'01', 1)""");
    file.run(String.join(";", statements));
    return file;
  }

  /** The judge is judged: it finds a row that is missing, or not as it was acknowledged. */
  @Test
  void lostRowIsFoundOut() throws Exception {
    CrashJudge judge = new CrashJudge();
    judge.expect(Map.of("a", "x|1|integer", "b", "y|2|integer", "c", CrashApp.ABSENT));
    SqliteFile whole = database("1", "INSERT INTO items VALUES ('a', 'x', 1), ('b', 'y', 2)");
    SqliteFile wrong = database("2", "INSERT INTO items VALUES ('b', 'y', '2'), ('c', 'z', 3)");
    assertThat(judge.complaints(whole)).isEmpty();
    assertThat(judge.complaints(wrong)).hasSize(3);
  }

  /** The judge is judged: it finds a number under which two nodes hold different batches. */
  @Test
  void numberUsedTwiceIsFoundOut() throws Exception {
    CrashJudge judge = new CrashJudge();
    assertThat(judge.complaints(database("1", "INSERT INTO _mesh_batch VALUES (1, 7, x'aa')")))
        .isEmpty();
    assertThat(judge.complaints(database("2", "INSERT INTO _mesh_batch VALUES (1, 7, x'bb')")))
        .singleElement()
        .asString()
        .contains("used twice");
    assertThat(judge.complaints(database("3", "INSERT INTO _mesh_fork VALUES (1, 7)"))).hasSize(1);
  }

  /** The judge is judged: it tells values apart by their class and their bytes. */
  @Test
  void unequalTablesAreFoundOut() throws Exception {
    SqliteFile one = database("1", "INSERT INTO items VALUES ('a', 'x', 1)");
    for (String other : List.of("('a', 'x', 1.0)", "('a', 'x', '1')", "('a', 'X', 1)")) {
      SqliteFile file = database(other, "INSERT INTO items VALUES " + other);
      assertThat(CrashJudge.differing(one, file)).as(other).hasSize(1);
    }
    assertThat(CrashJudge.differing(one, database("2"))).hasSize(1);
    assertThat(CrashJudge.differing(one, one)).isEmpty();
  }
}
