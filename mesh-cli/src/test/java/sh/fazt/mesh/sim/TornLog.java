package sh.fazt.mesh.sim;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;

/**
 * Takes away the end of a database's write-ahead log, as a power cut does where commits do not wait
 * for the disk: what a checkpoint has copied was flushed before and stays. Nobody may have the
 * database open.
 *
 * <p>The numbers are where SQLite's file format (walformat.html, sections 1 and 2) has them.
 */
final class TornLog {
  private static final int LOG_HEADER = 32;
  private static final int FRAME_HEADER = 24;
  private static final int PAGE_SIZE_AT = 8;
  private static final int FRAMES_AT = 16;
  private static final int COPIED_AT = 96;
  private static final int COPYING_AT = 128;

  private TornLog() {}

  /** How the end is lost. */
  enum Tear {
    /** The file is shorter. */
    CUT,
    /** Blocks that were never written. */
    ZEROS,
    /** One block of many. */
    HOLE
  }

  /** Tears the log at a random place; returns how many bytes of valid frames were behind it. */
  static long tear(Path database, Tear tear, Random chance) throws IOException {
    Path log = database.resolveSibling(database.getFileName() + "-wal");
    Path index = database.resolveSibling(database.getFileName() + "-shm");
    if (!Files.exists(log) || Files.size(log) < LOG_HEADER || !Files.exists(index)) {
      return 0;
    }
    ByteBuffer shared = ByteBuffer.wrap(Files.readAllBytes(index)).order(ByteOrder.nativeOrder());
    try (FileChannel channel =
        FileChannel.open(log, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer header = ByteBuffer.allocate(LOG_HEADER).order(ByteOrder.BIG_ENDIAN);
      channel.read(header, 0);
      long frame = FRAME_HEADER + (long) header.getInt(PAGE_SIZE_AT);
      long safe = Math.max(shared.getInt(COPIED_AT), shared.getInt(COPYING_AT));
      long from = LOG_HEADER + safe * frame;
      long end = LOG_HEADER + shared.getInt(FRAMES_AT) * frame;
      if (end <= from) {
        return 0;
      }
      long at = from + (long) (chance.nextDouble() * (end - from));
      switch (tear) {
        case CUT -> channel.truncate(at);
        case ZEROS -> channel.write(ByteBuffer.allocate((int) (end - at)), at);
        case HOLE -> channel.write(ByteBuffer.allocate((int) Math.min(512, end - at)), at);
      }
      return end - at;
    }
  }
}
