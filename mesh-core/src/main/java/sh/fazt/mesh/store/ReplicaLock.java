package sh.fazt.mesh.store;

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

/** One process at a time does a database's mesh work; the lock ends with the process. */
public final class ReplicaLock implements AutoCloseable {
  private static final String FILE = "lock";

  private final FileChannel channel;

  private ReplicaLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes the lock of a database and writes this process's id into it.
   *
   * @throws MeshException ALREADY_OPEN, which names the process that has it
   */
  public static ReplicaLock take(KeyFolder folder) {
    Path file = folder.path().resolve(FILE);
    try {
      FileChannel channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      if (tryLock(channel) == null) {
        channel.close();
        throw new MeshException(
            ErrorCode.ALREADY_OPEN,
            "the database is in use by process " + holder(folder).map(String::valueOf).orElse("?"),
            "fazt mesh status");
      }
      channel.truncate(0);
      String pid = ProcessHandle.current().pid() + "\n";
      channel.write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.US_ASCII)));
      return new ReplicaLock(channel);
    } catch (IOException e) {
      throw KeyFolder.fault("cannot lock " + file, e);
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  /** The process that last took the lock, if any is named; it may be gone. */
  public static Optional<Long> holder(KeyFolder folder) {
    try {
      String text = Files.readString(folder.path().resolve(FILE)).strip();
      return text.isEmpty() ? Optional.empty() : Optional.of(Long.parseLong(text));
    } catch (IOException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    try {
      channel.truncate(0);
      channel.close();
    } catch (IOException e) {
      throw KeyFolder.fault("cannot release the lock", e);
    }
  }
}
