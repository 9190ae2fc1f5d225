package sh.fazt.mesh.commands;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import sh.fazt.mesh.output.Glyph;
import sh.fazt.mesh.output.Json;
import sh.fazt.mesh.output.Units;

/** {@code fazt mesh untrack}. */
@Command(
    name = "untrack",
    description = "Stop replicating these tables here. Their rows stay, here and elsewhere.")
final class UntrackCommand extends MeshCommand {
  @Parameters(paramLabel = "TABLE", arity = "1..*", description = "Tables that replicate.")
  private List<String> tables = new ArrayList<>();

  @Option(names = "--dry-run", description = "Show what would happen and change nothing.")
  private boolean dryRun;

  UntrackCommand(Wiring wiring) {
    super(wiring);
  }

  @Override
  int run(Session session) {
    Json.Obj params = Json.object().with("tables", Json.texts(tables)).with("dry_run", dryRun);
    Json.Obj result = session.ask("untrack", params);
    session.screen().answer(result.with("dry_run", dryRun), () -> show(session, result, dryRun));
    if (dryRun) {
      String words = "fazt mesh untrack " + String.join(" ", tables);
      session.screen().hint(Glyph.INFO, "Nothing was changed. Do it: " + session.command(words));
    } else {
      session.screen().hint("Next: " + session.command("fazt mesh tables"));
    }
    return OK;
  }

  private static void show(Session session, Json.Obj result, boolean dryRun) {
    for (Json.Obj table : result.objects("tables")) {
      session
          .screen()
          .say(
              dryRun ? Glyph.INFO : Glyph.DONE,
              table.text("name")
                  + (dryRun ? " would no longer replicate" : " no longer replicates")
                  + "; its "
                  + Units.count(table.whole("rows"), "row")
                  + (table.whole("rows") == 1 ? " stays" : " stay"));
    }
  }
}
