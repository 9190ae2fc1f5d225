package sh.fazt.mesh.commands;

import java.util.List;
import java.util.stream.Collectors;
import sh.fazt.mesh.ConflictEntry;
import sh.fazt.mesh.output.Json;
import sh.fazt.mesh.schema.Value;

/** Lost values as {@code fazt mesh conflicts --format json} has them. */
final class ConflictsDocument {
  private ConflictsDocument() {}

  static Json.Obj of(List<ConflictEntry> entries) {
    return Json.object()
        .with("conflicts", Json.array(entries.stream().map(ConflictsDocument::entry).toList()));
  }

  private static Json.Obj entry(ConflictEntry entry) {
    Json.Obj found =
        Json.object()
            .with("at", entry.foundMillis())
            .with("table", entry.table())
            .with("row", Json.texts(entry.key().stream().map(ConflictsDocument::literal).toList()))
            .with("column", entry.column())
            .with("lost", literal(entry.lost()))
            .with("lost_by", entry.lostBy())
            .with("kept_by", entry.keptBy())
            .with("rule", entry.deleted() ? "deleted" : "lww");
    return entry.now().map(now -> found.with("now", literal(now))).orElse(found);
  }

  /** As SQL writes it, so that it can be put back. */
  static String literal(Value value) {
    if (value instanceof Value.Text text) {
      return "'" + text.utf8().asUtf8().replace("'", "''") + "'";
    } else if (value instanceof Value.Int number) {
      return String.valueOf(number.value());
    } else if (value instanceof Value.Real real) {
      return String.valueOf(real.value());
    } else if (value instanceof Value.Blob blob) {
      return "x'" + blob.value().hex() + "'";
    } else if (value instanceof Value.Null) {
      return "NULL";
    }
    throw new AssertionError("unhandled " + value);
  }

  /** A row's key for a cell of a table. */
  static String row(Json.Obj conflict) {
    return conflict.texts("row").stream()
        .map(part -> part.startsWith("'") ? part.substring(1, part.length() - 1) : part)
        .collect(Collectors.joining("/"));
  }
}
