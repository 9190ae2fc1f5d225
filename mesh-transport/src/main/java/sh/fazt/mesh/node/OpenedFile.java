package sh.fazt.mesh.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;

/**
 * Which file a path led to: SQLite goes on with that one, whatever is put in its place.
 *
 * @param key tells files apart; empty where the system has no such thing
 */
record OpenedFile(Path path, Optional<Object> key) {
  /** The file that is there now. */
  static OpenedFile at(Path path) {
    try {
      return new OpenedFile(path, keyOf(path));
    } catch (IOException e) {
      return new OpenedFile(path, Optional.empty());
    }
  }

  private static Optional<Object> keyOf(Path path) throws IOException {
    return Optional.ofNullable(Files.readAttributes(path, BasicFileAttributes.class).fileKey());
  }

  /** Why it cannot be gone on with, if it cannot: the file is gone, or another is in its place. */
  Optional<MeshException> lost() {
    try {
      Optional<Object> now = keyOf(path);
      boolean another = key.isPresent() && now.isPresent() && !key.equals(now);
      return another ? Optional.of(fault("another file is in the place of ")) : Optional.empty();
    } catch (NoSuchFileException e) {
      return Optional.of(fault("there is no longer a file "));
    } catch (IOException e) {
      // Such as a folder that may not be read just now: no reason to end.
      return Optional.empty();
    }
  }

  private MeshException fault(String what) {
    return new MeshException(
        ErrorCode.NO_DATABASE,
        what + path + ", so what it would write would be lost",
        "fazt mesh daemon --detach");
  }
}
