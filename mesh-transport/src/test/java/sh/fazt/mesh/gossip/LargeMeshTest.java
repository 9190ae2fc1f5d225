package sh.fazt.mesh.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.LongSummaryStatistics;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.clock.Dot;

/**
 * Very many engines without databases: how far, how often and with how many bytes a batch travels.
 * Once who is linked to whom is given, a ring and links across it at random; once the engines
 * choose their neighbours. More by {@code scripts/sim gossip --nodes N --seed S}.
 */
final class LargeMeshTest {
  private static final int NODES = Integer.getInteger("sim.nodes", 1_000);
  private static final long SEED = Long.getLong("sim.seed", 1L);

  /** Links that each node makes across the ring. */
  private static final int CHORDS = 2;

  private static final int BATCH_BYTES = 500;
  private static final int WRITES = 10;

  private final World world = new World(SEED);

  private void link() {
    IntStream.range(0, NODES).forEach(i -> world.node(GossipConfig.standard()));
    for (int i = 0; i < NODES; i++) {
      world.edge(i, (i + 1) % NODES);
      for (int chord = 0; chord < CHORDS; chord++) {
        world.edge(i, (i + 2 + world.random.nextInt(NODES - 3)) % NODES);
      }
    }
    world.run(5_000);
  }

  /** One batch of a node's, until everything about it is said. */
  private Dot write(SimNode author, long millis) {
    author.write(BATCH_BYTES);
    world.run(millis);
    assertThat(world.isLevel()).as("whether all were reached").isTrue();
    return new Dot(author.site, author.log.summary().heads().get(author.site).seq());
  }

  private String measured(String what, List<Dot> dots, long bytes) {
    LongSummaryStatistics hops = new LongSummaryStatistics();
    LongSummaryStatistics copies = new LongSummaryStatistics();
    LongSummaryStatistics millis = new LongSummaryStatistics();
    for (Dot dot : dots) {
      long written = world.nodes.get(0).deliveredAt.get(dot);
      for (SimNode node : world.nodes) {
        written = Math.min(written, node.deliveredAt.get(dot));
      }
      for (SimNode node : world.nodes) {
        hops.accept(node.counts.hops.get(dot));
        copies.accept(node.counts.copies.getOrDefault(dot, 0));
        millis.accept(node.deliveredAt.get(dot) - written);
      }
    }
    return String.format(
        Locale.ROOT,
        "%s: hops %.1f, at most %d; copies %.2f, at most %d; ms %.0f, at most %d; bytes a node %.0f",
        what,
        hops.getAverage(),
        hops.getMax(),
        copies.getAverage(),
        copies.getMax(),
        millis.getAverage(),
        millis.getMax(),
        (double) bytes / NODES / dots.size());
  }

  /** The bars for a mesh of a thousand. */
  private static final int HOPS_MAX = 12;

  private static final int COPIES_MAX = 2;

  @Test
  void whatOneNodeWritesReachesAThousand() {
    link();
    System.out.println(NODES + " nodes, " + (2 + 2 * CHORDS) + " links each");
    measure();
  }

  @Test
  void whatOneNodeWritesReachesAThousandThatChooseTheirNeighbours() {
    IntStream.range(0, NODES).forEach(i -> world.node(GossipConfig.standard()));
    world.linkWhoSeek();
    world.run(20_000);
    LongSummaryStatistics links = world.links();
    System.out.printf(
        Locale.ROOT,
        "%d nodes that choose their neighbours: %.1f links a node, at most %d%n",
        NODES,
        links.getAverage(),
        links.getMax());
    measure();
    for (SimNode node : world.nodes) {
      assertThat(node.counts.hops.values()).allMatch(hops -> hops <= HOPS_MAX);
      assertThat(node.counts.copies.values()).allMatch(copies -> copies <= COPIES_MAX);
    }
  }

  private void measure() {
    SimNode author = world.nodes.get(0);
    long before = world.bytes();
    Dot first = write(author, 5_000);
    System.out.println(measured("first batch", List.of(first), world.bytes() - before));
    before = world.bytes();
    List<Dot> later = IntStream.range(0, WRITES).mapToObj(i -> write(author, 1_000)).toList();
    System.out.println(measured("later batches", later, world.bytes() - before));
    assertThat(world.nodes).allMatch(node -> node.counts.hops.size() == 1 + WRITES);
  }
}
