package sh.fazt.mesh.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What Jazzer calls: one target, named by its first argument; its files go where the second says.
 */
public final class FuzzDriver {
  private static Target target = Target.oneWay("none", input -> {});

  private FuzzDriver() {}

  public static void fuzzerInitialize(String[] arguments) throws IOException {
    Path folder = Files.createDirectories(Path.of(arguments[1]));
    target = named(arguments[0], folder);
    // What is loaded by a first run is loaded before memory is measured.
    Corpus.of(target).forEach(seed -> Trial.run(target, seed.toArray()));
  }

  static Target named(String name, Path folder) {
    return Targets.all(folder).stream()
        .filter(each -> each.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no target is called " + name));
  }

  public static void fuzzerTestOneInput(byte[] input) {
    Trial.run(target, input);
  }
}
