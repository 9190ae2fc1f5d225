package sh.fazt.mesh.node;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Measures the disk that holds a database; must not block for long and must not throw. */
@FunctionalInterface
public interface DiskGauge {
  /** How full the disk is; empty if nobody can say. */
  Optional<Space> space();

  /**
   * How full a disk is.
   *
   * @param freeBytes what this user may still write
   */
  record Space(long freeBytes, long totalBytes) {}

  /** Of the disk that holds {@code file}. */
  static DiskGauge of(Path file) {
    return () -> {
      try {
        FileStore store = Files.getFileStore(file);
        return Optional.of(new Space(store.getUsableSpace(), store.getTotalSpace()));
      } catch (IOException e) {
        return Optional.empty();
      }
    };
  }
}
