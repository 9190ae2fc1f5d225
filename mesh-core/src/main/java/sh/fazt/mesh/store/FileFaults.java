package sh.fazt.mesh.store;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.schema.SqlText;

/** What the file system refuses, in words for people, with what to look at next. */
public final class FileFaults {
  /** With less than this a disk counts as full. */
  private static final long FULL_BYTES = 1 << 20;

  private FileFaults() {}

  /**
   * @param at the file or folder concerned, whether or not it is there
   */
  public static MeshException translate(String message, Path at, IOException cause) {
    return new MeshException(ErrorCode.FAILURE, message + ": " + reason(cause), remedy(at), cause);
  }

  /** Java's message of some is the file's name alone. */
  private static String reason(IOException cause) {
    if (cause instanceof NoSuchFileException) {
      return "it is not there";
    } else if (cause instanceof AccessDeniedException) {
      return "permission denied";
    }
    return String.valueOf(cause.getMessage());
  }

  private static String remedy(Path at) {
    @Nullable Path there = at.toAbsolutePath();
    while (there != null && !Files.exists(there)) {
      there = there.getParent();
    }
    Path seen = there == null ? at : there;
    boolean full = seen.toFile().getUsableSpace() < FULL_BYTES;
    return (full ? "df -h " : "ls -ld ") + SqlText.shell(seen.toString());
  }
}
