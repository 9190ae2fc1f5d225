package sh.fazt.mesh.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sh.fazt.mesh.delta.Head;

/**
 * Whole nodes in simulated time that trim their logs as soon as they may: writes and faults, then
 * time for all to say what they show and to trim, then more of both. More seeds by {@code
 * -Dsim.trims}. The rules themselves are broken on purpose in {@code TrimmingTest} and {@code
 * RebaseTest}.
 */
final class TrimSimTest {
  private static final int SEEDS = Integer.getInteger("sim.trims", 4);
  private static final long SEED = Long.getLong("sim.seed", 1L);
  private static final long MINUTE = 60_000;
  private static final long DAY = 24 * 60 * MINUTE;
  private static final int STORMS = 3;

  @RegisterExtension final SimFolder folder = new SimFolder();

  private static void keepNothing(SimWorld world) {
    world.nodes.forEach(node -> node.mesh().keepLog(OptionalLong.of(0)));
  }

  private static long trimmed(SimNode node) {
    return node.mesh().floors().heads().values().stream().mapToLong(Head::seq).sum();
  }

  @Test
  void allEndEqualThoughTheLogIsTrimmedInBetween() {
    for (long seed = SEED; seed < SEED + SEEDS; seed++) {
      SimPlan plan = SimPlan.of(seed, 4, 120);
      try (SimWorld world = folder.world(plan)) {
        world.storm();
        for (int i = 0; i < STORMS; i++) {
          world.settle();
          keepNothing(world);
          world.time.run(30 * MINUTE);
          for (SimNode node : world.nodes) {
            assertThat(trimmed(node)).as("trimmed by node %d of %s", node.index, plan).isPositive();
          }
          world.stormAgain();
        }
        world.settle();
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError(plan + ": " + e.getMessage(), e);
      }
    }
  }

  /** Waits until all are equal; the clocks stay as they are. */
  private static void awaitEqual(SimWorld world) {
    long end = world.time.nowMillis() + SimWorld.ROUNDS_MAX * SimWorld.ROUND_MILLIS;
    Optional<String> difference = world.judge.difference(world.nodes);
    while (difference.isPresent()) {
      if (world.time.nowMillis() > end) {
        throw new AssertionError(difference.get() + "\n" + world.time.story());
      }
      world.time.run(250);
      difference = world.judge.difference(world.nodes);
    }
  }

  private static void writes(SimWorld world, SimNode node) {
    for (int i = 0; i < 20; i++) {
      node.app.write();
      node.wake();
      world.time.run(1_000);
    }
  }

  /** Node 2 is away for 91 days, and is written to; the others go on and trim. */
  @Test
  void whoComesBackAfterTheHorizonTakesTheStateOfAnother() {
    try (SimWorld world = folder.world(SimPlan.plain(11, 3, 60))) {
      world.run();
      keepNothing(world);
      world.time.run(15 * MINUTE);
      SimNode away = world.nodes.get(2);
      away.stop();
      writes(world, away);
      writes(world, world.nodes.get(0));
      writes(world, world.nodes.get(1));
      world.time.run(MINUTE);
      long before = trimmed(world.nodes.get(0));
      world.nodes.forEach(node -> node.offMillis = 91 * DAY);
      writes(world, world.nodes.get(1));
      world.time.run(30 * MINUTE);
      assertThat(trimmed(world.nodes.get(0))).isGreaterThan(before);
      away.start();
      awaitEqual(world);
      world.judge.end(world.nodes);
      assertThat(trimmed(away)).isPositive();
    }
  }

  /** While a member is away for less than that, nothing goes that it lacks. */
  @Test
  void whoComesBackBeforeTheHorizonFindsAllBatches() {
    try (SimWorld world = folder.world(SimPlan.plain(12, 3, 60))) {
      world.run();
      keepNothing(world);
      world.time.run(30 * MINUTE);
      SimNode away = world.nodes.get(2);
      away.stop();
      long before = trimmed(world.nodes.get(0));
      writes(world, world.nodes.get(0));
      writes(world, world.nodes.get(1));
      world.nodes.forEach(node -> node.offMillis = 80 * DAY);
      world.time.run(30 * MINUTE);
      // But for what was the last batch of each of the two that wrote: the one away has had it.
      assertThat(trimmed(world.nodes.get(0))).isBetween(before, before + 2);
      away.start();
      awaitEqual(world);
      world.judge.end(world.nodes);
    }
  }
}
