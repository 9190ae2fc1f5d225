package sh.fazt.mesh.commands;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import sh.fazt.mesh.output.Json;

/**
 * What happens to each table of a database.
 *
 * @param preset the name of the preset that chose, if one did
 */
record TablePlan(Optional<String> preset, List<Entry> tables) {
  /** What happens to a table. */
  enum Fate {
    REPLICATED,
    /** It could be replicated, but stays on this node. */
    HOME,
    /** It cannot be replicated. */
    REFUSED
  }

  /**
   * One table.
   *
   * @param reason why it stays or is refused, in a few words; a kind such as {@code secrets}
   */
  record Entry(String name, Fate fate, long rows, String reason) {
    Json.Obj json() {
      return Json.object()
          .with("name", name)
          .with("state", fate.name().toLowerCase(Locale.ROOT))
          .with("rows", rows)
          .with("reason", reason);
    }
  }

  TablePlan {
    tables = List.copyOf(tables);
  }

  List<Entry> of(Fate fate) {
    return tables.stream().filter(table -> table.fate() == fate).toList();
  }

  /** Rows of the replicated tables. */
  long rows() {
    return of(Fate.REPLICATED).stream().mapToLong(Entry::rows).sum();
  }

  Json.Obj json() {
    return Json.object()
        .with("preset", preset.map(Json::text).orElse(Json.NULL))
        .with("tables", Json.array(tables.stream().map(Entry::json).toList()));
  }
}
