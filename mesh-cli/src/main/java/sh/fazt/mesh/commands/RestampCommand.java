package sh.fazt.mesh.commands;

import picocli.CommandLine.Command;
import sh.fazt.mesh.control.ControlClient;
import sh.fazt.mesh.control.Notes;
import sh.fazt.mesh.output.Glyph;
import sh.fazt.mesh.output.Json;
import sh.fazt.mesh.output.Units;

/** {@code fazt mesh restamp}. */
@Command(
    name = "restamp",
    description = {
      "Sign again, with the time of now, what was written here while this machine's clock was ahead.",
      "Set the clock right first; a peer must be in reach to compare it with."
    })
final class RestampCommand extends MeshCommand {
  RestampCommand(Wiring wiring) {
    super(wiring);
  }

  @Override
  int run(Session session) {
    session.existingDatabase();
    Json.Obj result;
    try (ControlClient daemon = session.runningDaemon()) {
      result = daemon.call("restamp", Json.object(), Notes.NONE, Session.ANSWER_SILENCE);
    }
    long rows = result.whole("rows");
    session
        .screen()
        .answer(
            result,
            () ->
                session
                    .screen()
                    .say(
                        rows == 0 ? Glyph.INFO : Glyph.DONE,
                        rows == 0
                            ? "Nothing was written ahead of its time"
                            : Units.count(rows, "row") + " signed again, with the time of now"));
    session.screen().hint("Next: " + session.command("fazt mesh status"));
    return OK;
  }
}
