package sh.fazt.mesh.commands;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import sh.fazt.mesh.output.Glyph;
import sh.fazt.mesh.output.Json;
import sh.fazt.mesh.output.Table;
import sh.fazt.mesh.roster.Role;

/** {@code fazt mesh peers}. */
@Command(name = "peers", description = "List the other nodes: who owns them, how they are reached.")
final class PeersCommand extends MeshCommand {
  private static final String FULL = Role.FULL.toString();

  private static final List<String> HEADINGS =
      List.of("NAME", "ID", "OWNER", "STATE", "PATH", ">RTT", "VERSION");

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
    boolean limited = peers.stream().anyMatch(peer -> !role(peer).equals(FULL));
    Table table = Table.of(cells(limited, "ROLE", HEADINGS));
    for (Json.Obj peer : peers) {
      table =
          table.row(
              cells(
                  limited,
                  role(peer),
                  List.of(
                      peer.text("name"),
                      peer.text("id"),
                      orDash(peer.text("owner")),
                      StatusView.state(peer),
                      StatusView.path(peer),
                      StatusView.rtt(peer),
                      orDash(peer.text("version")))));
    }
    session.screen().table(table);
  }

  /** A column of roles behind the owners, where some member may not do everything. */
  private static String[] cells(boolean limited, String role, List<String> others) {
    List<String> cells = new ArrayList<>(others);
    if (limited) {
      cells.add(HEADINGS.indexOf("OWNER") + 1, role);
    }
    return cells.toArray(String[]::new);
  }

  private static String role(Json.Obj peer) {
    return peer.has("role") ? peer.text("role") : FULL;
  }

  private static String orDash(String text) {
    return text.isEmpty() ? "-" : text;
  }
}
