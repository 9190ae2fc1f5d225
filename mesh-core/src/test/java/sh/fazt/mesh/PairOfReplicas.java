package sh.fazt.mesh;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;

/** What tests with a "vps" and a "laptop" share. */
abstract class PairOfReplicas {
  private static final int PIECE_BYTES = 1_000;

  @TempDir Path folder;
  TestNodes nodes;

  @BeforeEach
  void setUp() {
    nodes = new TestNodes(folder, 1);
  }

  @AfterEach
  void tearDown() {
    nodes.close();
  }

  /** A founder with these tables and rows, and a joiner that has them too. */
  void pair(String... statements) {
    nodes.database("vps", statements);
    nodes.found("vps");
    nodes.join("laptop", "vps");
    sync();
  }

  void vps(String... statements) {
    nodes.nowMillis += 10;
    nodes.app("vps").run(statements);
  }

  void laptop(String... statements) {
    nodes.nowMillis += 10;
    nodes.app("laptop").run(statements);
  }

  /** Carries both ways until both hold the same, and once more, so that nothing is under way. */
  void sync() {
    nodes.nowMillis += 10;
    nodes.sync("vps", "laptop");
    nodes.sync("vps", "laptop");
  }

  /** Takes the state of one node into another, in small pieces. */
  void rebase(String from, String to) {
    try (SnapshotSource source = nodes.mesh(from).snapshot().orElseThrow();
        Rebase rebase = nodes.mesh(to).rebase()) {
      for (Bytes next = source.next(PIECE_BYTES);
          !next.isEmpty();
          next = source.next(PIECE_BYTES)) {
        rebase.take(next);
      }
      boolean more = true;
      while (more) {
        more = rebase.merge();
      }
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
    while (nodes.mesh(to).hasMore()) {
      nodes.mesh(to).harvest();
    }
  }

  void assertSame(String table) {
    assertThat(nodes.app("laptop").exact(table)).isEqualTo(nodes.app("vps").exact(table));
  }

  List<String> rows(String name, String sql) {
    return nodes.app(name).column(sql);
  }

  MeshView.Figures figures(String name) {
    return nodes.mesh(name).view().figures(nodes.nowMillis);
  }

  long conflicts(String name) {
    return figures(name).conflicts24h();
  }

  void assertNothingWaits() {
    for (String name : List.of("vps", "laptop")) {
      assertThat(figures(name).aside()).as("aside on " + name).isZero();
      assertThat(figures(name).parked()).as("parked on " + name).isZero();
      assertThat(figures(name).untaken()).as("untaken on " + name).isZero();
    }
  }
}
