package sh.fazt.mesh.commands;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import sh.fazt.mesh.control.ControlClient;
import sh.fazt.mesh.control.Notes;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.output.Glyph;
import sh.fazt.mesh.output.Json;
import sh.fazt.mesh.output.Question;
import sh.fazt.mesh.output.Screen;
import sh.fazt.mesh.output.Units;
import sh.fazt.mesh.store.KeyFolder;
import sh.fazt.mesh.store.ReplicaLock;

/** {@code fazt mesh leave}. */
@Command(
    name = "leave",
    description = "Leave the mesh. Your data stays; what the mesh kept beside it goes.")
final class LeaveCommand extends MeshCommand {
  private static final Duration FLUSH_SILENCE = Duration.ofMinutes(1);
  private static final long STOP_MILLIS_MAX = 10_000;
  private static final long STOP_POLL_NANOS = 20_000_000;

  @Option(names = "--yes", description = "Ask nothing.")
  private boolean yes;

  @Option(names = "--dry-run", description = "Show what would happen and change nothing.")
  private boolean dryRun;

  @Option(
      names = "--force",
      description = "Leave even if keys are missing or what the mesh kept is damaged.")
  private boolean force;

  LeaveCommand(Wiring wiring) {
    super(wiring);
  }

  @Override
  int run(Session session) {
    Path database = session.existingDatabase();
    Screen screen = session.screen();
    if (!yes && !dryRun) {
      Question.requireSomebody(screen, session.command("fazt mesh leave"));
    }
    Json.Obj plan = session.ask("leave", params().with("dry_run", true));
    if (dryRun) {
      screen.answer(
          plan.with("dry_run", true),
          () -> {
            screen.say(Glyph.INFO, would(plan, database));
            showLosses(screen, plan);
          });
      screen.hint(Glyph.INFO, "Nothing was changed. Do it: " + session.command("fazt mesh leave"));
      return OK;
    }
    if (!yes && !screen.isJson()) {
      showLosses(screen, plan);
    }
    if (!yes && !session.confirms(new Question(question(plan, database), false))) {
      screen.hint(Glyph.SKIPPED, "Nothing was changed.");
      return OK;
    }
    Json.Obj left = leave(session, database);
    Json.Obj result = left.with("waiting", Json.array(plan.objects("waiting")));
    screen.answer(result, () -> show(screen, result, database));
    if (result.whole("announced_to") == 0 && plan.whole("members") > 1) {
      screen.hint(
          Glyph.INFO,
          "Nobody could be told: to the others this node is one that is offline from now on");
    }
    screen.hint(
        Glyph.INFO,
        "Found another mesh: "
            + session.command("fazt mesh init")
            + "      Join one: "
            + session.command("fazt mesh join URL --token TOKEN"));
    return OK;
  }

  private Json.Obj params() {
    return Json.object().with("force", force);
  }

  private Json.Obj leave(Session session, Path database) {
    Optional<ControlClient> daemon = session.daemon();
    if (daemon.isPresent()) {
      try (ControlClient client = daemon.get()) {
        Json.Obj left = client.call("leave", params(), Notes.NONE, FLUSH_SILENCE);
        awaitStop(session);
        return left;
      }
    }
    return session
        .wiring()
        .replicas()
        .offline(database, Personas.of(session.wiring())::existing)
        .handle("leave", params(), Notes.NONE);
  }

  /**
   * Returns when a daemon that was told to end has let go of its files.
   *
   * @throws MeshException TIMEOUT
   */
  static void awaitStop(Session session) {
    long deadline = session.nowMillis() + STOP_MILLIS_MAX;
    while (isHeld(session)) {
      if (session.nowMillis() >= deadline) {
        throw new MeshException(
            ErrorCode.TIMEOUT,
            "the daemon was told to end and has not after " + Units.words(STOP_MILLIS_MAX),
            "fazt mesh status");
      }
      LockSupport.parkNanos(STOP_POLL_NANOS);
    }
  }

  private static boolean isHeld(Session session) {
    Optional<ControlClient> daemon = session.daemon();
    daemon.ifPresent(ControlClient::close);
    return daemon.isPresent() || ReplicaLock.holder(KeyFolder.of(session.database())).isPresent();
  }

  private static String question(Json.Obj plan, Path database) {
    return "Leave the mesh of "
        + Units.count(plan.whole("members"), "node")
        + "? Your data stays in "
        + database
        + ".";
  }

  private static String would(Json.Obj plan, Path database) {
    return "This node would leave the mesh of "
        + Units.count(plan.whole("members"), "node")
        + "; the data stays in "
        + database
        + ".";
  }

  /** What is only here, and what never showed here. */
  private static void showLosses(Screen screen, Json.Obj plan) {
    long unsent = plan.whole("unsent");
    if (unsent > 0) {
      String tables =
          plan.objects("unsent_tables").stream()
              .map(table -> table.text("name") + " " + Units.count(table.whole("changes")))
              .collect(Collectors.joining(", "));
      screen.say(
          Glyph.WARNING,
          Units.count(unsent, "change")
              + (unsent == 1 ? " is" : " are")
              + " not known to be on another node and may stay in this database alone"
              + (tables.isEmpty() ? "" : ": " + tables));
    }
    for (Json.Obj waiting : plan.objects("waiting")) {
      screen.say(
          Glyph.WARNING,
          WaitingDocument.sentence(waiting) + "; dropped here, kept by the other nodes");
    }
  }

  private static void show(Screen screen, Json.Obj left, Path database) {
    screen.say(Glyph.DONE, "Left the mesh. Your data stays in " + database);
    showLosses(screen, left);
  }
}
