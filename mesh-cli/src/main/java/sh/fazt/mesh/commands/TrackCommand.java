package sh.fazt.mesh.commands;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.output.Glyph;
import sh.fazt.mesh.output.Json;
import sh.fazt.mesh.output.Units;

/** {@code fazt mesh track}. */
@Command(name = "track", description = "Replicate these tables from now on.")
final class TrackCommand extends MeshCommand {
  @Parameters(paramLabel = "TABLE", arity = "1..*", description = "Tables of this database.")
  private List<String> tables = new ArrayList<>();

  @Option(names = "--i-know", description = "Allow tables with secrets and sessions.")
  private boolean iKnow;

  @Option(
      names = "--no-guard",
      description = "From now on let deletes of more than half of these tables pass here.")
  private boolean noGuard;

  @Option(names = "--guard", description = "Hold them again, as by default.")
  private boolean guard;

  @Option(
      names = "--merge",
      paramLabel = "COLUMN=TYPE",
      split = ",",
      description =
          "How columns of the one table merge on all nodes: lww, counter, max, min, first, keep-all.")
  private Map<String, String> merge = new LinkedHashMap<>();

  TrackCommand(Wiring wiring) {
    super(wiring);
  }

  @Override
  int run(Session session) {
    Json.Obj params = Json.object().with("tables", Json.texts(tables)).with("i_know", iKnow);
    if (guard || noGuard) {
      params = params.with("guard", !noGuard);
    }
    if (!merge.isEmpty()) {
      if (tables.size() > 1) {
        throw new MeshException(
            ErrorCode.USAGE,
            "--merge is about the columns of one table, and there are " + tables.size(),
            "fazt mesh track --help");
      }
      params = params.with("merge", MergeWords.document(merge));
    }
    Json.Obj result = session.ask("track", params);
    session
        .screen()
        .answer(
            result,
            () -> {
              for (Json.Obj table : result.objects("tables")) {
                session
                    .screen()
                    .say(
                        Glyph.DONE,
                        "Replicating "
                            + table.text("name")
                            + ", "
                            + Units.count(table.whole("rows"), "row"));
                merge.forEach(
                    (column, type) ->
                        session.screen().say(Glyph.DONE, column + rule(type) + ", on all nodes"));
                if (table.flag("automatic_key")) {
                  session.screen().say(Glyph.WARNING, merges(table.text("name")));
                }
              }
            });
    session.screen().hint("Next: " + session.command("fazt mesh tables"));
    return OK;
  }

  private static String rule(String type) {
    return type.equals("lww") ? ": the last write wins" : " merges as " + type;
  }

  private static String merges(String table) {
    return table
        + " numbers its rows by itself: where two nodes each add a row 7, the two become one row;"
        + " keys that no two nodes choose alike, such as UUIDs, prevent that";
  }
}
