package sh.fazt.mesh.commands;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import sh.fazt.mesh.ConflictEntry;
import sh.fazt.mesh.Restoration;
import sh.fazt.mesh.output.Json;
import sh.fazt.mesh.schema.SqlText;

/** Lost values as {@code fazt mesh conflicts --format json} has them. */
final class ConflictsDocument {
  private ConflictsDocument() {}

  static Json.Obj of(List<ConflictEntry> entries) {
    return Json.object()
        .with("conflicts", Json.array(entries.stream().map(ConflictsDocument::entry).toList()));
  }

  static Json.Obj entry(ConflictEntry entry) {
    Json.Obj found =
        Json.object()
            .with("number", entry.number())
            .with("at", entry.foundMillis())
            .with("table", entry.table())
            .with("row", Json.texts(entry.key().stream().map(SqlText::literal).toList()))
            .with("key", entry.keyText())
            .with("column", entry.column())
            .with("lost", SqlText.literal(entry.lost()))
            .with("lost_by", entry.lostBy().by())
            .with("lost_at", entry.lostBy().atMillis())
            .with("kept_by", entry.keptBy().by())
            .with("kept_at", entry.keptBy().atMillis())
            .with("rule", rule(entry))
            .with("decided", entry.decision().name().toLowerCase(Locale.ROOT));
    if (entry.now().isPresent()) {
      found = found.with("now", SqlText.literal(entry.now().get()));
    }
    if (entry.nowBy().isPresent()) {
      found = found.with("now_by", entry.nowBy().get());
    }
    return entry.settledMillis() > 0 ? found.with("settled_at", entry.settledMillis()) : found;
  }

  private static String rule(ConflictEntry entry) {
    return entry.deleted() ? "deleted" : entry.refused() ? "refused" : "lww";
  }

  /** What giving a lost value back came to. */
  static Json.Obj of(Restoration.Restored restored) {
    List<Json.Obj> row = new ArrayList<>();
    restored
        .row()
        .forEach(
            (column, value) ->
                row.add(
                    Json.object().with("column", column).with("value", SqlText.literal(value))));
    return Json.object()
        .with(
            "restored",
            Json.object()
                .with("conflict", entry(restored.conflict()))
                .with("now", SqlText.literal(restored.now()))
                .with("unchanged", restored.isUnchanged())
                .with("row", Json.array(row))
                .with("unknown_columns", Json.texts(restored.unknown())));
  }
}
