package sh.fazt.mesh.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Where the files of simulated nodes are: in memory where the system has a folder for that, since a
 * simulated machine never loses power in the middle of a write.
 */
final class SimFolder implements BeforeEachCallback, AfterEachCallback {
  private static final Path MEMORY = Path.of("/dev/shm");
  private static final long SETUP_SEED = 7;

  private final Map<Integer, Path> templates = new HashMap<>();
  private Path folder = Path.of("");

  @Override
  public void beforeEach(ExtensionContext context) throws IOException {
    folder =
        Files.isWritable(MEMORY)
            ? Files.createTempDirectory(MEMORY, "mesh-sim")
            : Files.createTempDirectory("mesh-sim");
  }

  @Override
  public void afterEach(ExtensionContext context) throws IOException {
    delete(folder);
  }

  /** A world of its own; its members have met before. Only one at a time has files. */
  SimWorld world(SimPlan plan) {
    try {
      Path world = folder.resolve("world");
      if (Files.exists(world)) {
        delete(world);
      }
      SimFiles.copyTree(template(plan.nodes()), world);
      return new SimWorld(plan, world);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private Path template(int nodes) throws IOException {
    if (!templates.containsKey(nodes)) {
      Path template = Files.createDirectory(folder.resolve("template" + nodes));
      new SimSetup(template, SETUP_SEED).make(nodes);
      templates.put(nodes, template);
    }
    return templates.get(nodes);
  }

  private static void delete(Path tree) throws IOException {
    List<Path> all;
    try (Stream<Path> found = Files.walk(tree)) {
      all = found.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path each : all) {
      Files.delete(each);
    }
  }
}
