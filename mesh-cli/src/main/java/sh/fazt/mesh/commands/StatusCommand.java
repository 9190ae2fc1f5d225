package sh.fazt.mesh.commands;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import sh.fazt.mesh.output.Glyph;
import sh.fazt.mesh.output.Json;

/** {@code fazt mesh status}. */
@Command(
    name = "status",
    description = "Show this node, its peers and how far they are. Works without a daemon.")
final class StatusCommand extends MeshCommand {
  /** What {@code --check} ends with when somebody should look. */
  static final int DEGRADED = 6;

  @Option(names = "--check", description = "Exit with 6 if something needs attention.")
  private boolean check;

  StatusCommand(Wiring wiring) {
    super(wiring);
  }

  @Override
  int run(Session session) {
    Json.Obj status = Warnings.ofSession(session, session.ask("status", Json.object()));
    Json.Obj database = status.object("db").with("path", session.database().toString());
    Json.Obj shown = status.with("db", database);
    StatusView view = new StatusView(shown, session.nowMillis());
    session.screen().answer(shown, () -> view.show(session.screen()));
    if (!shown.object("daemon").flag("running")) {
      session
          .screen()
          .hint(Glyph.INFO, "Start it: " + session.command("fazt mesh daemon --detach"));
    } else if (shown.objects("peers").isEmpty() && !shown.text("verdict").equals("removed")) {
      session
          .screen()
          .hint(Glyph.INFO, "Invite another machine: " + session.command("fazt mesh invite"));
    }
    return check && view.isDegraded() ? DEGRADED : OK;
  }
}
