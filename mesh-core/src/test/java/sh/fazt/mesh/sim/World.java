package sh.fazt.mesh.sim;

import java.nio.file.Path;
import java.util.Map;
import sh.fazt.mesh.TestNodes;

/**
 * A replica that programs write to, a peer that receives what they wrote, and a twin of the
 * replica's database that never heard of the mesh.
 */
final class World implements AutoCloseable {
  final Shape shape;
  private final TestNodes nodes;
  private final Path twin;

  World(Shape shape, long seed, Path folder) {
    this.shape = shape;
    this.nodes = new TestNodes(folder, seed);
    this.twin = folder.resolve("twin.db");
    nodes.database("here", shape.ddl().toArray(String[]::new));
    nodes.found("here");
    nodes.join("there", "here");
    nodes.sync("here", "there");
    // Which of two broken constraints is told depends on who parsed the schema: not its maker.
    try (Client maker = new Client(twin)) {
      shape.ddl().forEach(maker::tell);
    }
  }

  Path here() {
    return nodes.file("here");
  }

  Path twin() {
    return twin;
  }

  /** Carries what was written to the peer; what arrived differently, if anything did. */
  String exchange() {
    nodes.nowMillis += 100;
    nodes.sync("here", "there");
    if (nodes.scrub("here") + nodes.scrub("there") > 0) {
      return "a row is not as it was last shown";
    }
    try (Client here = new Client(here());
        Client there = new Client(nodes.file("there"))) {
      return difference(here, there);
    }
  }

  /** What differs between two databases' tables, empty if nothing does. */
  String difference(Client one, Client other) {
    for (String table : shape.tables().keySet()) {
      Map<String, String> rows = one.rows(shape, table);
      Map<String, String> others = other.rows(shape, table);
      if (!rows.equals(others)) {
        return "%s is %s and became %s".formatted(table, rows, others);
      }
    }
    return "";
  }

  @Override
  public void close() {
    nodes.close();
  }
}
