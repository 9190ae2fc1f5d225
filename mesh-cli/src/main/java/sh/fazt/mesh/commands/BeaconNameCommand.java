package sh.fazt.mesh.commands;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import sh.fazt.mesh.output.Glyph;
import sh.fazt.mesh.output.Json;

/** {@code fazt beacon set-name}. */
@Command(
    name = "set-name",
    description = {
      "Choose what this node is called on the local network.",
      "In the mesh it keeps the name that it was admitted with."
    })
final class BeaconNameCommand extends MeshCommand {
  @Parameters(paramLabel = "NAME", description = "1 to 64 bytes.")
  private String name = "";

  BeaconNameCommand(Wiring wiring) {
    super(wiring);
  }

  @Override
  int run(Session session) {
    Json.Obj beacon = session.ask("beacon-name", Json.object().with("name", name));
    boolean announced = beacon.flag("announcing");
    session
        .screen()
        .answer(
            beacon,
            () ->
                session
                    .screen()
                    .say(
                        Glyph.DONE,
                        (announced ? "Announced as " : "To be announced as ")
                            + beacon.text("name")));
    session.screen().hint("Next: " + session.command("fazt beacon status"));
    return OK;
  }
}
