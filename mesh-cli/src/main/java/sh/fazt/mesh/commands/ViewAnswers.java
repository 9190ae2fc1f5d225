package sh.fazt.mesh.commands;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import sh.fazt.mesh.LogEntry;
import sh.fazt.mesh.LogFilter;
import sh.fazt.mesh.Mesh;
import sh.fazt.mesh.MeshView;
import sh.fazt.mesh.TableStatus;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.output.Json;
import sh.fazt.mesh.roster.KnownAs;
import sh.fazt.mesh.roster.Member;
import sh.fazt.mesh.roster.OtherMembers;

/** Answers to what only looks: the same with and without a daemon. */
final class ViewAnswers {
  private ViewAnswers() {}

  /**
   * Answers {@code tables}, {@code log}, {@code conflicts}, {@code explain}, and dry runs of {@code
   * untrack}, {@code remove} and {@code leave}.
   *
   * @throws MeshException USAGE if {@code method} is none of these
   */
  static Json.Obj of(MeshView view, String method, Json.Obj params) {
    return switch (method) {
      case "tables" -> TablesDocument.of(view.tables(), view.waiting(), view.roster().policy());
      case "log" -> log(view, params);
      case "beacon" -> BeaconDocument.stopped(view);
      case "conflicts" ->
          ConflictsDocument.of(view.conflicts((int) params.whole("limit"), params.flag("all")));
      case "explain" ->
          ExplainDocument.of(
              view.explain(params.text("table"), params.text("key"), optional(params, "column")));
      case "untrack" -> untracked(view, params.texts("tables"));
      case "leave" -> leavePlan(view);
      case "remove" -> peer(view, params);
      default ->
          throw new MeshException(
              ErrorCode.USAGE, "no such request: " + method, "fazt mesh --help");
    };
  }

  private static Optional<String> optional(Json.Obj params, String name) {
    return params.has(name) ? Optional.of(params.text(name)) : Optional.empty();
  }

  private static Json.Obj log(MeshView view, Json.Obj params) {
    Optional<String> table = optional(params, "table");
    List<LogEntry> entries =
        view.log(new LogFilter((int) params.whole("limit"), table, optional(params, "peer")));
    if (entries.isEmpty() && table.isPresent()) {
      named(view, List.of(table.get()));
    }
    return Json.object()
        .with("entries", Json.array(entries.stream().map(ViewAnswers::entry).toList()));
  }

  private static Json.Obj entry(LogEntry entry) {
    List<Json.Obj> tables = new ArrayList<>();
    long rows = 0;
    for (var table : entry.changes().entrySet()) {
      LogEntry.Rows changed = table.getValue();
      tables.add(
          Json.object()
              .with("name", table.getKey())
              .with("rows", (long) changed.all())
              .with("inserted", (long) changed.inserted())
              .with("updated", (long) changed.updated())
              .with("deleted", (long) changed.deleted()));
      rows += changed.all();
    }
    boolean genesis = entry.writtenMillis() == 0;
    return Json.object()
        .with("at", genesis ? entry.deliveredMillis() : entry.writtenMillis())
        .with("delivered_at", entry.deliveredMillis())
        .with("genesis", genesis)
        .with("node", entry.authorName())
        .with("node_id", entry.author().text())
        .with("seq", entry.dot().seq())
        .with("hash", entry.hash().value().hex())
        .with("rows", rows)
        .with("bytes", entry.bytes())
        .with("refused", entry.refused())
        .with("waiting", entry.waiting())
        .with("tables", Json.array(tables));
  }

  /** These tables with their rows, for people who just named them. */
  static Json.Obj named(MeshView view, Collection<String> names) {
    List<TableStatus> all = view.tables();
    List<Json.Obj> found = new ArrayList<>();
    for (String name : names) {
      TableStatus table =
          all.stream()
              .filter(each -> each.name().equalsIgnoreCase(name))
              .findFirst()
              .orElseThrow(() -> unknown("there is no table " + name));
      found.add(
          Json.object()
              .with("name", table.name())
              .with("rows", Math.max(0, table.rows()))
              .with("automatic_key", view.hasAutomaticKey(table.name())));
    }
    return Json.object().with("tables", Json.array(found));
  }

  /**
   * The same for tables that must replicate now.
   *
   * @throws MeshException TABLE_UNKNOWN
   */
  static Json.Obj untracked(MeshView view, Collection<String> names) {
    for (TableStatus table : view.tables()) {
      boolean idle =
          table.state() == TableStatus.State.HOME || table.state() == TableStatus.State.REFUSED;
      if (idle && names.stream().anyMatch(table.name()::equalsIgnoreCase)) {
        throw unknown("table " + table.name() + " does not replicate");
      }
    }
    return named(view, names);
  }

  private static MeshException unknown(String message) {
    return new MeshException(ErrorCode.TABLE_UNKNOWN, message, "fazt mesh tables");
  }

  private static List<Json.Obj> unsent(MeshView view) {
    List<Json.Obj> tables = new ArrayList<>();
    view.unsentByTable()
        .forEach(
            (table, changes) ->
                tables.add(Json.object().with("name", table).with("changes", changes)));
    return tables;
  }

  private static Json.Obj peer(MeshView view, Json.Obj params) {
    String named = params.text("peer");
    if (OtherMembers.isSelf(view.roster(), view.node(), named)) {
      String role = "on another node: fazt mesh role " + Session.quoted(named) + " ";
      throw new MeshException(
          ErrorCode.PEER_UNKNOWN,
          named + " is this node itself",
          params.has("role") ? role + params.text("role") : "fazt mesh leave");
    }
    Member member = OtherMembers.named(view.roster(), view.node(), named);
    return Json.object()
        .with("id", member.id().text())
        .with("name", member.name())
        .with("owner", KnownAs.in(view.roster()).owner(member))
        .with("role", member.role().toString());
  }

  private static Json.Obj leavePlan(MeshView view) {
    long members = view.roster().members().stream().filter(Member::active).count();
    return Json.object()
        .with("members", members)
        .with("unsent", view.unsent())
        .with("unsent_tables", Json.array(unsent(view)))
        .with("waiting", WaitingDocument.array(view.waiting()))
        .with(
            "tables",
            view.tables().stream()
                .filter(table -> table.state() == TableStatus.State.REPLICATED)
                .count());
  }

  /** Sets for how many days the log is kept; below 0 for ever. */
  static Json.Obj keptLog(Mesh mesh, Json.Obj params) {
    long days = params.whole("days");
    mesh.keepLog(days < 0 ? OptionalLong.empty() : OptionalLong.of(days));
    return days < 0 ? Json.object().with("keep", "forever") : Json.object().with("keep_days", days);
  }
}
