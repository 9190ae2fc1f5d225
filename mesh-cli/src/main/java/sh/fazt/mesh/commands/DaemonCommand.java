package sh.fazt.mesh.commands;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import sh.fazt.mesh.control.ControlClient;
import sh.fazt.mesh.control.ControlServer;
import sh.fazt.mesh.control.Notes;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.netty.ListenAddress;
import sh.fazt.mesh.output.Glyph;
import sh.fazt.mesh.output.Json;
import sh.fazt.mesh.output.Screen;
import sh.fazt.mesh.store.KeyFolder;
import sh.fazt.mesh.store.ReplicaLock;

/** {@code fazt mesh daemon}. */
@Command(
    name = "daemon",
    description = "Run this node: watch the database, exchange changes. Ends on Ctrl-C or SIGTERM.")
final class DaemonCommand extends MeshCommand {
  private static final String FOREGROUND = "fazt mesh daemon --listen";
  private static final String BACKGROUND = "fazt mesh daemon --detach --listen";

  @Option(names = "--detach", description = "Run it in the background and return when it serves.")
  private boolean detach;

  @Option(names = "--stop", description = "End the daemon that is running.")
  private boolean stop;

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      description = "Where to listen, instead of what init or join was told.")
  private Optional<String> listen = Optional.empty();

  @Option(
      names = "--no-beacon",
      description = "Neither show this node on the local network nor look for others there.")
  private boolean silent;

  DaemonCommand(Wiring wiring) {
    super(wiring);
  }

  @Override
  int run(Session session) {
    if (stop) {
      return stop(session);
    }
    session.existingDatabase();
    Optional<ListenAddress> address = listen.map(ListenAddress::parse);
    refuseSecond(session);
    return detach ? detach(session, address) : serve(session, address);
  }

  private int detach(Session session, Optional<ListenAddress> address) {
    List<String> more = new ArrayList<>(silent ? List.of("--no-beacon") : List.of());
    address.ifPresent(where -> more.addAll(List.of("--listen", where.toString())));
    Json.Obj daemon = launch(session, more);
    session
        .screen()
        .answer(
            Json.object().with("daemon", daemon),
            () -> session.screen().say(Glyph.DONE, running(daemon)));
    session
        .screen()
        .hint(
            Glyph.INFO,
            "See it: "
                + session.command("fazt mesh status")
                + "      Stop it: "
                + session.command("fazt mesh daemon --stop"));
    return OK;
  }

  /**
   * Starts the daemon in the background.
   *
   * @param more arguments besides the database
   */
  static Json.Obj launch(Session session, List<String> more) {
    Path database = session.database();
    try (SlowNote note = SlowNote.of(session, "starting the daemon")) {
      return session.wiring().launcher().launch(database, more, session.wiring().environment());
    } catch (MeshException e) {
      throw new MeshException(
          e.code(),
          String.valueOf(e.getMessage()),
          e.remedy().map(remedy -> inBackground(remedy, database)).orElse(null),
          e);
    }
  }

  /** What the daemon advises, as the one who started it would type it. */
  private static String inBackground(String remedy, Path database) {
    String told = " --db " + Session.quoted(database.toAbsolutePath().toString());
    String typed = remedy.replace(told, "");
    return typed.startsWith(FOREGROUND) ? typed.replace(FOREGROUND, BACKGROUND) : typed;
  }

  private static int stop(Session session) {
    // Its file may be gone: what tells of the daemon is beside it.
    Optional<ControlClient> running = session.daemon();
    if (running.isEmpty()) {
      session.existingDatabase();
    }
    try (ControlClient daemon = running.orElseGet(session::runningDaemon)) {
      daemon.call("stop", Json.object(), Notes.NONE, Session.ANSWER_SILENCE);
    }
    LeaveCommand.awaitStop(session);
    Screen screen = session.screen();
    screen.answer(
        Json.object().with("stopped", true), () -> screen.say(Glyph.DONE, "Daemon stopped"));
    screen.hint(Glyph.INFO, "Start it: " + session.command("fazt mesh daemon --detach"));
    return OK;
  }

  private int serve(Session session, Optional<ListenAddress> address) {
    // Before the first logger is made: a daemon tells more than a command does.
    System.setProperty("fazt.log.level", "INFO");
    Wiring wiring = session.wiring();
    Path database = session.database();
    NodeRequest request =
        new NodeRequest(
            database, address, !silent, new OwnerKey(database, Personas.of(wiring)::existing));
    long pid = ProcessHandle.current().pid();
    Optional<Throwable> failed;
    // The signal comes first, so that it is let go last: the system waits for the node to close.
    try (StopSignal signal = StopSignal.install();
        Replicas.ServingNode node = wiring.replicas().serve(request);
        ControlServer control =
            ControlServer.start(session.controlAddress(), new DaemonHandler(node, signal::stop))) {
      Json.Obj identity = node.identity().with("pid", pid);
      session
          .screen()
          .answer(
              Json.object().with("daemon", identity),
              () ->
                  session
                      .screen()
                      .say(
                          Glyph.ON,
                          identity.text("name")
                              + "  "
                              + identity.text("id")
                              + "  "
                              + listening(identity)));
      CompletableFuture<Throwable> failure = node.failure();
      CompletableFuture<Void> watch = failure.thenRun(signal::stop);
      signal.await();
      watch.cancel(false);
      failed = failure.isDone() ? Optional.of(failure.join()) : Optional.empty();
    }
    if (failed.isPresent() && failed.get() instanceof MeshException fault) {
      throw fault;
    }
    return failed.isEmpty() ? OK : ErrorCode.FAILURE.exitStatus();
  }

  static String running(Json.Obj daemon) {
    return "Daemon running, pid " + daemon.whole("pid") + ", " + listening(daemon);
  }

  private static void refuseSecond(Session session) {
    session
        .daemon()
        .ifPresent(
            daemon -> {
              daemon.close();
              throw new MeshException(
                  ErrorCode.ALREADY_OPEN,
                  "the daemon of "
                      + session.database()
                      + " is running already"
                      + ReplicaLock.holder(KeyFolder.of(session.database()))
                          .map(pid -> ", pid " + pid)
                          .orElse(""),
                  "fazt mesh status");
            });
  }

  private static String listening(Json.Obj daemon) {
    String address = daemon.text("address");
    return address.isEmpty() ? "not listening" : "listening on " + address;
  }
}
