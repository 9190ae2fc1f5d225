package sh.fazt.mesh.sim;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;

/**
 * Makes the system calls of another program, or of this one, fail on chosen files: {@code faults.c}
 * built by gcc, loaded before the C library, and steered through a file that both map.
 */
final class Faults {
  /** From the first on, until {@link #heal}. */
  static final long ALL = Long.MAX_VALUE / 2;

  private static final int MASK = 0;
  private static final int FIRST = 8;
  private static final int COUNT = 16;
  private static final int ERROR = 24;
  private static final int HALF = 32;
  private static final int CALLS = 40;
  private static final int FAILED = 48;
  private static final int NAME = 56;
  private static final int SIZE = 256;

  private final MappedByteBuffer control;

  /** What fails, and how. */
  enum Fault {
    SYNC_EIO(1, 5),
    WRITE_EIO(2, 5),
    WRITE_ENOSPC(2, 28),
    /** Only the first half is written. */
    WRITE_SHORT(2, 28),
    TRUNCATE_ENOSPC(4, 28),
    OPEN_EIO(8, 5),
    MAP_ENOMEM(16, 12),
    REMOVE_EIO(32, 5),
    READ_EIO(64, 5),
    /** Whatever changes the disk. */
    DISK_FULL(2 + 4, 28);

    private final long mask;
    private final long error;

    Fault(long mask, long error) {
      this.mask = mask;
      this.error = error;
    }
  }

  private Faults(MappedByteBuffer control) {
    this.control = control;
  }

  /** The control file, made if it is not there. */
  static Faults steering(Path file) {
    try (FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      MappedByteBuffer map = channel.map(FileChannel.MapMode.READ_WRITE, 0, SIZE);
      map.order(ByteOrder.nativeOrder());
      return new Faults(map);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The library, built in {@code folder}; empty where there is no gcc. */
  static Optional<Path> build(Path folder) throws IOException, InterruptedException {
    Path source = folder.resolve("faults.c");
    Path library = folder.resolve("faults.so");
    try (var text = Faults.class.getResourceAsStream("/faults/faults.c")) {
      Files.copy(text, source);
    }
    try {
      int status =
          new ProcessBuilder(
                  "gcc", "-shared", "-fPIC", "-O2", "-o", library.toString(), source.toString())
              .inheritIO()
              .start()
              .waitFor();
      if (status != 0) {
        throw new AssertionError("gcc ends with " + status);
      }
      return Optional.of(library);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** What a process needs in its environment. */
  static Map<String, String> environment(Path library, Path control) {
    return Map.of("LD_PRELOAD", library.toString(), "FAULT_CONTROL", control.toString());
  }

  /**
   * Begins to count calls, and lets some fail.
   *
   * @param first the first that fails, from 1
   * @param count how many fail from there
   * @param name part of the path of the files that are meant
   */
  void arm(Fault fault, long first, long count, String name) {
    heal();
    control.put(NAME, (name + "\0").getBytes(StandardCharsets.UTF_8));
    control.putLong(CALLS, 0);
    control.putLong(FAILED, 0);
    control.putLong(FIRST, first);
    control.putLong(COUNT, count);
    control.putLong(ERROR, fault.error);
    control.putLong(HALF, fault == Fault.WRITE_SHORT ? 1 : 0);
    control.putLong(MASK, fault.mask);
  }

  void heal() {
    control.putLong(MASK, 0);
  }

  /** How many calls have failed since they were armed. */
  long failed() {
    return control.getLong(FAILED);
  }
}
