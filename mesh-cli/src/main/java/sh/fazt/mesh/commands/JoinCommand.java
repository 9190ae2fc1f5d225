package sh.fazt.mesh.commands;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import sh.fazt.mesh.control.ControlClient;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.netty.ListenAddress;
import sh.fazt.mesh.netty.ListenRefusal;
import sh.fazt.mesh.output.Bar;
import sh.fazt.mesh.output.Glyph;
import sh.fazt.mesh.output.Json;
import sh.fazt.mesh.output.Question;
import sh.fazt.mesh.output.Screen;
import sh.fazt.mesh.roster.InviteToken;

/** {@code fazt mesh join}. */
@Command(
    name = "join",
    description = "Join the mesh of another machine, with what its fazt mesh invite printed.",
    footer = {"", "Example: fazt mesh join https://vps.example.com:8443 --token -"})
final class JoinCommand extends MeshCommand {
  @Parameters(paramLabel = "URL", description = "Where the inviting machine answers.")
  private String url = "";

  @Option(
      names = "--token",
      paramLabel = "TOKEN",
      description = "The token; - reads it from standard input (default: $$FAZT_MESH_TOKEN).")
  private Optional<String> token = Optional.empty();

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "What this node is called: letters, digits, - _ and .")
  private Optional<String> name = Optional.empty();

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      description = "Where the daemon will listen (default: 0.0.0.0:8443, if it is free).")
  private Optional<String> listen = Optional.empty();

  @Option(names = "--yes", description = "Ask nothing.")
  private boolean yes;

  @Option(names = "--dry-run", description = "Compare both sides and change nothing.")
  private boolean dryRun;

  @Option(names = "--no-daemon", description = "Do not start the daemon.")
  private boolean noDaemon;

  @Mixin private final TableOptions tables = new TableOptions();

  JoinCommand(Wiring wiring) {
    super(wiring);
  }

  @Override
  int run(Session session) {
    MissingDatabase.requireFolder(session.database());
    InviteUrl inviter = InviteUrl.parse(url);
    Optional<ListenAddress> address = listen.map(ListenAddress::parse);
    InviteToken invitation = InviteToken.parse(JoinToken.read(token, session.wiring()));
    if (!yes && !dryRun) {
      Question.requireSomebody(session.screen(), session.command(again(listen).words()));
    }
    address.ifPresent(this::requireFree);
    refuseIfRunning(session);
    Personas.Found owner = Personas.of(session.wiring()).findOrDraft();
    String nodeName =
        Names.ofNode(name.orElseGet(() -> Names.ofThisMachine(session.wiring().environment())));
    JoinRequest request =
        new JoinRequest(
            session.database(),
            inviter,
            invitation,
            owner.persona(),
            nodeName,
            address,
            tables.choice());
    JoinNaming.Seen seen = new JoinNaming(session, name).look(request);
    Preview preview = seen.preview();
    Optional<Path> copy = SafetyCopy.of(session, preview);
    JoinView view = new JoinView(session, preview, copy);
    if (dryRun) {
      view.showDryRun();
      return OK;
    }
    if (!session.screen().isJson()) {
      view.showPreview();
    }
    if (!yes && !session.confirms(new Question("Join?", true))) {
      session.screen().hint(Glyph.SKIPPED, "Nothing was changed; the token is still good.");
      return OK;
    }
    copy.ifPresent(target -> session.wiring().replicas().copy(session.database(), target));
    return join(session, seen.request(), view, owner);
  }

  /** The same command; a token that was on the command line is not repeated. */
  private Retyped again(Optional<String> address) {
    Optional<String> from = token.map(given -> given.equals(JoinToken.STDIN) ? given : "TOKEN");
    return tables
        .onto(
            new Retyped("fazt mesh join " + Session.quoted(url))
                .with("--token", from)
                .with("--name", name)
                .with("--listen", address))
        .with("--no-daemon", noDaemon);
  }

  /** Before the token is spent: with another address the same command still works. */
  private void requireFree(ListenAddress address) {
    Optional<ListenRefusal> refusal = ListenRefusal.probe(address);
    if (refusal.isPresent()) {
      Retyped again = again(Optional.of(refusal.get().instead().toString()));
      throw new MeshException(
          refusal.get().code(),
          refusal.get().message() + "; the token is still good",
          again.with("--dry-run", dryRun).with("--yes", yes).words());
    }
  }

  private static void refuseIfRunning(Session session) {
    session
        .daemon()
        .ifPresent(
            daemon -> {
              daemon.close();
              throw new MeshException(
                  ErrorCode.ALREADY_INITIALIZED,
                  session.database() + " is in a mesh already, and its daemon is running",
                  "fazt mesh status");
            });
  }

  private int join(Session session, JoinRequest request, JoinView view, Personas.Found owner) {
    Screen screen = session.screen();
    long start = session.nowMillis();
    // The key must be safe before others learn that it is theirs to trust.
    Personas.of(session.wiring()).keep(owner);
    Joined joined = join(session, request, view.preview());
    if (noDaemon) {
      screen.answer(view.json(request, joined), () -> view.showJoined(request, joined));
      view.adviseJournal();
      screen.hint("Next: " + session.command("fazt mesh daemon --detach"));
      return OK;
    }
    Json.Obj daemon = startDaemon(session);
    Optional<Json.Obj> sync = firstSync(session, view.preview());
    long passed = session.nowMillis() - start;
    Json.Obj result =
        view.json(request, joined)
            .with("daemon", daemon)
            .with("sync", sync.orElseGet(Json::object))
            .with("duration_ms", passed);
    screen.answer(
        result,
        () -> {
          sync.ifPresentOrElse(
              done -> view.showSynced(request, done, passed),
              () -> view.showJoined(request, joined));
          screen.say(Glyph.DONE, DaemonCommand.running(daemon));
        });
    view.adviseJournal();
    if (sync.isEmpty()) {
      screen.hint(Glyph.INFO, "The first exchange still goes on, by itself.");
    }
    screen.hint("Next: " + session.command("fazt mesh status"));
    return OK;
  }

  private static Joined join(Session session, JoinRequest request, Preview preview) {
    try (SlowNote note = SlowNote.of(session, "joining " + preview.nodeName())) {
      return session.wiring().replicas().join(request, preview);
    }
  }

  private static Json.Obj startDaemon(Session session) {
    try {
      return DaemonCommand.launch(session, List.of());
    } catch (MeshException e) {
      throw new MeshException(
          e.code(),
          "joined, but the daemon did not start: " + e.getMessage(),
          e.remedy().orElse("fazt mesh daemon --detach"),
          e);
    }
  }

  /** What was exchanged; empty if it takes longer than a person wants to watch. */
  private static Optional<Json.Obj> firstSync(Session session, Preview preview) {
    try (ControlClient daemon = session.runningDaemon();
        Bar bar = new Bar(session.screen(), session.wiring().nowMillis())) {
      Json.Obj params =
          Json.object()
              .with("timeout_ms", JoinView.PATIENCE.toMillis())
              .with("rows_expected", preview.rowsToCome());
      return Optional.of(SyncCommand.call(daemon, params, bar)).filter(JoinView::isComplete);
    } catch (MeshException e) {
      if (e.code() == ErrorCode.TIMEOUT || e.code() == ErrorCode.PEER_UNREACHABLE) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** Whether a file of rows is there. */
  static boolean hasRows(Path database, Preview preview) {
    return Files.exists(database) && preview.rowsHere() > 0;
  }
}
