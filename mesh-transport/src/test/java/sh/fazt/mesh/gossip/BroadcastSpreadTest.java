package sh.fazt.mesh.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Applications' small messages in a simulated mesh. */
final class BroadcastSpreadTest {
  private static World world(long seed, int nodes) {
    World world = new World(seed);
    for (int i = 0; i < nodes; i++) {
      world.node(GossipConfig.standard());
    }
    world.nodes.forEach(SimNode::knowAll);
    return world;
  }

  private static List<String> texts(int count) {
    return IntStream.range(0, count).mapToObj(i -> "m" + i).toList();
  }

  private static void say(World world, SimNode node, int count) {
    for (int i = 0; i < count; i++) {
      node.say("m" + i);
      world.run(100);
    }
  }

  @Test
  void reachesTheEndOfALineOnceAndInOrder() {
    World world = world(1, 5);
    for (int i = 1; i < 5; i++) {
      world.edge(i - 1, i);
    }
    world.run(5_000);
    say(world, world.nodes.get(0), 20);
    world.run(2_000);
    for (SimNode node : world.nodes.subList(1, 5)) {
      assertThat(node.heard).isEqualTo(texts(20));
    }
    assertThat(world.nodes.get(0).heard).isEmpty();
  }

  @Test
  void inAFullMeshOfManyEachHearsItOnce() {
    World world = world(2, 12);
    world.fullMesh();
    world.run(5_000);
    for (SimNode node : world.nodes) {
      node.say("from " + node.key);
    }
    world.run(2_000);
    for (SimNode node : world.nodes) {
      assertThat(node.heard)
          .containsExactlyInAnyOrderElementsOf(
              world.nodes.stream()
                  .filter(other -> other != node)
                  .map(other -> "from " + other.key)
                  .toList());
    }
  }

  @Test
  void linksThatBreakCostSomeAndNeverOrderNorRepeat() {
    World world = world(3, 8);
    world.fullMesh();
    world.run(5_000);
    SimNode speaker = world.nodes.get(0);
    for (int i = 0; i < 300; i++) {
      speaker.say("m" + i);
      world.run(150);
      if (i % 3 == 0) {
        world.breakAnyLink();
      }
      if (i % 50 == 49) {
        world.restartAny();
        world.nodes.forEach(SimNode::knowAll);
      }
    }
    world.run(5_000);
    for (SimNode node : world.nodes.subList(1, 8)) {
      List<Integer> numbers =
          node.heard.stream().map(m -> Integer.parseInt(m.substring(1))).toList();
      assertThat(numbers).isSorted().doesNotHaveDuplicates().hasSizeGreaterThan(250);
      assertThat(node.engine().heldBytes()).isZero();
    }
  }
}
