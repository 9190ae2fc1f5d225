package sh.fazt.mesh.commands;

import picocli.CommandLine.Command;
import sh.fazt.mesh.control.ControlClient;
import sh.fazt.mesh.control.Notes;
import sh.fazt.mesh.output.Glyph;
import sh.fazt.mesh.output.Json;
import sh.fazt.mesh.output.Screen;
import sh.fazt.mesh.output.Units;

/** {@code fazt beacon scan}. */
@Command(
    name = "scan",
    description =
        "Ask which nodes of this mesh are on the local network, and listen for 5 seconds.")
final class BeaconScanCommand extends MeshCommand {
  BeaconScanCommand(Wiring wiring) {
    super(wiring);
  }

  @Override
  int run(Session session) {
    session.existingDatabase();
    Json.Obj beacon;
    try (ControlClient daemon = session.runningDaemon();
        SlowNote note = SlowNote.of(session, "listening for 5 seconds")) {
      beacon = daemon.call("beacon-scan", Json.object(), Notes.NONE, Session.ANSWER_SILENCE);
    }
    Screen screen = session.screen();
    BeaconView view = new BeaconView(beacon, session.nowMillis());
    int found = beacon.objects("found").size();
    screen.answer(
        beacon,
        () -> {
          view.showFound(screen);
          if (found > 0) {
            screen.say(
                Glyph.DONE,
                Units.count(found, "other node") + (found == 1 ? " is near" : " are near"));
          }
        });
    screen.hint(
        Glyph.INFO,
        found > 0
            ? "How they are linked: " + session.command("fazt mesh peers")
            : "It must be on the same network, its daemon must run, and UDP port "
                + beacon.whole("udp_port")
                + " must be open on both");
    return OK;
  }
}
