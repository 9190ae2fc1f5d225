package sh.fazt.mesh.node;

import java.nio.file.Path;
import java.util.Optional;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;

/**
 * Keeps room on the disk for the application: what peers send waits with them before the last of it
 * is taken. What is written here is taken in as long as the disk bears it. Immutable.
 */
record DiskRoom(Path database, DiskGauge gauge) {
  /** Left to the application, in bytes; on a small disk a tenth of it, if that is less. */
  static final long MARGIN_BYTES = 64L << 20;

  static final int MARGIN_PART = 10;

  /** A batch is unpacked into rows, beside itself, first in the write-ahead log. */
  static final int BATCH_FACTOR = 4;

  /** Why batches of so many bytes cannot be taken in now, if they cannot. */
  Optional<MeshException> shortage(long envelopeBytes) {
    return gauge.space().flatMap(space -> shortage(space, envelopeBytes));
  }

  private Optional<MeshException> shortage(DiskGauge.Space space, long envelopeBytes) {
    long margin = Math.min(MARGIN_BYTES, space.totalBytes() / MARGIN_PART);
    if (space.freeBytes() >= margin + BATCH_FACTOR * envelopeBytes) {
      return Optional.empty();
    }
    String message =
        "the disk that holds %s has %s MiB left, which are kept for programs that write to it;"
            + " what other nodes send waits there";
    return Optional.of(
        new MeshException(
            ErrorCode.DISK_FULL,
            message.formatted(database, space.freeBytes() >> 20),
            "df -h " + database));
  }
}
