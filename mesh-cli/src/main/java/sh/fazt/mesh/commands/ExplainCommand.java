package sh.fazt.mesh.commands;

import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import sh.fazt.mesh.output.Json;

/** {@code fazt mesh explain}. */
@Command(
    name = "explain",
    description = "Say why a row is as it is: who wrote what, when, and which rule decided.",
    footer = {
      "",
      "A key of several columns is typed with / between: app_7f3k/theme. A part in the quotes of",
      "SQL is taken as it is: \"'a/b'/theme\", \"'7'\" for a text and 7 for a number where the column",
      "takes both, \"x'00ff'\" for a blob."
    })
final class ExplainCommand extends MeshCommand {
  @Parameters(index = "0", paramLabel = "TABLE", description = "A table that replicates.")
  private String table = "";

  @Parameters(index = "1", paramLabel = "KEY", description = "The row's key.")
  private String key = "";

  @Parameters(
      index = "2",
      arity = "0..1",
      paramLabel = "COLUMN",
      description = "This column alone.")
  private Optional<String> column = Optional.empty();

  ExplainCommand(Wiring wiring) {
    super(wiring);
  }

  @Override
  int run(Session session) {
    Json.Obj params = Json.object().with("table", table).with("key", key);
    Json.Obj story =
        session.ask("explain", column.map(name -> params.with("column", name)).orElse(params));
    session.screen().answer(story, () -> new ExplainView(session, story).show());
    return OK;
  }
}
