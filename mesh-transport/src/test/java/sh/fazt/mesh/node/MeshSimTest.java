package sh.fazt.mesh.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.frame.MessageCodec;
import sh.fazt.mesh.gossip.Batch;

/**
 * Meshes of whole nodes, each the code of a real one over a real file, in simulated time: programs
 * write at random while links lose, stall and break, networks part, also one way, machines die,
 * clocks jump, files are put back, disks fill up and fail, and a program keeps the write lock. In
 * every second world nodes join and leave, are removed and get other roles meanwhile; in four of
 * twelve a member with a valid key lies. Then all faults end, and all must be equal within three
 * rounds of anti-entropy. The seed repeats everything.
 *
 * <p>More by {@code scripts/sim mesh --seeds N --nodes K --statements M}. Checked by breaking what
 * it checks: with batches that are shown before what their authors had seen, stamps of lives that
 * depend on the order of arrival, or signatures, the chain of hashes or authors left unchecked, it
 * fails.
 */
final class MeshSimTest {
  private static final int SEEDS = Integer.getInteger("sim.seeds", 40);
  private static final int NODES = Integer.getInteger("sim.nodes", 5);
  private static final int STATEMENTS = Integer.getInteger("sim.statements", 2_000);
  private static final long SEED = Long.getLong("sim.seed", 1L);
  private static final int ROUNDS_MAX = 3;

  /** In so many worlds all of these are met. */
  private static final int SEEDS_OF_ALL_KINDS = 100;

  private static final String[] KINDS = {
    "clocks set wrong",
    "crashes",
    "disk errors",
    "disks with little room",
    "files put back",
    "full disks met",
    "joined",
    "key folders that fail",
    "kills",
    "left",
    "lies: cut off",
    "lies: flipped",
    "lies: flood",
    "lies: flipped batch",
    "lies: forged content",
    "lies: forged signature",
    "lies: invented batch",
    "lies: not following",
    "lies: of a stranger",
    "lies: of another mesh",
    "lies: of one removed",
    "lies: oversize",
    "lies: replayed",
    "lies: signed twice",
    "locks waited for in vain",
    "removed",
    "roles given",
    "splits",
    "splits one way",
    "starts put off",
    "stops"
  };

  @RegisterExtension final SimFolder folder = new SimFolder();
  @TempDir private Path copies;

  @Test
  @Timeout(value = 24, unit = TimeUnit.HOURS)
  void allEndEqualOnceTheFaultsAreOver() {
    SimSeeds seeds =
        new SimSeeds(seed -> run(SimPlan.of(seed, NODES, STATEMENTS)), System.out::println);
    List<SimFigures> all = seeds.run(SEED, SEEDS);
    System.out.println(SimFigures.summary(all));
    assertThat(all).hasSize(SEEDS);
    assertThat(all).allMatch(each -> each.rounds() <= ROUNDS_MAX);
    if (SEEDS >= SEEDS_OF_ALL_KINDS) {
      assertThat(SimFigures.counts(all)).as("what went wrong").containsKeys(KINDS);
    }
  }

  private SimFigures run(SimPlan plan) {
    try (SimWorld world = folder.world(plan)) {
      return world.run();
    }
  }

  @Test
  void oneSeedHasOneTrace() {
    SimPlan plan = SimPlan.of(45, 4, 300);
    SimPlan another = SimPlan.of(46, 4, 300);
    SimFigures first = run(plan);
    assertThat(run(plan)).isEqualTo(first);
    assertThat(run(another).trace()).isNotEqualTo(first.trace());
  }

  /** A world in which all is well, to be spoilt. */
  private SimWorld calm() {
    SimWorld world = folder.world(SimPlan.plain(5, 3, 160));
    world.run();
    return world;
  }

  /** Writes to a node's file behind the mesh's back, so that no trigger tells of it. */
  private static void spoil(SimNode node, String... statements) {
    node.app.run("BEGIN");
    node.app.run("INSERT INTO _mesh_applying DEFAULT VALUES");
    for (String each : statements) {
      node.app.run(each);
    }
    node.app.run("DELETE FROM _mesh_applying");
    node.app.run("COMMIT");
  }

  private static void assertFoundOut(SimWorld world, String what) {
    assertThatThrownBy(() -> world.judge.end(world.nodes))
        .isInstanceOf(SimJudge.Broken.class)
        .hasMessageContaining(what);
  }

  @Test
  void whatOfTheMeshIsLeftBehindIsFoundOut() {
    try (SimWorld world = calm()) {
      SimNode node = world.nodes.get(1);
      var tables = world.judge.tables(node);
      assertThatThrownBy(() -> world.judge.left(node, tables))
          .isInstanceOf(SimJudge.Broken.class)
          .hasMessageContaining("has left, and still has");
      node.leave();
      world.judge.left(node, tables);
      node.app.run("DELETE FROM tale");
      assertThatThrownBy(() -> world.judge.left(node, tables))
          .hasMessageContaining("has left without all its rows");
    }
  }

  private static boolean isBatch(Bytes frame) {
    try {
      return MessageCodec.decode(frame) instanceof Batch;
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void batchThatNeverArrivesIsFoundOut() {
    SimPlan plan = SimPlan.plain(6, 2, 20);
    try (SimWorld world = folder.world(plan)) {
      world.network.swallowed = MeshSimTest::isBatch;
      assertThatThrownBy(world::run).hasMessageContaining("not equal after 10 rounds");
    }
  }

  @Test
  void batchThatIsDeliveredAndNotShownIsFoundOut() {
    try (SimWorld world = calm()) {
      spoil(world.nodes.get(1), "DELETE FROM tale WHERE rowid = (SELECT max(rowid) FROM tale)");
      assertFoundOut(world, "tale differs between nodes 0 and 1");
    }
  }

  @Test
  void tornTransactionIsFoundOut() {
    try (SimWorld world = calm()) {
      spoil(world.nodes.get(1), "UPDATE whole SET tag = 't0' WHERE part = 1");
      assertFoundOut(world, "a part of a transaction");
    }
  }

  @Test
  void effectWithoutItsCauseIsFoundOut() {
    try (SimWorld world = calm()) {
      spoil(world.nodes.get(2), "INSERT INTO tale VALUES ('n7:1', 'n8:1')");
      assertFoundOut(world, "an effect without its cause");
    }
  }

  @Test
  void rowThatComesBackIsFoundOut() {
    try (SimWorld world = calm()) {
      world.ledger.buriedAt(1).add("b0");
      spoil(world.nodes.get(1), "INSERT INTO shared (id, born) VALUES ('k99', 'b0')");
      assertFoundOut(world, "deleted here, and back in shared");
    }
  }

  @Test
  void whatNobodyWroteIsFoundOut() {
    try (SimWorld world = calm()) {
      for (SimNode node : world.nodes) {
        spoil(node, "INSERT INTO shared (id, born, a) VALUES ('k99', NULL, 'from nowhere')");
      }
      assertFoundOut(world, "nobody wrote shared/k99/a=text:from nowhere");
    }
  }

  /** Its file was put back, which nobody has told the judge. */
  @Test
  void whoIsSaidToHaveSignedTwiceIsFoundOut() {
    try (SimWorld world = calm()) {
      SimNode node = world.nodes.get(1);
      node.copyTo(copies);
      writeOwn(world, node, "before");
      world.nodes.forEach(each -> each.crash(false));
      node.putBack(copies);
      node.start();
      writeOwn(world, node, "after");
      assertThatThrownBy(world::settle)
          .isInstanceOf(SimJudge.Broken.class)
          .hasMessageContaining("holds that n1 has signed twice");
    }
  }

  private static void writeOwn(SimWorld world, SimNode node, String key) {
    node.app.run("INSERT INTO own VALUES ('" + key + "', 1, 1)");
    node.wake();
    world.time.run(5_000);
  }

  @Test
  void writeThatIsLostEverywhereIsFoundOut() {
    try (SimWorld world = calm()) {
      for (SimNode node : world.nodes) {
        spoil(node, "DELETE FROM own WHERE id = (SELECT max(id) FROM own)");
      }
      assertFoundOut(world, "in place of");
    }
  }

  @Test
  void rowOfTheTaleThatIsLostEverywhereIsFoundOut() {
    try (SimWorld world = calm()) {
      world.ledger.told.add("n0:1000");
      assertFoundOut(world, "rows of tale are lost: [n0:1000]");
    }
  }
}
