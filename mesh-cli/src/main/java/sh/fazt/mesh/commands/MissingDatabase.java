package sh.fazt.mesh.commands;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.fault.NearName;

/** What to tell a person whose database is not where they say. */
final class MissingDatabase {
  private static final byte[] MAGIC = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);
  private static final Pattern COPY =
      Pattern.compile("(?i)\\.before-|~$|[._-](bak|backup|copy|old|orig|save)\\b");
  private static final int FILES_MAX = 1000;
  private static final int NAMED_MAX = 3;

  private MissingDatabase() {}

  /**
   * @throws MeshException NO_DATABASE unless something is at {@code database} that may be one
   */
  static void check(Path database) {
    refuseFolder(database);
    if (!Files.exists(database)) {
      List<String> others = databases(folder(database));
      String typed = Session.quoted(database.normalize().toString());
      String near =
          NearName.among(others, typed).map(other -> "; did you mean " + other + "?").orElse("");
      throw fault("no database at " + database + near, folder(database));
    }
  }

  /**
   * @throws MeshException NO_DATABASE unless a file can be made at {@code database}
   */
  static void requireFolder(Path database) {
    refuseFolder(database);
    Path folder = database.getParent();
    if (folder != null && !Files.isDirectory(folder)) {
      throw new MeshException(
          ErrorCode.NO_DATABASE,
          "there is no folder " + folder + " to put " + database.getFileName() + " in",
          "mkdir -p " + Session.quoted(folder.toString()));
    }
  }

  /**
   * @throws MeshException NO_DATABASE
   */
  static void refuseFolder(Path database) {
    if (Files.isDirectory(database)) {
      throw fault(database + " is a folder, not a database", database);
    }
  }

  private static Path folder(Path database) {
    Path parent = database.getParent();
    return parent == null ? Path.of("") : parent;
  }

  private static MeshException fault(String message, Path folder) {
    List<String> others = databases(folder);
    String remedy =
        others.isEmpty()
            ? "Go to the folder of the database, or name the file with --db FILE"
            : "Name one that is there: --db " + String.join(", --db ", others);
    return new MeshException(ErrorCode.NO_DATABASE, message, remedy);
  }

  private static List<String> databases(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .limit(FILES_MAX)
          .filter(file -> !isCopy(file) && isDatabase(file))
          .map(file -> Session.quoted(folder.resolve(file.getFileName()).normalize().toString()))
          .sorted()
          .limit(NAMED_MAX)
          .toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  /** Whether it is what was kept of a database, by its name: nobody should write to it. */
  private static boolean isCopy(Path file) {
    return COPY.matcher(String.valueOf(file.getFileName())).find();
  }

  private static boolean isDatabase(Path file) {
    if (!Files.isRegularFile(file)) {
      return false;
    }
    try (InputStream in = Files.newInputStream(file)) {
      return Arrays.equals(in.readNBytes(MAGIC.length), MAGIC);
    } catch (IOException e) {
      return false;
    }
  }
}
