package sh.fazt.mesh.control;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;

/**
 * The right to be the daemon of a database: a lock on {@code data.db.mesh/daemon.lock}, which names
 * the holder's process. The system frees it when the process ends, however it ends.
 */
public final class DaemonLock implements AutoCloseable {
  private final FileChannel channel;

  private DaemonLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * @param pid the process that will hold it
   * @throws MeshException ALREADY_OPEN if another process holds it
   */
  public static DaemonLock acquire(Path database, long pid) {
    Path folder = ControlAddress.meshFolder(database);
    new PrivateFolder(folder).make();
    Path file = file(database);
    try {
      FileChannel channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      if (tryLock(channel) == null) {
        channel.close();
        throw alreadyOpen(database);
      }
      channel.truncate(0);
      channel.write(ByteBuffer.wrap((pid + "\n").getBytes(StandardCharsets.US_ASCII)));
      return new DaemonLock(channel);
    } catch (IOException e) {
      throw new MeshException(
          ErrorCode.FAILURE, "cannot lock " + file + ": " + e.getMessage(), null, e);
    }
  }

  /** The process that last held the lock, as it wrote itself down. */
  public static Optional<Long> pid(Path database) {
    try {
      return Optional.of(Long.parseLong(Files.readString(file(database)).strip()));
    } catch (IOException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static Path file(Path database) {
    return ControlAddress.meshFolder(database).resolve("daemon.lock");
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  private static MeshException alreadyOpen(Path database) {
    String holder = pid(database).map(pid -> " (pid " + pid + ")").orElse("");
    return new MeshException(
        ErrorCode.ALREADY_OPEN,
        "a daemon" + holder + " already runs for " + database,
        "fazt mesh status");
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new MeshException(ErrorCode.FAILURE, "cannot unlock: " + e.getMessage(), null, e);
    }
  }
}
