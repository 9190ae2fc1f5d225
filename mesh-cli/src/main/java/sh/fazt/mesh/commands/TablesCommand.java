package sh.fazt.mesh.commands;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import sh.fazt.mesh.output.Glyph;
import sh.fazt.mesh.output.Json;
import sh.fazt.mesh.output.Table;
import sh.fazt.mesh.output.Units;

/** {@code fazt mesh tables}. */
@Command(name = "tables", description = "List the tables: which replicate, which stay, and why.")
final class TablesCommand extends MeshCommand {
  TablesCommand(Wiring wiring) {
    super(wiring);
  }

  @Override
  int run(Session session) {
    Json.Obj tables = session.ask("tables", Json.object());
    session.screen().answer(tables, () -> session.screen().table(table(tables)));
    if (tables.flag("dry_run")) {
      session
          .screen()
          .hint(
              Glyph.INFO,
              "Nothing replicates yet; this is what would. Do it: "
                  + session.command("fazt mesh init"));
      return OK;
    }
    merges(session, tables);
    cures(session, tables);
    session
        .screen()
        .hint(
            Glyph.INFO, "Change it: " + session.command("fazt mesh track TABLE") + ", or untrack");
    return OK;
  }

  /** The columns of which not simply the last write wins. */
  private static void merges(Session session, Json.Obj tables) {
    for (Json.Obj table : tables.objects("tables")) {
      MergeWords.of(table.object("merge"))
          .forEach(
              (column, type) ->
                  session
                      .screen()
                      .hint(Glyph.INFO, table.text("name") + "." + column + " merges as " + type));
    }
  }

  /** How what waits comes to show. */
  private static void cures(Session session, Json.Obj tables) {
    for (Json.Obj table : tables.objects("tables")) {
      for (Json.Obj waiting : table.objects("waiting")) {
        String name = table.text("name");
        String there = "; there: sqlite3 FILE " + Session.quoted(".schema " + name);
        if (waiting.text("reason").equals("column_missing")) {
          String column = waiting.text("column");
          session
              .screen()
              .hint(
                  Glyph.INFO,
                  "Give "
                      + name
                      + " its column "
                      + column
                      + " by ALTER TABLE, with the type and default that it has on the others"
                      + there);
        } else if (waiting.text("reason").equals("table_missing")) {
          session
              .screen()
              .hint(
                  Glyph.INFO,
                  "Make "
                      + name
                      + " as it is on the others, then: "
                      + session.command("fazt mesh track " + Session.quoted(name))
                      + there);
        }
      }
    }
  }

  static Table table(Json.Obj tables) {
    Table table = Table.of("TABLE", ">ROWS", "STATE", "WHY");
    for (Json.Obj entry : tables.objects("tables")) {
      table =
          table.row(
              entry.text("name"),
              entry.has("rows") ? Units.count(entry.whole("rows")) : "-",
              state(entry.text("state")),
              why(entry));
    }
    return table;
  }

  private static String why(Json.Obj entry) {
    List<String> parts = new ArrayList<>();
    if (!entry.text("reason").isEmpty()) {
      parts.add(entry.text("reason"));
    }
    entry.objects("waiting").forEach(each -> parts.add(WaitingDocument.phrase(each)));
    if (entry.whole("set_aside") > 0) {
      parts.add(Units.count(entry.whole("set_aside"), "row") + " set aside");
    }
    return String.join("; ", parts);
  }

  /** What a person reads for a {@code TableStatus.State}. */
  private static String state(String state) {
    return switch (state) {
      case "replicated" -> "replicated";
      case "home" -> "stays home";
      case "refused" -> "cannot be";
      case "missing" -> "not here yet";
      default -> state;
    };
  }
}
