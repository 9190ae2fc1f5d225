package sh.fazt.mesh.commands;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import sh.fazt.mesh.output.Glyph;
import sh.fazt.mesh.output.Json;
import sh.fazt.mesh.output.Table;
import sh.fazt.mesh.output.Units;

/** {@code fazt mesh log}. */
@Command(
    name = "log",
    description = "List the latest batches of changes: whose, when, which tables.")
final class LogCommand extends MeshCommand {
  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "20",
      converter = Limit.class,
      description = "How many batches, up to 1000 (default: ${DEFAULT-VALUE}).")
  private int limit;

  @Option(
      names = "--table",
      paramLabel = "TABLE",
      description = "Those with changes of this table.")
  private Optional<String> table = Optional.empty();

  LogCommand(Wiring wiring) {
    super(wiring);
  }

  @Override
  int run(Session session) {
    Json.Obj params = Json.object().with("limit", (long) limit);
    Json.Obj log = session.ask("log", table.map(name -> params.with("table", name)).orElse(params));
    session.screen().answer(log, () -> show(session, log.objects("entries"), table));
    return OK;
  }

  private static void show(Session session, List<Json.Obj> entries, Optional<String> table) {
    if (entries.isEmpty()) {
      session
          .screen()
          .say(Glyph.INFO, "no changes" + table.map(name -> " of " + name).orElse("") + " yet");
      return;
    }
    Table shown = Table.of("WHEN", "NODE", ">BATCH", ">ROWS", ">SIZE", "TABLES");
    for (Json.Obj entry : entries) {
      shown =
          shown.row(
              Units.ago(entry.whole("at"), session.nowMillis()),
              entry.text("node"),
              Units.count(entry.whole("seq")),
              Units.count(entry.whole("rows")),
              Units.bytes(entry.whole("bytes")),
              tables(entry));
    }
    session.screen().table(shown);
  }

  private static String tables(Json.Obj entry) {
    return entry.objects("tables").stream()
        .map(table -> table.text("name") + " " + Units.count(table.whole("rows")))
        .collect(Collectors.joining(", "));
  }
}
