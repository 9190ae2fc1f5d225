package sh.fazt.mesh.commands;

import java.util.List;
import java.util.stream.Collectors;
import sh.fazt.mesh.output.Glyph;
import sh.fazt.mesh.output.Json;
import sh.fazt.mesh.output.Screen;

/** Gives a lost value back and says what came of it. */
final class RestoreView {
  private RestoreView() {}

  static int run(Session session, long number) {
    Json.Obj answer = session.ask("restore", Json.object().with("number", number));
    Json.Obj restored = answer.object("restored");
    session.screen().answer(answer, () -> say(session.screen(), restored));
    if (!restored.flag("unchanged")) {
      session
          .screen()
          .hint(
              Glyph.INFO,
              instead(restored.object("conflict"))
                  + (answer.flag("running")
                      ? "The other nodes get it by themselves, as any write"
                      : "It goes to the other nodes once the daemon runs: "
                          + session.command("fazt mesh daemon --detach")));
    }
    return MeshCommand.OK;
  }

  private static void say(Screen screen, Json.Obj restored) {
    Json.Obj conflict = restored.object("conflict");
    String row = conflict.text("table") + "/" + conflict.text("key");
    String cell = row + " " + conflict.text("column");
    String now = Spoken.brief(restored.text("now"));
    if (!restored.objects("row").isEmpty()) {
      screen.say(Glyph.DONE, row + " is back: " + values(restored.objects("row")));
      List<String> unknown = restored.texts("unknown_columns");
      if (!unknown.isEmpty()) {
        screen.say(
            Glyph.WARNING,
            "nobody ever wrote "
                + String.join(", ", unknown)
                + (unknown.size() == 1 ? ": it has its default" : ": they have their defaults"));
      }
    } else if (restored.flag("unchanged")) {
      screen.say(Glyph.DONE, cell + " is " + now + " already; nothing was written");
    } else if (restored.text("now").equals(conflict.text("lost"))) {
      screen.say(Glyph.DONE, cell + " is " + now + " again");
    } else {
      screen.say(
          Glyph.WARNING,
          cell
              + " is "
              + now
              + ", not "
              + Spoken.brief(conflict.text("lost"))
              + ": the column's type or a trigger of the table made that of it");
    }
  }

  /** What was overwritten, for a second thought. */
  private static String instead(Json.Obj conflict) {
    if (!conflict.has("now")) {
      return "";
    }
    String by = conflict.has("now_by") ? " (" + conflict.text("now_by") + ")" : "";
    return "It was " + Spoken.brief(conflict.text("now")) + by + ". ";
  }

  private static String values(List<Json.Obj> row) {
    return row.stream()
        .map(each -> each.text("column") + " " + Spoken.brief(each.text("value")))
        .collect(Collectors.joining(", "));
  }
}
