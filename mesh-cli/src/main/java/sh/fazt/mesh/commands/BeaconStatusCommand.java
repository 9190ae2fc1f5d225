package sh.fazt.mesh.commands;

import picocli.CommandLine.Command;
import sh.fazt.mesh.output.Glyph;
import sh.fazt.mesh.output.Json;

/** {@code fazt beacon status}. */
@Command(
    name = "status",
    description = "Show how this node is announced on the local network, and who was heard there.")
final class BeaconStatusCommand extends MeshCommand {
  BeaconStatusCommand(Wiring wiring) {
    super(wiring);
  }

  @Override
  int run(Session session) {
    Json.Obj beacon = session.ask("beacon", Json.object());
    String run = beacon.text("run");
    Json.Obj shown = run.isEmpty() ? beacon : beacon.with("run", session.command(run));
    BeaconView view = new BeaconView(shown, session.nowMillis());
    session.screen().answer(shown, () -> view.show(session.screen()));
    if (run.isEmpty()) {
      session.screen().hint(Glyph.INFO, "Ask anew: " + session.command("fazt beacon scan"));
    } else {
      session.screen().hint(Glyph.INFO, "Change it: " + shown.text("run"));
    }
    return OK;
  }
}
