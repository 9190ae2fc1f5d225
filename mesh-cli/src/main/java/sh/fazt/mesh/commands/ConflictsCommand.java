package sh.fazt.mesh.commands;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.output.Glyph;
import sh.fazt.mesh.output.Json;
import sh.fazt.mesh.output.Table;
import sh.fazt.mesh.output.Units;

/** {@code fazt mesh conflicts}, and {@code fazt mesh conflicts restore N}. */
@Command(
    name = "conflicts",
    customSynopsis = {
      "fazt mesh conflicts [--all] [--limit=N] [--db=FILE] [--format=FORMAT]",
      "       fazt mesh conflicts restore N [--db=FILE] [--format=FORMAT]"
    },
    description = {
      "List values that lost to a concurrent write or were refused. They are kept; nothing is lost.",
      "With restore N: write the lost value of conflict N back into its row."
    })
final class ConflictsCommand extends MeshCommand {
  private static final String RESTORE = "restore";
  private static final String REFUSED = "refused";

  @Parameters(arity = "0..2", hidden = true)
  private List<String> words = new ArrayList<>();

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "20",
      converter = Limit.class,
      description = "How many, up to 1000 (default: ${DEFAULT-VALUE}).")
  private int limit;

  @Option(names = "--all", description = "Also those whose lost value stands again.")
  private boolean all;

  ConflictsCommand(Wiring wiring) {
    super(wiring);
  }

  @Override
  int run(Session session) {
    if (!words.isEmpty()) {
      return RestoreView.run(session, number());
    }
    Json.Obj params = Json.object().with("limit", (long) limit).with("all", all);
    Json.Obj answer = session.ask("conflicts", params);
    List<Json.Obj> conflicts = answer.objects("conflicts");
    session.screen().answer(answer, () -> show(session, conflicts));
    latest(conflicts, false).ifPresent(lost -> session.screen().hint(undo(session, lost)));
    latest(conflicts, true)
        .ifPresent(
            refused ->
                session
                    .screen()
                    .hint(
                        Glyph.INFO,
                        "What was refused can be written back once its node may write: "
                            + restore(session, refused)));
    return OK;
  }

  private static Optional<Json.Obj> latest(List<Json.Obj> conflicts, boolean refused) {
    return conflicts.stream()
        .filter(conflict -> !conflict.has("settled_at"))
        .filter(conflict -> conflict.text("rule").equals(REFUSED) == refused)
        .findFirst();
  }

  private static String undo(Session session, Json.Obj conflict) {
    return "Undo one: " + restore(session, conflict);
  }

  private static String restore(Session session, Json.Obj conflict) {
    return session.command("fazt mesh conflicts restore " + conflict.whole("number"));
  }

  private long number() {
    if (words.size() == 2 && words.get(0).equals(RESTORE) && words.get(1).matches("[0-9]{1,18}")) {
      return Long.parseLong(words.get(1));
    }
    throw new MeshException(
        ErrorCode.USAGE,
        words.get(0).equals(RESTORE)
            ? "restore takes the number of one conflict"
            : "no such word: '" + words.get(0) + "'; there is: restore N",
        "fazt mesh conflicts");
  }

  private void show(Session session, List<Json.Obj> conflicts) {
    if (conflicts.isEmpty()) {
      session.screen().say(Glyph.DONE, "no value lost to another");
      return;
    }
    List<String> headings =
        new ArrayList<>(List.of(">NO", "WHEN", "TABLE", "ROW", "COLUMN", "KEPT", "LOST", "RULE"));
    if (all) {
      headings.add("RESTORED");
    }
    Table table = Table.of(headings.toArray(String[]::new));
    for (Json.Obj conflict : conflicts) {
      List<String> cells =
          new ArrayList<>(
              List.of(
                  String.valueOf(conflict.whole("number")),
                  Units.ago(conflict.whole("at"), session.nowMillis()),
                  conflict.text("table"),
                  Spoken.shortened(conflict.text("key")),
                  conflict.text("column"),
                  kept(conflict),
                  Spoken.brief(conflict.text("lost")) + " (" + conflict.text("lost_by") + ")",
                  Spoken.decision(conflict.text("decided"))));
      if (all) {
        cells.add(
            conflict.has("settled_at")
                ? Units.ago(conflict.whole("settled_at"), session.nowMillis())
                : "-");
      }
      table = table.row(cells.toArray(String[]::new));
    }
    session.screen().table(table);
  }

  /** What stands, which may be later still than what the lost value lost to. */
  private static String kept(Json.Obj conflict) {
    if (!conflict.has("now")) {
      return switch (conflict.text("rule")) {
        case "deleted" -> "deleted (" + conflict.text("kept_by") + ")";
        case REFUSED -> "no row";
        default -> "gone";
      };
    }
    String by = conflict.has("now_by") ? conflict.text("now_by") : conflict.text("kept_by");
    return Spoken.brief(conflict.text("now")) + " (" + by + ")";
  }
}
