package sh.fazt.mesh.commands;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import sh.fazt.mesh.control.ControlClient;
import sh.fazt.mesh.control.Notes;
import sh.fazt.mesh.output.Json;

/** Asks the daemon, or where none runs the database, for what may take minutes. */
final class BundleCall {
  /** Of the largest bundle none of it may take longer to write, or to look over. */
  private static final Duration SILENCE = Duration.ofHours(1);

  private BundleCall() {}

  /** A folder of this user's own beside the database, which a daemon sees too. */
  static Path folder(Session session) throws IOException {
    Path database = session.existingDatabase().toAbsolutePath();
    return Files.createTempDirectory(database.resolveSibling(""), ".fazt-bundle-");
  }

  static Json.Obj ask(Session session, String method, Json.Obj params) {
    Path database = session.existingDatabase();
    String doing = method.equals("export") ? "writing the bundle" : "taking in the bundle";
    Optional<ControlClient> daemon = session.daemon();
    try (SlowNote note = SlowNote.of(session, doing)) {
      if (daemon.isPresent()) {
        try (ControlClient client = daemon.get()) {
          return client.call(method, params, Notes.NONE, SILENCE);
        }
      }
      return session
          .wiring()
          .replicas()
          .offline(database, Personas.of(session.wiring())::existing)
          .handle(method, params, Notes.NONE);
    }
  }
}
