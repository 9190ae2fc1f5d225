package sh.fazt.mesh.commands;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import sh.fazt.mesh.TablePlan;
import sh.fazt.mesh.TableStatus;
import sh.fazt.mesh.netty.ListenAddress;
import sh.fazt.mesh.output.Bar;
import sh.fazt.mesh.output.Glyph;
import sh.fazt.mesh.output.Json;
import sh.fazt.mesh.output.Screen;
import sh.fazt.mesh.output.Units;

/** {@code fazt mesh init}. */
@Command(
    name = "init",
    description = "Found a mesh with this database as its first node.",
    footer = {"", "Example: fazt mesh init --name vps --listen 0.0.0.0:8443"})
final class InitCommand extends MeshCommand {
  @Option(names = "--name", paramLabel = "NAME", description = "What this node is called.")
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

  InitCommand(Wiring wiring) {
    super(wiring);
  }

  @Override
  int run(Session session) {
    Path database = session.existingDatabase();
    String nodeName =
        Names.checked(name.orElseGet(() -> Names.ofThisMachine(session.wiring().environment())));
    Optional<ListenAddress> address = listen.map(ListenAddress::parse);
    if (dryRun) {
      showPlan(session, session.wiring().replicas().plan(database, tables.choice()));
      return OK;
    }
    // Planning first: a database that cannot be taken in leaves no persona behind.
    session.wiring().replicas().plan(database, tables.choice());
    Personas.Found owner = Personas.of(session.wiring()).findOrCreate();
    Founding founding = new Founding(database, owner.persona(), nodeName, address, tables.choice());
    Founded founded;
    try (Bar bar = new Bar(session.screen(), session.wiring().nowMillis())) {
      founded = session.wiring().replicas().found(founding, new BarNotes(bar));
    }
    Json.Obj result =
        TablesDocument.of(founded.plan())
            .with("node", Json.object().with("id", founded.nodeId()).with("name", nodeName))
            .with("mesh", Json.object().with("id", founded.meshId()))
            .with("persona", Json.object().with("name", owner.persona().name()));
    session.screen().answer(result, () -> showFounded(session, founding, founded, owner.isNew()));
    return OK;
  }

  private static void showFounded(
      Session session, Founding founding, Founded founded, boolean personaIsNew) {
    Screen screen = session.screen();
    String owner = founding.persona().name();
    String node = "node " + founding.nodeName() + "  " + founded.nodeId();
    screen.say(
        Glyph.DONE,
        personaIsNew
            ? "Created persona " + owner + " and " + node
            : "Created " + node + "  owner " + owner);
    showTables(session, founded.plan(), "Replicating ");
    screen.hint(
        Glyph.INFO,
        "Start it: "
            + session.command("fazt mesh daemon")
            + "      Invite another machine: "
            + session.command("fazt mesh invite"));
  }

  private static void showTables(Session session, TablePlan plan, String verb) {
    Screen screen = session.screen();
    List<TableStatus> replicated = plan.in(TableStatus.State.REPLICATED);
    screen.say(
        Glyph.DONE,
        verb
            + Units.count(replicated.size(), "table")
            + ", "
            + Units.count(plan.rows(), "row")
            + plan.preset().map(preset -> " (preset " + preset + ")").orElse(""));
    List<TableStatus> home = plan.in(TableStatus.State.HOME);
    if (!home.isEmpty()) {
      String kinds =
          home.stream()
              .flatMap(table -> table.reason().stream())
              .distinct()
              .collect(Collectors.joining(", "));
      screen.say(
          Glyph.INFO,
          "Staying home: "
              + Units.count(home.size(), "table")
              + " ("
              + kinds
              + "); see: "
              + session.command("fazt mesh tables"));
    }
    for (TableStatus refused : plan.in(TableStatus.State.REFUSED)) {
      screen.say(
          Glyph.WARNING, "Not replicated: " + refused.name() + ": " + refused.reason().orElse(""));
    }
  }

  private static void showPlan(Session session, TablePlan plan) {
    Screen screen = session.screen();
    screen.answer(
        TablesDocument.of(plan).with("dry_run", true),
        () -> {
          screen.table(TablesCommand.table(TablesDocument.of(plan)));
          showTables(session, plan, "Would replicate ");
        });
    screen.hint(Glyph.INFO, "Nothing was changed. Do it: " + session.command("fazt mesh init"));
  }
}
