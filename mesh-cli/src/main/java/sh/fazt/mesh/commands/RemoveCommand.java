package sh.fazt.mesh.commands;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import sh.fazt.mesh.output.Glyph;
import sh.fazt.mesh.output.Json;
import sh.fazt.mesh.output.Question;
import sh.fazt.mesh.output.Screen;

/** {@code fazt mesh remove}. */
@Command(
    name = "remove",
    description = {
      "Put a node out of the mesh, for good, as when it was lost or stolen.",
      "Its data stays on it. What it wrote until now stays everywhere; what it writes from now on"
          + " goes nowhere."
    })
final class RemoveCommand extends MeshCommand {
  @Parameters(paramLabel = "PEER", description = "Its name or id, as in: fazt mesh peers")
  private String peer = "";

  @Option(names = "--yes", description = "Ask nothing.")
  private boolean yes;

  RemoveCommand(Wiring wiring) {
    super(wiring);
  }

  @Override
  int run(Session session) {
    Screen screen = session.screen();
    String typed = session.command("fazt mesh remove " + Session.quoted(peer));
    Json.Obj params = Json.object().with("peer", peer);
    Json.Obj plan = session.ask("remove", params.with("dry_run", true));
    if (!yes) {
      Question.requireSomebody(screen, typed);
    }
    if (!yes && !session.confirms(new Question(question(plan), false))) {
      screen.hint(Glyph.SKIPPED, "Nothing was changed.");
      return OK;
    }
    Json.Obj answer = session.ask("remove", params);
    screen.answer(answer, () -> show(screen, answer));
    screen.hint("Next: " + session.command("fazt mesh peers"));
    return OK;
  }

  private static String question(Json.Obj plan) {
    return "Remove "
        + plan.text("name")
        + "  "
        + plan.text("id")
        + "  of "
        + plan.text("owner")
        + ", for good? It keeps its copy of the data, and its key can never come back.";
  }

  private static void show(Screen screen, Json.Obj answer) {
    screen.say(Glyph.DONE, "Removed " + answer.text("name") + "  " + answer.text("id"));
    screen.say(
        Glyph.INFO,
        answer.flag("daemon_running")
            ? "Nodes that are connected part from it now, the others as soon as they hear of it"
            : "The other nodes hear of it once the daemon runs here");
    screen.say(
        Glyph.INFO,
        "It can still read what it holds; if it was stolen, change the secrets that were in there");
  }
}
