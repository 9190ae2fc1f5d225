package sh.fazt.mesh;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** What tests with three nodes share, of which the outer two meet through the middle one alone. */
abstract class ChainOfReplicas {
  @TempDir Path folder;
  TestNodes nodes;
  private final String first;
  private final String middle;
  private final String last;

  ChainOfReplicas(String first, String middle, String last) {
    this.first = first;
    this.middle = middle;
    this.last = last;
  }

  @BeforeEach
  void setUp() {
    nodes = new TestNodes(folder, 1);
  }

  @AfterEach
  void tearDown() {
    nodes.close();
  }

  /** The first founds with these tables and rows, and the others join. */
  void chain(String... statements) {
    nodes.database(first, statements);
    nodes.found(first);
    nodes.join(middle, first);
    nodes.sync(first, middle);
    nodes.join(last, middle);
    sync();
  }

  /** Carries along the chain and back until all hold the same. */
  void sync() {
    for (int round = 0; round < 2; round++) {
      nodes.nowMillis += 10;
      nodes.sync(first, middle);
      nodes.sync(middle, last);
    }
    nodes.sync(first, middle);
  }
}
