package sh.fazt.mesh.commands;

import java.util.List;
import picocli.CommandLine.Command;
import sh.fazt.mesh.output.Glyph;
import sh.fazt.mesh.output.Json;
import sh.fazt.mesh.output.Table;

/** {@code fazt mesh peers}. */
@Command(name = "peers", description = "List the other nodes: who owns them, how they are reached.")
final class PeersCommand extends MeshCommand {
  PeersCommand(Wiring wiring) {
    super(wiring);
  }

  @Override
  int run(Session session) {
    List<Json.Obj> peers = session.ask("status", Json.object()).objects("peers");
    session
        .screen()
        .answer(Json.object().with("peers", Json.array(peers)), () -> show(session, peers));
    return OK;
  }

  private static void show(Session session, List<Json.Obj> peers) {
    if (peers.isEmpty()) {
      session.screen().say(Glyph.OFF, "no peer yet");
      session
          .screen()
          .hint(Glyph.INFO, "Invite another machine: " + session.command("fazt mesh invite"));
      return;
    }
    Table table = Table.of("NAME", "ID", "OWNER", "STATE", "PATH", ">RTT", "VERSION");
    for (Json.Obj peer : peers) {
      table =
          table.row(
              peer.text("name"),
              peer.text("id"),
              orDash(peer.text("owner")),
              StatusView.state(peer),
              StatusView.path(peer),
              StatusView.rtt(peer),
              orDash(peer.text("version")));
    }
    session.screen().table(table);
  }

  private static String orDash(String text) {
    return text.isEmpty() ? "-" : text;
  }
}
