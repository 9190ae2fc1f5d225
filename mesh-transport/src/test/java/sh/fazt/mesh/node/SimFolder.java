package sh.fazt.mesh.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Where the files of simulated nodes are: in memory where the system has a folder for that, since a
 * simulated machine never loses power in the middle of a write. Thread-safe.
 */
final class SimFolder implements BeforeEachCallback, AfterEachCallback {
  private static final Path MEMORY = Path.of("/dev/shm");

  private final Map<Integer, Path> templates = new HashMap<>();
  private Path folder = Path.of("");
  private int worlds;

  @Override
  public void beforeEach(ExtensionContext context) throws IOException {
    folder =
        Files.isWritable(MEMORY)
            ? Files.createTempDirectory(MEMORY, "mesh-sim")
            : Files.createTempDirectory("mesh-sim");
  }

  @Override
  public void afterEach(ExtensionContext context) {
    delete(folder);
  }

  /** A world of its own, whose members have met before; its files go when it is closed. */
  SimWorld world(SimPlan plan) {
    try {
      Path world = next(plan.members());
      return new SimWorld(plan, world, () -> delete(world));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private synchronized Path next(int nodes) throws IOException {
    Path world = folder.resolve("world" + ++worlds);
    SimFiles.copyTree(template(nodes), world);
    return world;
  }

  private Path template(int nodes) throws IOException {
    if (!templates.containsKey(nodes)) {
      Path template = Files.createDirectory(folder.resolve("template" + nodes));
      new SimSetup(template).make(nodes);
      templates.put(nodes, template);
    }
    return templates.get(nodes);
  }

  private static void delete(Path tree) {
    try (Stream<Path> found = Files.walk(tree)) {
      for (Path each : found.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
