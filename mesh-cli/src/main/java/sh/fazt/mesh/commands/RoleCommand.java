package sh.fazt.mesh.commands;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import sh.fazt.mesh.output.Glyph;
import sh.fazt.mesh.output.Json;
import sh.fazt.mesh.output.Screen;
import sh.fazt.mesh.roster.Role;

/** {@code fazt mesh role}. */
@Command(
    name = "role",
    description = {
      "Say what a node may do: full reads and writes, read only reads, relay only carries.",
      "What it wrote until now stays. What is written on a node that may not write goes to its"
          + " conflicts."
    })
final class RoleCommand extends MeshCommand {
  @Parameters(
      index = "0",
      paramLabel = "PEER",
      description = "Its name or id, as in: fazt mesh peers")
  private String peer = "";

  @Parameters(
      index = "1",
      paramLabel = "ROLE",
      converter = Roles.class,
      description = "full, read or relay.")
  private Role role = Role.FULL;

  RoleCommand(Wiring wiring) {
    super(wiring);
  }

  @Override
  int run(Session session) {
    Json.Obj params = Json.object().with("peer", peer).with("role", role.toString());
    Json.Obj answer = session.ask("role", params);
    Screen screen = session.screen();
    screen.answer(
        answer,
        () -> {
          screen.say(
              Glyph.DONE,
              answer.text("name")
                  + "  "
                  + answer.text("id")
                  + " is "
                  + sentence(answer.text("role")));
          if (!answer.flag("daemon_running")) {
            screen.say(Glyph.INFO, "The other nodes hear of it once the daemon runs here");
          }
        });
    screen.hint("Next: " + session.command("fazt mesh peers"));
    return OK;
  }

  private static String sentence(String role) {
    return switch (role) {
      case "read" -> "read: it reads, and may not write";
      case "relay" -> "relay: it carries for others, and may not write";
      default -> "full: it reads and writes, and admits others";
    };
  }
}
