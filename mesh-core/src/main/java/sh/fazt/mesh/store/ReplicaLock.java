package sh.fazt.mesh.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;

/* The system frees a process's locks on a file when the process closes any channel to it, so within
the process a second channel must not even be opened: HELD says whether there is one. */
/** One process at a time does a database's mesh work; the lock ends with the process. */
public final class ReplicaLock implements AutoCloseable {
  private static final String FILE = "lock";
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path file;
  private final FileChannel channel;

  private ReplicaLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * Takes the lock of a database and writes this process's id into it.
   *
   * @throws MeshException ALREADY_OPEN, which names the process that has it
   */
  public static ReplicaLock take(KeyFolder folder) {
    Path file = folder.path().resolve(FILE);
    if (!HELD.add(file)) {
      throw taken(folder, ProcessHandle.current().pid());
    }
    boolean done = false;
    try {
      ReplicaLock lock = new ReplicaLock(file, lock(folder, file));
      done = true;
      return lock;
    } catch (IOException e) {
      throw FileFaults.translate("cannot lock " + file, file, e);
    } finally {
      if (!done) {
        HELD.remove(file);
      }
    }
  }

  private static FileChannel lock(KeyFolder folder, Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    boolean locked = false;
    try {
      locked = channel.tryLock() != null;
    } finally {
      if (!locked) {
        channel.close();
      }
    }
    if (!locked) {
      throw taken(folder, holder(folder).orElse(0L));
    }
    sign(channel);
    return channel;
  }

  private static void sign(FileChannel channel) {
    String pid = ProcessHandle.current().pid() + "\n";
    try {
      channel.truncate(0);
      channel.write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.US_ASCII)));
    } catch (IOException e) {
      // Justification: the lock stands; who has it is told to people, and a full disk may be why.
      return;
    }
  }

  private static MeshException taken(KeyFolder folder, long pid) {
    return new MeshException(
        ErrorCode.ALREADY_OPEN,
        "another process "
            + (pid > 0 ? "(pid " + pid + ") " : "")
            + "works on "
            + folder.database(),
        "fazt mesh status");
  }

  /**
   * The process that took the lock and did not release it; it may have been killed. Not to be asked
   * by the process that holds the lock.
   */
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
    try (channel) {
      channel.truncate(0);
    } catch (IOException e) {
      throw FileFaults.translate("cannot release the lock", file, e);
    } finally {
      HELD.remove(file);
    }
  }
}
