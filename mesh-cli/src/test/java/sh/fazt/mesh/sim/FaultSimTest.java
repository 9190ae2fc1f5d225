package sh.fazt.mesh.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sh.fazt.mesh.commands.FaztProcess;
import sh.fazt.mesh.commands.SqliteFile;
import sh.fazt.mesh.output.Json;

/**
 * The disk fails under a running daemon while programs write on both sides. The daemon stays, tells
 * nobody what is not so, and goes on by itself when the fault ends.
 */
final class FaultSimTest {
  private static final long SEED = Long.getLong("sim.seed", 1);
  private static final Duration RECOVERY = Duration.ofSeconds(10);

  @TempDir private Path folder;
  private final Random chance = new Random(SEED);
  private final CrashJudge judge = new CrashJudge();
  private final List<CrashNode> nodes = new ArrayList<>();
  private Faults faults;
  private CrashApp.Habit habit;
  private int started;

  private void twoNodes() throws Exception {
    Optional<Path> library = Faults.build(folder);
    assumeTrue(library.isPresent(), "gcc is not installed");
    assumeTrue(CrashApp.isPossible(), "python3 is not installed");
    habit = new CrashApp.Habit(CrashApp.script(folder), 40, false);
    Path control = folder.resolve("control");
    faults = Faults.steering(control);
    FaztProcess fazt = new FaztProcess(folder);
    nodes.add(new CrashNode(fazt, "vps"));
    nodes.add(
        new CrashNode(
            new FaztProcess(folder, Faults.environment(library.get(), control)), "laptop"));
    vps().file().run(CrashSim.TABLES);
    new CrashGuests(fazt).pair(vps(), laptop());
  }

  private CrashNode vps() {
    return nodes.get(0);
  }

  private CrashNode laptop() {
    return nodes.get(1);
  }

  @AfterEach
  void end() throws Exception {
    for (CrashNode node : nodes) {
      node.kill();
    }
  }

  @Test
  void daemonGoesOnWhenTheFaultEnds() throws Exception {
    twoNodes();
    System.out.printf("seed %d%n", SEED);
    for (Faults.Fault fault : Faults.Fault.values()) {
      for (long count : new long[] {1, Faults.ALL}) {
        endure(fault, count, "laptop.db");
      }
    }
  }

  /** Nothing is signed that could be signed again under the same number. */
  @Test
  void nothingLeavesWhileTheHighWaterMarkCannotBeWritten() throws Exception {
    twoNodes();
    for (Faults.Fault fault : List.of(Faults.Fault.WRITE_ENOSPC, Faults.Fault.OPEN_EIO)) {
      endure(fault, Faults.ALL, "high-water");
    }
  }

  private void endure(Faults.Fault fault, long count, String name) throws Exception {
    List<CrashApp> apps = new ArrayList<>();
    for (CrashNode node : nodes) {
      String app = "w" + ++started;
      apps.add(CrashApp.start(habit, node.file(), app, chance.nextLong()));
    }
    LockSupport.parkNanos(chance.nextInt(200_000_000));
    faults.arm(fault, 1 + chance.nextInt(12), count, name);
    LockSupport.parkNanos(300_000_000 + chance.nextInt(500_000_000));
    requireTruth();
    for (CrashApp app : apps) {
      CrashNode.await("the program has written", CrashNode.PATIENCE, app::isFinished);
      judge.expect(app.kill());
    }
    requireMarked();
    long failed = faults.failed();
    faults.heal();
    assertThat(laptop().isAlive()).as(fault + "\n" + laptop().lastWords()).isTrue();
    List<String> wrong = new ArrayList<>();
    long millis;
    try {
      millis =
          CrashNode.await(fault + " is over", RECOVERY, () -> CrashJudge.areLevel(nodes, wrong));
    } catch (AssertionError e) {
      throw new AssertionError(fault + " " + wrong + "\n" + laptop().lastWords(), e);
    }
    for (CrashNode node : nodes) {
      assertThat(judge.complaints(node.file())).isEmpty();
      assertThat(CrashJudge.incarnations(node.file())).isEqualTo(1);
    }
    System.out.printf(
        "%s %s, %d calls failed: level after %d ms%n",
        fault, count == 1 ? "once" : "until healed", failed, millis);
  }

  /** What the daemon says to be elsewhere is there. */
  private void requireTruth() throws Exception {
    String key = "probe-" + ++started;
    SqliteFile file = laptop().file();
    file.run("INSERT INTO items VALUES ('" + key + "', 'told', 1)");
    judge.expect(Map.of(key, "told|1|integer"));
    Json.Obj wish = Json.object().with("timeout_ms", 500L).with("wait", 1L);
    Optional<Json.Obj> answer = laptop().ask("sync", wish);
    if (answer.filter(told -> told.whole("reached") > 0).isPresent()) {
      assertThat(vps().file().rows(CrashJudge.ROWS_OF + "'" + key + "'")).as(key).hasSize(1);
    }
  }

  private void requireMarked() throws Exception {
    String mark = Files.readString(folder.resolve("laptop.db.mesh").resolve("high-water"));
    long marked = Long.parseLong(mark.strip().split(" ", -1)[1]);
    String known =
        """
        SELECT coalesce(max(head_seq), 0) FROM _mesh_site
        WHERE node <> (SELECT value FROM _mesh_meta WHERE name = 'NODE')""";
    assertThat(Long.parseLong(vps().file().rows(known).get(0))).isLessThanOrEqualTo(marked);
  }
}
