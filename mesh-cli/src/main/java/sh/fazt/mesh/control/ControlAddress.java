package sh.fazt.mesh.control;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.store.KeyFolder;

/**
 * Where the daemon of a database listens.
 *
 * @param folder holds the socket and nothing of other users
 * @param socket the Unix-domain socket, at most {@value #PATH_BYTES_MAX} bytes of path
 */
public record ControlAddress(PrivateFolder folder, Path socket) {
  /** Below what every system takes: 108 on Linux, 104 on BSD and macOS, a zero byte included. */
  static final int PATH_BYTES_MAX = 100;

  private static final String SOCKET = "control.sock";

  /**
   * {@code data.db.mesh/control.sock} beside the database; where that path is too long, a folder
   * under {@code $XDG_RUNTIME_DIR} or {@code /tmp} named after the database and the user.
   */
  public static ControlAddress of(Path database, Map<String, String> environment) {
    Path beside = KeyFolder.of(database).path();
    Path socket = beside.resolve(SOCKET);
    if (pathBytes(socket) <= PATH_BYTES_MAX) {
      return new ControlAddress(new PrivateFolder(beside), socket);
    }
    String runtime = environment.getOrDefault("XDG_RUNTIME_DIR", "");
    Path root = Path.of(runtime.startsWith("/") ? runtime : "/tmp");
    Path folder = root.resolve("fazt-mesh-" + ownUid() + "-" + key(beside));
    if (pathBytes(folder.resolve(SOCKET)) > PATH_BYTES_MAX) {
      folder = Path.of("/tmp").resolve(folder.getFileName());
    }
    return new ControlAddress(new PrivateFolder(folder), folder.resolve(SOCKET));
  }

  private static String key(Path folder) {
    return Hash.of(Bytes.utf8(folder.toString())).value().slice(0, 8).hex();
  }

  private static int pathBytes(Path path) {
    return path.toString().getBytes(StandardCharsets.UTF_8).length;
  }

  private static long ownUid() {
    try {
      return PrivateFolder.ownUid();
    } catch (IOException e) {
      throw new MeshException(
          ErrorCode.FAILURE, "cannot find out who this user is: " + e.getMessage(), null, e);
    }
  }
}
