package sh.fazt.mesh.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sh.fazt.mesh.commands.FaztProcess;

/**
 * Power cuts of a node whose applications do not wait for the disk: committed transactions vanish
 * from its file. What had reached the other node comes back, and no number is used twice.
 */
final class TornLogTest {
  private static final List<TornLog.Tear> TEARS = List.of(TornLog.Tear.values());
  private static final long SEED = Long.getLong("sim.seed", 1);
  private static final int CUTS = 6;

  @TempDir private Path folder;
  private final Random chance = new Random(SEED);
  private final CrashJudge judge = new CrashJudge();
  private final List<CrashNode> nodes = new ArrayList<>();
  private final List<String> names = new ArrayList<>();

  @AfterEach
  void end() throws Exception {
    for (CrashNode node : nodes) {
      node.kill();
    }
  }

  @Test
  void whatReachedThePeerComesBackAfterAPowerCut() throws Exception {
    assumeTrue(CrashApp.isPossible(), "python3 is not installed");
    FaztProcess fazt = new FaztProcess(folder);
    CrashApp.Habit habit = new CrashApp.Habit(CrashApp.script(folder), 400, false);
    CrashNode vps = new CrashNode(fazt, "vps");
    CrashNode laptop = new CrashNode(fazt, "laptop");
    nodes.addAll(List.of(vps, laptop));
    vps.file().run(CrashSim.TABLES);
    new CrashGuests(fazt).pair(vps, laptop);
    System.out.printf("seed %d%n", SEED);
    int older = 0;
    for (int cut = 0; cut < CUTS; cut++) {
      String name = "w" + cut;
      names.add(name);
      CrashApp app = CrashApp.start(habit, laptop.file(), name, chance.nextLong());
      long before = CrashJudge.ownSeq(laptop.file());
      CrashNode.await("it signs", CrashNode.PATIENCE, () -> hasSigned(laptop, before));
      LockSupport.parkNanos(200_000_000 + chance.nextInt(1_500_000_000));
      laptop.kill();
      app.die();
      TornLog.Tear tear = TEARS.get(cut % TEARS.size());
      long lost = TornLog.tear(laptop.path(), tear, chance);
      older += recover(vps, laptop) ? 1 : 0;
      System.out.printf("%s of %d bytes; %d times older than its mark%n", tear, lost, older);
    }
    assertThat(older).as("cuts after which the node was older than its mark").isPositive();
  }

  /** Returns whether the database was older than the mark. */
  private boolean recover(CrashNode vps, CrashNode laptop) throws Exception {
    Map<String, String> reached = CrashJudge.itemsOf(vps.file(), names);
    Map<String, String> kept = CrashJudge.itemsOf(laptop.file(), names);
    assertThat(laptop.file().rows("PRAGMA integrity_check")).containsExactly("ok");
    long before = CrashJudge.ownIncarnation(laptop.file());
    boolean older = isBehindItsMark(laptop, before);
    assertThat(judge.complaints(vps.file())).isEmpty();
    laptop.start();
    laptop.awaitServing();
    List<String> wrong = new ArrayList<>();
    try {
      CrashNode.await(
          "both are level", CrashNode.PATIENCE, () -> CrashJudge.areLevel(nodes, wrong));
    } catch (AssertionError e) {
      throw new AssertionError(wrong + "\n" + laptop.lastWords() + vps.lastWords(), e);
    }
    for (CrashNode node : nodes) {
      assertThat(judge.complaints(node.file())).isEmpty();
    }
    assertThat(CrashJudge.ownIncarnation(laptop.file())).isEqualTo(older ? before + 1 : before);
    Map<String, String> after = CrashJudge.itemsOf(laptop.file(), names);
    reached.forEach(
        (key, state) -> {
          String found = after.getOrDefault(key, CrashApp.ABSENT);
          // What was written there before the cut, and not sent, is newer.
          assertThat(found).as(key).isIn(state, kept.getOrDefault(key, CrashApp.ABSENT));
        });
    return older;
  }

  private static boolean hasSigned(CrashNode node, long before) {
    try {
      return CrashJudge.ownSeq(node.file()) > before;
    } catch (SQLException e) {
      return false;
    }
  }

  private boolean isBehindItsMark(CrashNode node, long incarnation) throws Exception {
    Path file = folder.resolve(node.name() + ".db.mesh").resolve("high-water");
    if (!Files.exists(file)) {
      return false;
    }
    String[] mark = Files.readString(file).strip().split(" ", -1);
    return Long.parseLong(mark[0]) > incarnation
        || Long.parseLong(mark[1]) > CrashJudge.ownSeq(node.file());
  }
}
