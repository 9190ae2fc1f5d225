package sh.fazt.mesh.control;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;

/** A folder that this user alone can enter, mode 0700. */
public record PrivateFolder(Path path) {
  private static final Set<PosixFilePermission> MODE = PosixFilePermissions.fromString("rwx------");

  /**
   * Makes the folder if it is missing.
   *
   * @throws MeshException as {@link #check}
   */
  public void make() {
    try {
      Files.createDirectory(path, PosixFilePermissions.asFileAttribute(MODE));
    } catch (FileAlreadyExistsException e) {
      check();
    } catch (IOException e) {
      throw new MeshException(
          ErrorCode.FAILURE, "cannot make the folder " + path + ": " + e.getMessage(), null, e);
    }
  }

  /**
   * Whether the folder is there.
   *
   * @throws MeshException FAILURE if it is no folder, belongs to another user, or lets others in
   */
  public boolean check() {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      throw new MeshException(ErrorCode.FAILURE, path + " is not a folder", null);
    }
    try {
      if (uid(path) != ownUid()) {
        throw new MeshException(
            ErrorCode.FAILURE,
            path + " belongs to " + Files.getOwner(path) + ", who alone may use it",
            null);
      }
      Set<PosixFilePermission> loose =
          EnumSet.copyOf(Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS));
      loose.removeAll(MODE);
      if (!loose.isEmpty()) {
        throw new MeshException(ErrorCode.FAILURE, "others may enter " + path, "chmod 700 " + path);
      }
    } catch (IOException e) {
      throw new MeshException(
          ErrorCode.FAILURE, "cannot look at " + path + ": " + e.getMessage(), null, e);
    }
    return true;
  }

  /** The number of the user whom this process acts for. */
  static long ownUid() throws IOException {
    Path self = Path.of("/proc/self");
    if (Files.exists(self)) {
      return Files.getAttribute(self.toRealPath(), "unix:uid") instanceof Number uid
          ? uid.longValue()
          : -1;
    }
    Path probe = Files.createTempFile("fazt", null);
    try {
      return uid(probe);
    } finally {
      Files.delete(probe);
    }
  }

  private static long uid(Path file) throws IOException {
    Object uid = Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS);
    return ((Number) uid).longValue();
  }
}
