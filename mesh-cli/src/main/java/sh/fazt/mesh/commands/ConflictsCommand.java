package sh.fazt.mesh.commands;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import sh.fazt.mesh.output.Glyph;
import sh.fazt.mesh.output.Json;
import sh.fazt.mesh.output.Table;
import sh.fazt.mesh.output.Units;

/** {@code fazt mesh conflicts}. */
@Command(
    name = "conflicts",
    description = "List values that lost to a concurrent write. They are kept; nothing is lost.")
final class ConflictsCommand extends MeshCommand {
  private static final int CELL_LETTERS_MAX = 40;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "20",
      converter = Limit.class,
      description = "How many, up to 1000 (default: ${DEFAULT-VALUE}).")
  private int limit;

  ConflictsCommand(Wiring wiring) {
    super(wiring);
  }

  @Override
  int run(Session session) {
    Json.Obj answer = session.ask("conflicts", Json.object().with("limit", (long) limit));
    List<Json.Obj> conflicts = answer.objects("conflicts");
    session.screen().answer(answer, () -> show(session, conflicts));
    if (!conflicts.isEmpty()) {
      session
          .screen()
          .hint(
              Glyph.INFO,
              "Values whole, as SQL: "
                  + session.command("fazt mesh conflicts --json")
                  + "      To have one back, write it again with "
                  + statement(conflicts));
    }
    return OK;
  }

  private static String statement(List<Json.Obj> conflicts) {
    long gone = conflicts.stream().filter(conflict -> !conflict.has("now")).count();
    if (gone == 0) {
      return "an UPDATE";
    }
    return gone == conflicts.size()
        ? "an INSERT, since its row is gone"
        : "an UPDATE, or with an INSERT where the row is gone (NOW is -)";
  }

  private static void show(Session session, List<Json.Obj> conflicts) {
    if (conflicts.isEmpty()) {
      session.screen().say(Glyph.DONE, "no value lost to another");
      return;
    }
    Table table = Table.of("FOUND", "TABLE", "ROW", "COLUMN", "NOW", "LOST", "BECAUSE");
    for (Json.Obj conflict : conflicts) {
      table =
          table.row(
              Units.ago(conflict.whole("at"), session.nowMillis()),
              conflict.text("table"),
              shortened(ConflictsDocument.row(conflict)),
              conflict.text("column"),
              conflict.has("now") ? shortened(conflict.text("now")) : "-",
              shortened(conflict.text("lost")) + " (" + conflict.text("lost_by") + ")",
              because(conflict));
    }
    session.screen().table(table);
  }

  private static String because(Json.Obj conflict) {
    return conflict.text("rule").equals("deleted")
        ? "deleted by " + conflict.text("kept_by")
        : conflict.text("kept_by") + " wrote later";
  }

  private static String shortened(String text) {
    return text.codePointCount(0, text.length()) <= CELL_LETTERS_MAX
        ? text
        : text.substring(0, text.offsetByCodePoints(0, CELL_LETTERS_MAX - 1)) + "…";
  }
}
