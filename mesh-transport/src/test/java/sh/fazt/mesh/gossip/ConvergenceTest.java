package sh.fazt.mesh.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LongSummaryStatistics;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.clock.Dot;

/** Runs whole meshes of engines in simulated time. A failing seed is its own replay. */
final class ConvergenceTest {
  private static final GossipConfig CONFIG = GossipConfig.standard();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aCalmFullMeshSendsEachBatchOnceToEach(long seed) {
    World world = meshOf(seed, 8);
    world.fullMesh();
    world.run(3_000);
    writeCalmly(world, 200);
    world.run(1_000);
    assertThat(world.isLevel()).isTrue();
    assertThat(copies(world).getMax()).isLessThanOrEqualTo(2);
    assertThat(copies(world).getAverage()).isLessThanOrEqualTo(1.02);
    assertThat(slowest(world)).isLessThanOrEqualTo(100);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aLinePassesBatchesOnWithoutBeingAsked(long seed) {
    World world = meshOf(seed, 6);
    IntStream.range(1, 6).forEach(i -> world.edge(i - 1, i));
    world.run(3_000);
    writeCalmly(world, 200);
    world.run(1_000);
    assertThat(world.isLevel()).isTrue();
    assertThat(copies(world).getAverage()).isLessThanOrEqualTo(1.02);
    assertThat(slowest(world)).isLessThanOrEqualTo(1_000);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void aPartialMeshSendsFewCopies(long seed) {
    World world = meshOf(seed, 16);
    IntStream.range(0, 16).forEach(i -> world.edge(i, (i + 1) % 16));
    IntStream.range(0, 16).forEach(i -> world.edge(i, (i + 5) % 16));
    world.run(3_000);
    writeCalmly(world, 300);
    world.run(2_000);
    assertThat(world.isLevel()).isTrue();
    assertThat(copies(world).getAverage()).isLessThanOrEqualTo(1.3);
  }

  @Test
  void aNewcomerTakesEachBatchOnceFromSeveralPeers() {
    World world = meshOf(7, 4);
    world.fullMesh();
    for (int i = 0; i < 3_000; i++) {
      world.nodes.get(world.random.nextInt(4)).write(world.random.nextInt(3_000));
      world.run(2);
    }
    world.run(5_000);
    assertThat(world.isLevel()).isTrue();
    SimNode newcomer = world.node(CONFIG);
    IntStream.range(0, 4).forEach(i -> world.edge(4, i));
    world.run(10_000);
    assertThat(world.isLevel()).isTrue();
    assertThat(newcomer.counts.copies).hasSize(3_000);
    assertThat(newcomer.counts.copies.values()).allMatch(copies -> copies == 1);
    assertAtRest(world);
  }

  @Test
  void largeBatchesTravelInPartsAndOnlyWhenAsked() {
    World world = meshOf(9, 5);
    world.fullMesh();
    world.run(3_000);
    for (int i = 0; i < 20; i++) {
      world.nodes.get(i % 5).write(1 << (10 + i % 12));
      world.run(200);
    }
    world.run(5_000);
    assertThat(world.isLevel()).isTrue();
    assertThat(copies(world).getAverage()).isLessThanOrEqualTo(1.02);
    assertAtRest(world);
  }

  @ParameterizedTest
  @ValueSource(
      longs = {
        1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24
      })
  void lossPartitionsAndRestartsEndInEqualLogs(long seed) {
    World world = storm(seed);
    world.heal();
    world.run(2 * CONFIG.pace().antiEntropyMillis());
    assertThat(world.isLevel()).as("seed " + seed).isTrue();
    assertAtRest(world);
    assertThat(world.nodes)
        .allMatch(node -> node.reports.stream().noneMatch(ConvergenceTest::isComplaint));
  }

  @Test
  void oneSeedOneTrace() {
    assertThat(storm(42).trace()).isEqualTo(storm(42).trace());
    assertThat(storm(42).trace()).isNotEqualTo(storm(43).trace());
  }

  @Test
  void rosterOperationsReachEveryone() {
    World world = meshOf(5, 6);
    IntStream.range(1, 6).forEach(i -> world.edge(i - 1, i));
    world.nodes.get(0).addToRoster(Bytes.utf8("before"));
    world.run(2_000);
    world.partition(3);
    world.nodes.get(5).addToRoster(Bytes.utf8("one side"));
    world.nodes.get(0).addToRoster(Bytes.utf8("other side"));
    world.run(2_000);
    world.heal();
    world.run(2_000);
    world.nodes.get(2).addToRoster(Bytes.utf8("after"));
    world.run(500);
    assertThat(world.nodes).allMatch(node -> node.roster.size() == 4);
  }

  @Test
  void aQuietMeshIsNearlySilent() {
    World world = meshOf(3, 3);
    world.fullMesh();
    world.run(3_000);
    long before = world.messages();
    world.run(600_000);
    assertThat(world.messages() - before).isLessThanOrEqualTo(600 * 3);
  }

  private static World storm(long seed) {
    World world = meshOf(seed, 3 + (int) (seed % 5));
    int count = world.nodes.size();
    IntStream.range(0, count).forEach(i -> world.edge(i, (i + 1) % count));
    if (count > 4) {
      world.edge(0, 2);
      world.edge(1, 4);
    }
    for (int step = 0; step < 400; step++) {
      world.run(world.random.nextInt(100));
      switch (world.random.nextInt(40)) {
        case 0 -> world.breakAnyLink();
        case 1 -> world.restartAny();
        case 2 -> world.partition(1 + world.random.nextInt(count - 1));
        case 3 -> world.heal();
        default -> write(world);
      }
    }
    return world;
  }

  private static void write(World world) {
    int padding =
        world.random.nextInt(20) == 0 ? world.random.nextInt(2 << 20) : world.random.nextInt(2_000);
    world.nodes.get(world.random.nextInt(world.nodes.size())).write(padding);
  }

  private static void writeCalmly(World world, int batches) {
    for (int i = 0; i < batches; i++) {
      world.nodes.get(world.random.nextInt(world.nodes.size())).write(500);
      world.run(world.random.nextInt(60));
    }
  }

  private static World meshOf(long seed, int nodes) {
    World world = new World(seed);
    IntStream.range(0, nodes).forEach(i -> world.node(CONFIG));
    return world;
  }

  private static LongSummaryStatistics copies(World world) {
    return world.nodes.stream()
        .flatMap(node -> node.counts.copies.values().stream())
        .mapToLong(Integer::longValue)
        .summaryStatistics();
  }

  /** Milliseconds from the writing of a batch to its last delivery, at worst. */
  private static long slowest(World world) {
    long slowest = 0;
    for (SimNode node : world.nodes) {
      for (var entry : node.deliveredAt.entrySet()) {
        slowest = Math.max(slowest, entry.getValue() - written(world, entry.getKey()));
      }
    }
    return slowest;
  }

  private static long written(World world, Dot dot) {
    return world.nodes.stream()
        .filter(node -> node.site.equals(dot.site()))
        .mapToLong(node -> node.deliveredAt.get(dot))
        .findFirst()
        .orElseThrow();
  }

  private static void assertAtRest(World world) {
    for (SimNode node : world.nodes) {
      assertThat(node.engine().waitingBytes()).isZero();
      assertThat(node.openCursors()).isZero();
      assertThat(node.engine().peers()).allMatch(peer -> peer.ahead() == 0 && peer.behind() == 0);
    }
  }

  private static boolean isComplaint(Report report) {
    return report instanceof Report.Misbehaved
        || report instanceof Report.Forked
        || report instanceof Report.OwnPastLost
        || report instanceof Report.OwnPastUnproven;
  }
}
