package sh.fazt.mesh.commands;

import java.util.List;
import java.util.Locale;
import sh.fazt.mesh.Waiting;
import sh.fazt.mesh.output.Json;
import sh.fazt.mesh.output.Units;

/** Changes that cannot show yet, as {@code --format json} has them. */
final class WaitingDocument {
  private WaitingDocument() {}

  static Json array(List<Waiting> waiting) {
    return Json.array(waiting.stream().map(WaitingDocument::of).toList());
  }

  static Json.Obj of(Waiting waiting) {
    Json.Obj entry =
        Json.object()
            .with("table", waiting.table())
            .with("reason", waiting.reason().name().toLowerCase(Locale.ROOT))
            .with("changes", waiting.changes())
            .with("since", waiting.sinceMillis());
    if (!waiting.column().isEmpty()) {
      entry = entry.with("column", waiting.column());
    }
    if (waiting.dueMillis() > 0) {
      entry = entry.with("due_at", waiting.dueMillis());
    }
    return entry;
  }

  /** {@code 2 changes of notes wait for column colour, which is missing here}. */
  static String sentence(Json.Obj entry) {
    return changes(entry) + " of " + entry.text("table") + verb(entry) + why(entry);
  }

  /** The same without the table's name. */
  static String phrase(Json.Obj entry) {
    return changes(entry) + verb(entry) + why(entry);
  }

  private static String changes(Json.Obj entry) {
    return Units.count(entry.whole("changes"), "change");
  }

  private static String verb(Json.Obj entry) {
    boolean one = entry.whole("changes") == 1;
    if (entry.text("reason").equals("not_tracked")) {
      return one ? " does not show" : " do not show";
    }
    return one ? " waits" : " wait";
  }

  /** {@code for column colour, which is missing here}. */
  static String why(Json.Obj entry) {
    return switch (entry.text("reason")) {
      case "not_tracked" -> ": the table stays home here";
      case "table_missing" -> " for the table, which is missing here";
      case "column_missing" -> " for column " + entry.text("column") + ", which is missing here";
      case "column_type" -> " for a fazt that can merge column " + entry.text("column");
      case "other_key" -> ": the table's key has other columns here";
      case "unkept_key" -> ": the database cannot keep the text of their keys, for its encoding";
      case "held" -> " for you: it is part of a delete of more than half of the table";
      case "early" -> " for its time: written by a clock that is ahead";
      default -> "";
    };
  }

  /** What ends it, and since when it lasts: {@code once the column is added here (since 3h)}. */
  static String until(Json.Obj entry, long nowMillis) {
    String since = Units.roughly(Math.max(0, nowMillis - entry.whole("since")));
    return ends(entry, nowMillis) + (entry.whole("since") == 0 ? "" : " (for " + since + ")");
  }

  private static String ends(Json.Obj entry, long nowMillis) {
    String shows = entry.whole("changes") == 1 ? "; it shows " : "; they show ";
    return switch (entry.text("reason")) {
      case "not_tracked" -> shows + "once the table is tracked";
      case "table_missing" -> shows + "once the table is made here";
      case "column_missing" -> shows + "once the column is added here";
      case "column_type" -> shows + "once fazt is brought up to date here";
      case "other_key" -> shows + "once the key has the same columns as elsewhere";
      case "early" ->
          shows
              + "in "
              + Units.roughly(Math.max(1_000, entry.whole("due_at") - nowMillis))
              + " by itself";
      default -> "";
    };
  }
}
