package sh.fazt.mesh.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.schema.SqlText;

/**
 * The files that a database and its node consist of. None of them is ever opened as anything else,
 * not even to look at it: whoever closes a file lets go of all the locks that its process has on
 * it, SQLite's too, and the next program to write takes the write-ahead log away from under us.
 *
 * <p>"How To Corrupt An SQLite Database File", §2.2, sqlite.org/howtocorrupt.html.
 */
public final class ReplicaFiles {
  private static final List<String> ENDINGS = List.of("", "-wal", "-shm", "-journal");

  private ReplicaFiles() {}

  /**
   * Makes sure that a file is none of them, by whichever path it is named.
   *
   * @throws MeshException USAGE if it is
   */
  public static void requireOther(Path file, Path database) {
    KeyFolder folder = KeyFolder.of(database);
    Path real = folder.database();
    boolean ofDatabase =
        ENDINGS.stream()
            .map(ending -> real.resolveSibling(real.getFileName() + ending))
            .anyMatch(each -> isSame(file, each));
    if (ofDatabase || isWithin(file, folder.path())) {
      throw new MeshException(
          ErrorCode.USAGE,
          file + " belongs to the database " + database + " itself",
          "ls -l " + SqlText.shell(String.valueOf(file.toAbsolutePath().getParent())));
    }
  }

  private static boolean isSame(Path file, Path other) {
    try {
      boolean exist = Files.exists(file) && Files.exists(other);
      return exist ? Files.isSameFile(file, other) : place(file).equals(place(other));
    } catch (IOException e) {
      throw FileFaults.translate("cannot look at " + file, file, e);
    }
  }

  private static boolean isWithin(Path file, Path folder) {
    try {
      return place(file).startsWith(place(folder));
    } catch (IOException e) {
      throw FileFaults.translate("cannot look at " + file, file, e);
    }
  }

  /** Where it is, or would be. */
  private static Path place(Path file) throws IOException {
    Path whole = file.toAbsolutePath().normalize();
    Path parent = whole.getParent();
    if (Files.exists(whole)) {
      return whole.toRealPath();
    } else if (parent == null || !Files.exists(parent)) {
      return whole;
    }
    return parent.toRealPath().resolve(whole.getFileName());
  }
}
