package sh.fazt.mesh.commands;

import java.util.List;
import java.util.Locale;
import sh.fazt.mesh.TablePlan;
import sh.fazt.mesh.TableStatus;
import sh.fazt.mesh.Waiting;
import sh.fazt.mesh.crdt.MergePolicy;
import sh.fazt.mesh.output.Json;

/** Tables as {@code fazt mesh tables --format json} has them. */
final class TablesDocument {
  private TablesDocument() {}

  static Json.Obj of(TablePlan plan) {
    return Json.object()
        .with("preset", plan.preset().map(Json::text).orElse(Json.NULL))
        .with("tables", Json.array(plan.tables().stream().map(TablesDocument::entry).toList()));
  }

  static Json.Obj of(List<TableStatus> tables, List<Waiting> waiting, MergePolicy policy) {
    return Json.object()
        .with(
            "tables",
            Json.array(
                tables.stream()
                    .map(
                        table ->
                            entry(table)
                                .with("waiting", waitingFor(table, waiting))
                                .with("merge", MergeWords.document(policy.words(table.name()))))
                    .toList()));
  }

  private static Json waitingFor(TableStatus table, List<Waiting> waiting) {
    return WaitingDocument.array(
        waiting.stream().filter(each -> each.table().equalsIgnoreCase(table.name())).toList());
  }

  private static Json.Obj entry(TableStatus table) {
    Json.Obj entry =
        Json.object()
            .with("name", table.name())
            .with("state", table.state().name().toLowerCase(Locale.ROOT));
    return (table.rows() < 0 ? entry : entry.with("rows", table.rows()))
        .with("reason", table.reason().orElse(""))
        .with("parked", table.parked())
        .with("set_aside", table.aside());
  }
}
