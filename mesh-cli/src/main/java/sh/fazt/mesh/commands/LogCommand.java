package sh.fazt.mesh.commands;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import sh.fazt.mesh.output.Glyph;
import sh.fazt.mesh.output.Json;
import sh.fazt.mesh.output.Table;
import sh.fazt.mesh.output.Units;

/** {@code fazt mesh log}. */
@Command(
    name = "log",
    description = "List what was written lately, the newest first: when, by whom, in which tables.")
final class LogCommand extends MeshCommand {
  /** What takes longer between writing and coming here was on its way for a reason. */
  private static final long LATE_MILLIS = 60_000;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "20",
      converter = Limit.class,
      description = "How many lines, up to 1000 (default: ${DEFAULT-VALUE}).")
  private int limit;

  @Option(
      names = "--table",
      paramLabel = "TABLE",
      description = "Those with changes of this table.")
  private Optional<String> table = Optional.empty();

  @Option(
      names = "--peer",
      paramLabel = "PEER",
      description = "Those written on this node, by its name or id; this node's own too.")
  private Optional<String> peer = Optional.empty();

  @Option(
      names = "--keep",
      paramLabel = "DAYS",
      converter = KeepLog.class,
      description = {
        "From now on drop batches that every member has, once they are so many days old.",
        "forever, unless somebody says otherwise: then none goes."
      })
  private @Nullable OptionalLong keep;

  LogCommand(Wiring wiring) {
    super(wiring);
  }

  @Override
  int run(Session session) {
    return keep == null ? list(session) : keep(session, keep);
  }

  private int keep(Session session, OptionalLong days) {
    Json.Obj answer =
        session.ask(
            "keep-log", Json.object().with("days", days.isPresent() ? days.getAsLong() : -1));
    String kept =
        days.isPresent()
            ? "The log is kept for "
                + Units.count(days.getAsLong(), "day")
                + ", and as long as a member needs it"
            : "The log is kept for ever";
    session.screen().answer(answer, () -> session.screen().say(Glyph.DONE, kept));
    session.screen().hint("Next: " + session.command("fazt mesh status --json"));
    return OK;
  }

  private int list(Session session) {
    Json.Obj params = Json.object().with("limit", (long) limit);
    params = table.isPresent() ? params.with("table", table.get()) : params;
    params = peer.isPresent() ? params.with("peer", peer.get()) : params;
    Json.Obj log = session.ask("log", params);
    List<Json.Obj> entries = log.objects("entries");
    session.screen().answer(log, () -> show(session, entries));
    if (entries.size() == limit) {
      session.screen().hint(Glyph.INFO, "There may be more: --limit, --table, --peer");
    }
    return OK;
  }

  private void show(Session session, List<Json.Obj> entries) {
    if (entries.isEmpty()) {
      String of = table.map(name -> " of " + name).orElse("");
      String by = peer.map(name -> " by " + name).orElse("");
      session.screen().say(Glyph.INFO, "no changes" + of + by + " yet");
      return;
    }
    Table shown = Table.of("WRITTEN", "BY", ">ROWS", "TABLES", "CAME HERE");
    for (Json.Obj entry : entries) {
      shown =
          shown.row(
              entry.flag("genesis") ? "before the mesh" : session.moment(entry.whole("at")),
              entry.text("node"),
              Units.count(entry.whole("rows")),
              tables(entry),
              came(session, entry));
    }
    session.screen().table(shown);
  }

  /** When it came, where that is news, and what of it cannot show. */
  private static String came(Session session, Json.Obj entry) {
    if (entry.flag("refused")) {
      return "refused: " + Spoken.decision("refused");
    }
    long later = entry.whole("delivered_at") - entry.whole("at");
    boolean news = entry.flag("genesis") || later > LATE_MILLIS;
    String came = news ? Units.ago(entry.whole("delivered_at"), session.nowMillis()) : "at once";
    long waiting = entry.whole("waiting");
    return waiting == 0
        ? came
        : came + ", " + Units.count(waiting) + (waiting == 1 ? " waits" : " wait");
  }

  /** {@code files 2 new, 1 deleted; app_kv 1 changed}. */
  private static String tables(Json.Obj entry) {
    return entry.objects("tables").stream()
        .map(table -> table.text("name") + " " + rows(table))
        .collect(Collectors.joining("; "));
  }

  private static String rows(Json.Obj table) {
    List<String> parts = new ArrayList<>();
    count(parts, table.whole("inserted"), "new");
    count(parts, table.whole("updated"), "changed");
    count(parts, table.whole("deleted"), "deleted");
    return parts.isEmpty() ? Units.count(table.whole("rows")) : String.join(", ", parts);
  }

  private static void count(List<String> parts, long rows, String what) {
    if (rows > 0) {
      parts.add(Units.count(rows) + " " + what);
    }
  }
}
