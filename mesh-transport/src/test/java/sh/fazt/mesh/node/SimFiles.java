package sh.fazt.mesh.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Copies the files of simulated nodes. */
final class SimFiles {
  private SimFiles() {}

  /** Copies a folder with all that is in it; into a folder that may exist. */
  static void copyTree(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (var files = Files.newDirectoryStream(from)) {
      for (Path each : files) {
        Path target = to.resolve(each.getFileName());
        if (Files.isDirectory(each)) {
          copyTree(each, target);
        } else {
          copy(each, target);
        }
      }
    }
  }

  /** Copies a file, if there is one. */
  static void copy(Path from, Path to) throws IOException {
    if (Files.exists(from)) {
      Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
    }
  }
}
