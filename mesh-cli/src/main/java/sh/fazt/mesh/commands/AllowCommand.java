package sh.fazt.mesh.commands;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.output.Bar;
import sh.fazt.mesh.output.Glyph;
import sh.fazt.mesh.output.Json;
import sh.fazt.mesh.output.Question;
import sh.fazt.mesh.output.Units;

/** {@code fazt mesh allow}. */
@Command(
    name = "allow",
    description = {
      "Let deletes pass that would take more than half of a table.",
      "They wait until you say so, or take them back with --undo. Without a table it shows what"
          + " waits, and asks."
    })
final class AllowCommand extends MeshCommand {
  private static final Json.Obj NOTHING =
      Json.object()
          .with("undone", false)
          .with("deletes", Json.array(List.of()))
          .with("unknown", 0L);

  private static final String QUESTION =
      "Let all of them pass? Rows that go are kept in a file beside the database.";

  @Parameters(
      paramLabel = "TABLE",
      arity = "0..*",
      description = "Tables whose deletes wait; all of them, after a question, if none is named.")
  private List<String> tables = new ArrayList<>();

  @Option(names = "--undo", description = "Have the rows back instead, here and elsewhere.")
  private boolean undo;

  @Option(names = "--yes", description = "Ask nothing.")
  private boolean yes;

  AllowCommand(Wiring wiring) {
    super(wiring);
  }

  @Override
  int run(Session session) {
    boolean asks = tables.isEmpty() && !undo && !yes;
    List<String> chosen = asks ? waiting(session) : tables;
    if (asks && !chosen.isEmpty() && !session.confirms(new Question(QUESTION, false))) {
      session.screen().hint(Glyph.SKIPPED, "Nothing was changed.");
      return OK;
    }
    // No table would mean all, of which some may wait by now that nobody was asked about.
    Json.Obj result = asks && chosen.isEmpty() ? NOTHING : decide(session, chosen);
    session.screen().answer(result, () -> show(session, result));
    session.screen().hint("Next: " + session.command("fazt mesh status"));
    return OK;
  }

  private Json.Obj decide(Session session, List<String> chosen) {
    Json.Obj params = Json.object().with("tables", Json.texts(chosen)).with("undo", undo);
    try (Bar bar = new Bar(session.screen(), session.wiring().nowMillis())) {
      return session.ask("allow", params, new BarNotes(bar));
    }
  }

  /**
   * Shows what waits, and names its tables, so that none passes that came to wait since.
   *
   * @throws MeshException USAGE if nobody can be asked about it
   */
  private static List<String> waiting(Session session) {
    List<Json.Obj> held =
        session.ask("status", Json.object()).objects("warnings").stream()
            .filter(warning -> warning.text("code").equals(Warnings.HELD))
            .map(warning -> warning.object("held"))
            .toList();
    if (!held.isEmpty()) {
      Question.requireSomebody(session.screen(), session.command("fazt mesh allow"));
    }
    held.forEach(each -> session.screen().hint(Glyph.INFO, wouldPass(each)));
    return held.stream().map(each -> each.text("table")).distinct().toList();
  }

  private static String wouldPass(Json.Obj deletes) {
    return deletes.flag("here")
        ? Units.count(deletes.whole("rows"), "delete")
            + " of "
            + deletes.text("table")
            + " would go to the other nodes"
        : rows(deletes) + " that " + deletes.text("author") + " deleted would go here too";
  }

  private static void show(Session session, Json.Obj result) {
    List<Json.Obj> deletes = result.objects("deletes");
    if (deletes.isEmpty()) {
      session.screen().say(Glyph.INFO, "No deletes wait");
    }
    boolean undone = result.flag("undone");
    deletes.forEach(
        each -> session.screen().say(Glyph.DONE, undone ? undone(each) : allowed(each)));
    if (!undone && deletes.stream().anyMatch(each -> each.flag("here"))) {
      session
          .screen()
          .say(Glyph.INFO, "Each of them keeps its rows until it is told the same there");
    }
    if (result.has("restore_point")) {
      session.screen().say(Glyph.INFO, "The rows are kept in " + result.text("restore_point"));
    }
    long unknown = result.whole("unknown");
    if (unknown > 0) {
      session
          .screen()
          .say(
              Glyph.WARNING,
              Units.count(unknown, "row")
                  + " cannot be brought back, since the mesh never had "
                  + (unknown == 1 ? "it" : "them")
                  + "; "
                  + (unknown == 1 ? "its delete goes" : "their deletes go")
                  + " on waiting");
    }
  }

  private static String allowed(Json.Obj deletes) {
    long rows = deletes.whole("rows");
    return deletes.flag("here")
        ? Units.count(rows, "delete")
            + " of "
            + deletes.text("table")
            + (rows == 1 ? " goes" : " go")
            + " to the other nodes"
        : rows(deletes)
            + " that "
            + deletes.text("author")
            + " deleted "
            + (rows == 1 ? "is" : "are")
            + " gone here too";
  }

  private static String undone(Json.Obj deletes) {
    boolean one = deletes.whole("rows") == 1;
    return deletes.flag("here")
        ? rows(deletes) + (one ? " is" : " are") + " back"
        : rows(deletes)
            + " that "
            + deletes.text("author")
            + " deleted "
            + (one ? "stays" : "stay")
            + " here and "
            + (one ? "comes" : "come")
            + " back elsewhere";
  }

  private static String rows(Json.Obj deletes) {
    return Units.count(deletes.whole("rows"), "row") + " of " + deletes.text("table");
  }
}
