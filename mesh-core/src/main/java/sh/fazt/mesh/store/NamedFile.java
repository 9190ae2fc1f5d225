package sh.fazt.mesh.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.fault.NearName;
import sh.fazt.mesh.schema.SqlText;

/** A file that a person has named: what is wrong with the name, before anything is done. */
public final class NamedFile {
  private static final int FILES_MAX = 1000;

  private NamedFile() {}

  /**
   * Makes sure that there is a file to read.
   *
   * @throws MeshException USAGE if there is none, or a folder
   */
  public static void requireThere(Path file) {
    Path folder = folder(file);
    if (Files.isDirectory(file)) {
      throw fault(file + " is a folder, not a file", "ls -l " + shell(file));
    } else if (!Files.isDirectory(folder)) {
      throw noFolder(file, folder, "ls -ld " + shell(nearest(folder)));
    } else if (!Files.exists(file)) {
      String near =
          NearName.among(names(folder), String.valueOf(file.getFileName()))
              .map(name -> "; did you mean " + file.resolveSibling(name) + "?")
              .orElse("");
      throw fault("there is no file " + file + near, "ls -l " + shell(folder));
    }
  }

  /**
   * Makes sure that a file can be made there.
   *
   * @throws MeshException USAGE if its folder is not there, or if it is one itself
   */
  public static void requirePlace(Path file) {
    if (Files.isDirectory(file)) {
      throw fault(
          file + " is a folder, not a file",
          "Name a file in it, such as " + file.resolve("mesh.bundle"));
    } else if (!Files.isDirectory(folder(file))) {
      throw noFolder(file, folder(file), "mkdir -p " + shell(folder(file)));
    }
  }

  private static MeshException noFolder(Path file, Path folder, String remedy) {
    return fault("there is no folder " + folder + ", so no file " + file, remedy);
  }

  private static MeshException fault(String message, String remedy) {
    return new MeshException(ErrorCode.USAGE, message, remedy);
  }

  private static Path folder(Path file) {
    Path parent = file.toAbsolutePath().getParent();
    return parent == null ? file.toAbsolutePath() : parent;
  }

  private static Path nearest(Path folder) {
    @Nullable Path there = folder;
    while (there != null && !Files.exists(there)) {
      there = there.getParent();
    }
    return there == null ? folder : there;
  }

  private static List<String> names(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .limit(FILES_MAX)
          .filter(Files::isRegularFile)
          .map(file -> String.valueOf(file.getFileName()))
          .toList();
    } catch (IOException e) {
      // Justification: it is a hint alone, and who may not look gets none.
      return List.of();
    }
  }

  private static String shell(Path path) {
    return SqlText.shell(path.toString());
  }
}
