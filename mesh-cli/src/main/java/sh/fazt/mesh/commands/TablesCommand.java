package sh.fazt.mesh.commands;

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
    session
        .screen()
        .hint(
            Glyph.INFO, "Change it: " + session.command("fazt mesh track TABLE") + ", or untrack");
    return OK;
  }

  private static Table table(Json.Obj tables) {
    Table table = Table.of("TABLE", ">ROWS", "STATE", "WHY");
    for (Json.Obj entry : tables.objects("tables")) {
      table =
          table.row(
              entry.text("name"),
              Units.count(entry.whole("rows")),
              state(entry.text("state")),
              entry.text("reason"));
    }
    return table;
  }

  /** What a person reads for a state of {@link TablePlan.Fate}. */
  static String state(String state) {
    return switch (state) {
      case "replicated" -> "replicated";
      case "home" -> "stays home";
      case "refused" -> "cannot be";
      default -> state;
    };
  }
}
