package sh.fazt.mesh.commands;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import sh.fazt.mesh.identity.RecoveryPhrase;
import sh.fazt.mesh.netty.ListenAddress;
import sh.fazt.mesh.output.Bar;
import sh.fazt.mesh.output.Json;

/** {@code fazt mesh init}. */
@Command(
    name = "init",
    description = "Found a mesh with this database as its first node.",
    footer = {"", "Example: fazt mesh init --name vps --listen 0.0.0.0:8443"})
final class InitCommand extends MeshCommand {
  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "What this node is called: letters, digits, - _ and .")
  private Optional<String> name = Optional.empty();

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      description = "Where the daemon will listen (default: 0.0.0.0:8443).")
  private Optional<String> listen = Optional.empty();

  @Option(names = "--dry-run", description = "Show the plan and change nothing.")
  private boolean dryRun;

  /** For scripts that pass it everywhere: init destroys nothing, so it asks nothing. */
  @Option(names = "--yes", description = "Ask nothing.")
  boolean yes;

  @Mixin private final TableOptions tables = new TableOptions();

  @Mixin private final PhraseOptions phrase = new PhraseOptions();

  InitCommand(Wiring wiring) {
    super(wiring);
  }

  @Override
  int run(Session session) {
    Path database = session.existingDatabase();
    String nodeName =
        Names.ofNode(name.orElseGet(() -> Names.ofThisMachine(session.wiring().environment())));
    Optional<ListenAddress> address = listen.map(ListenAddress::parse);
    if (dryRun) {
      new InitView(session)
          .showPlan(session.wiring().replicas().plan(database, tables.choice()), again());
      return OK;
    }
    // Planning first: a database that cannot be taken in leaves no persona behind.
    session.wiring().replicas().plan(database, tables.choice());
    phrase.check(session.screen(), session.command(again().words()));
    Optional<RecoveryPhrase> words = phrase.draw(session.wiring());
    Personas.Found owner = Personas.of(session.wiring()).findOrCreate();
    Founding founding =
        new Founding(database, owner.persona(), nodeName, address, tables.choice(), words);
    Founded founded;
    try (Bar bar = new Bar(session.screen(), session.wiring().nowMillis())) {
      founded = session.wiring().replicas().found(founding, new BarNotes(bar));
    }
    Json.Obj result =
        TablesDocument.of(founded.plan())
            .with("node", Json.object().with("id", founded.nodeId()).with("name", nodeName))
            .with("mesh", Json.object().with("id", founded.meshId()))
            .with("persona", Json.object().with("name", owner.persona().name()))
            .with("recoverable", words.isPresent());
    InitView view = new InitView(session);
    session.screen().answer(result, () -> view.showFounded(founding, founded, owner.isNew()));
    words.ifPresent(shown -> phrase.show(session, shown));
    view.adviseFounded();
    return OK;
  }

  private Retyped again() {
    return tables.onto(new Retyped("fazt mesh init").with("--name", name).with("--listen", listen));
  }
}
