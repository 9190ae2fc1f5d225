package sh.fazt.mesh.commands;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import sh.fazt.mesh.Decision;
import sh.fazt.mesh.RowStory;
import sh.fazt.mesh.Write;
import sh.fazt.mesh.output.Json;
import sh.fazt.mesh.schema.SqlText;
import sh.fazt.mesh.schema.Value;

/** Why a row is as it is, as {@code fazt mesh explain --format json} has it. */
final class ExplainDocument {
  private ExplainDocument() {}

  static Json.Obj of(RowStory story) {
    Json.Obj document =
        key(Json.object().with("table", story.table()), story.key(), story.keyText())
            .with("state", story.state().name().toLowerCase(Locale.ROOT));
    if (story.madeBy().isPresent()) {
      document = written(document, story.madeBy().get());
    }
    if (story.aside().isPresent()) {
      document =
          document.with(
              "set_aside",
              Json.object()
                  .with("rule", story.aside().get().rule())
                  .with("since", story.aside().get().sinceMillis()));
    }
    return decided(document, story.decision())
        .with("columns", Json.array(story.columns().stream().map(ExplainDocument::of).toList()))
        .with("waiting", Json.array(story.waiting().stream().map(ExplainDocument::of).toList()))
        .with(
            "same_unique_values",
            Json.array(story.neighbours().stream().map(ExplainDocument::of).toList()));
  }

  private static Json.Obj key(Json.Obj document, List<Value> key, String text) {
    return document
        .with("row", Json.texts(key.stream().map(SqlText::literal).toList()))
        .with("key", text);
  }

  private static Json.Obj written(Json.Obj document, Write write) {
    return document
        .with("by", write.by())
        .with("by_id", write.node().text())
        .with("at", write.atMillis())
        .with("genesis", write.atMillis() == 0);
  }

  private static Json.Obj decided(Json.Obj document, Optional<Decision> decision) {
    return decision
        .map(rule -> document.with("decided", rule.name().toLowerCase(Locale.ROOT)))
        .orElse(document);
  }

  private static Json.Obj of(RowStory.ColumnStory column) {
    Json.Obj document = Json.object().with("column", column.column());
    if (column.value().isPresent()) {
      document = document.with("value", SqlText.literal(column.value().get()));
    }
    if (column.wrote().isPresent()) {
      document = written(document, column.wrote().get());
    }
    return decided(document, column.decision())
        .with("taken_in", !column.ahead())
        .with("lost", Json.array(column.lost().stream().map(ConflictsDocument::entry).toList()));
  }

  private static Json.Obj of(RowStory.Parked parked) {
    List<Json.Obj> cells = new ArrayList<>();
    for (RowStory.Cell cell : parked.cells()) {
      cells.add(
          Json.object().with("column", cell.column()).with("value", SqlText.literal(cell.value())));
    }
    return written(Json.object(), parked.wrote())
        .with("delete", parked.delete())
        .with("why", WaitingDocument.of(parked.why()))
        .with("cells", Json.array(cells));
  }

  private static Json.Obj of(RowStory.Neighbour neighbour) {
    return written(
        key(Json.object(), neighbour.key(), neighbour.keyText()).with("shown", neighbour.shown()),
        neighbour.since());
  }
}
