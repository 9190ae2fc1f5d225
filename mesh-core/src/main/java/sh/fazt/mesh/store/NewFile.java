package sh.fazt.mesh.store;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;

/**
 * A file that is there whole or not at all: written under another name, flushed to the disk, then
 * renamed. Its owner alone may read it.
 */
public final class NewFile {
  private static final int BUFFER_BYTES = 1 << 16;

  private NewFile() {}

  /** What is written. */
  @FunctionalInterface
  public interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * @param replace whether a file that is there may go
   * @throws MeshException FILE_EXISTS, or FAILURE for what the disk refuses; then nothing has
   *     changed
   */
  public static void write(Path file, boolean replace, Content content) {
    Path whole = file.toAbsolutePath();
    Path part = part(file);
    refuseExisting(file, replace);
    try {
      Files.deleteIfExists(part);
      fill(part, content);
      refuseExisting(file, replace);
      Files.move(part, whole, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      flushFolder(whole);
    } catch (IOException e) {
      throw FileFaults.translate("cannot write " + file, file, e);
    } finally {
      part.toFile().delete();
    }
  }

  /** Under which name it is written first; what has that name goes. */
  public static Path part(Path file) {
    Path whole = file.toAbsolutePath();
    return whole.resolveSibling(whole.getFileName() + ".part");
  }

  private static void fill(Path part, Content content) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            part,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER_BYTES);
      content.writeTo(out);
      out.flush();
      channel.force(true);
    }
  }

  private static void flushFolder(Path whole) throws IOException {
    Path folder = whole.getParent();
    if (folder != null) {
      try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  private static void refuseExisting(Path file, boolean replace) {
    if (Files.exists(file) && !(replace && Files.isRegularFile(file))) {
      throw new MeshException(
          ErrorCode.FILE_EXISTS,
          "there is a file " + file + " already",
          "Name another file, or add --force to replace it");
    }
  }
}
