package sh.fazt.mesh.commands;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;

/** Where a database is kept as it was before it joined. */
final class SafetyCopy {
  private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("yyyyMMdd");
  private static final int A_DAY_MAX = 100;

  private SafetyCopy() {}

  /** A name that no file has; empty if there is nothing to keep. */
  static Optional<Path> of(Session session, Preview preview) {
    Path database = session.database();
    if (!JoinCommand.hasRows(database, preview)) {
      return Optional.empty();
    }
    String day =
        DAY.format(Instant.ofEpochMilli(session.nowMillis()).atZone(ZoneId.systemDefault()));
    Path first = database.resolveSibling(database.getFileName() + ".before-join-" + day);
    Path free = first;
    for (int number = 2; Files.exists(free); number++) {
      if (number > A_DAY_MAX) {
        throw new MeshException(
            ErrorCode.FAILURE, "too many copies already: " + first + "…", "ls " + first + "*");
      }
      free = first.resolveSibling(first.getFileName() + "-" + number);
    }
    return Optional.of(free);
  }
}
