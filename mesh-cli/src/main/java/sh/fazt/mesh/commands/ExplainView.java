package sh.fazt.mesh.commands;

import java.util.List;
import java.util.stream.Collectors;
import sh.fazt.mesh.output.Glyph;
import sh.fazt.mesh.output.Json;
import sh.fazt.mesh.output.Screen;
import sh.fazt.mesh.output.Table;
import sh.fazt.mesh.output.Units;

/**
 * Why a row is as it is, as a person reads it.
 *
 * @param story the document of {@code fazt mesh explain --format json}
 */
record ExplainView(Session session, Json.Obj story) {
  void show() {
    Screen screen = session.screen();
    screen.headline(glyph(), row(story), state());
    List<Json.Obj> columns =
        story.objects("columns").stream().filter(column -> column.has("value")).toList();
    if (!columns.isEmpty()) {
      screen.table(table(columns));
    }
    story.objects("columns").forEach(this::showLost);
    story.objects("waiting").forEach(this::showWaiting);
    story.objects("same_unique_values").forEach(this::showNeighbour);
  }

  private Glyph glyph() {
    return switch (story.text("state")) {
      case "alive" -> Glyph.ON;
      case "dead" -> Glyph.OFF;
      case "set_aside" -> Glyph.WARNING;
      default -> Glyph.HALF;
    };
  }

  private String row(Json.Obj document) {
    return story.text("table") + "/" + document.text("key");
  }

  private String state() {
    return switch (story.text("state")) {
      case "alive" -> " is alive: " + came() + refused();
      case "came" -> " is alive: written on this node, and not taken in by the mesh yet";
      case "went" -> " is gone: deleted on this node, and not taken in by the mesh yet";
      case "held" ->
          " is gone here: deleted with more than half of its table, and no other node is told yet"
              + "      Run: "
              + session.command("fazt mesh allow " + story.text("table"));
      case "dead" -> " is dead: deleted " + when(story) + by() + because();
      case "set_aside" ->
          " is set aside: "
              + story.object("set_aside").text("rule")
              + "; since "
              + session.moment(story.object("set_aside").whole("since"))
              + because();
      case "refused" ->
          " does not show: it was made on a node that may not write, and its values are conflicts";
      case "waiting" -> " does not show: all that came of it waits";
      default -> " is " + story.text("state");
    };
  }

  private String came() {
    return story.flag("genesis")
        ? "there before the mesh, on " + story.text("by")
        : "inserted " + when(story) + by();
  }

  private String by() {
    return " by " + story.text("by");
  }

  private String because() {
    if (story.text("decided").equals("refused")) {
      return "; on this node alone, since " + Spoken.decision("refused");
    }
    return story.has("decided") ? "; " + Spoken.decision(story.text("decided")) : "";
  }

  private String refused() {
    return story.text("decided").equals("refused") ? because() : "";
  }

  private String when(Json.Obj written) {
    return written.flag("genesis") ? "before the mesh" : session.moment(written.whole("at"));
  }

  private Table table(List<Json.Obj> columns) {
    Table table = Table.of("COLUMN", "VALUE", "BY", "WHEN", "BECAUSE");
    for (Json.Obj column : columns) {
      boolean taken = column.flag("taken_in");
      table =
          table.row(
              column.text("column"),
              Spoken.brief(column.text("value")),
              taken ? column.has("by") ? column.text("by") : "-" : "this node",
              taken ? column.has("by") ? when(column) : "-" : "not taken in yet",
              Spoken.decision(column.text("decided")));
    }
    return table;
  }

  private void showLost(Json.Obj column) {
    for (Json.Obj lost : column.objects("lost")) {
      boolean genesis = lost.whole("lost_at") == 0;
      boolean refused = lost.text("rule").equals("refused");
      session
          .screen()
          .say(
              Glyph.INFO,
              column.text("column")
                  + " "
                  + Spoken.brief(lost.text("lost"))
                  + " by "
                  + lost.text("lost_by")
                  + (genesis ? ", before the mesh," : ", " + ago(lost.whole("lost_at")) + ",")
                  + (refused ? " refused: " : " lost: ")
                  + Spoken.decision(lost.text("decided"))
                  + (refused ? "" : " (" + lost.text("kept_by") + ")")
                  + "      "
                  + (refused ? "Once it may: " : "Undo: ")
                  + session.command("fazt mesh conflicts restore " + lost.whole("number")));
    }
  }

  private String ago(long millis) {
    return Units.ago(millis, session.nowMillis());
  }

  private void showWaiting(Json.Obj waiting) {
    String cells =
        waiting.objects("cells").stream()
            .map(cell -> cell.text("column") + " " + Spoken.brief(cell.text("value")))
            .collect(Collectors.joining(", "));
    String what = waiting.flag("delete") ? "a delete" : cells;
    Json.Obj why = waiting.object("why");
    session
        .screen()
        .say(
            Glyph.WARNING,
            what
                + " by "
                + waiting.text("by")
                + ", "
                + ago(waiting.whole("at"))
                + ", waits"
                + WaitingDocument.why(why)
                + WaitingDocument.until(why, session.nowMillis())
                + "      Run: "
                + session.command(
                    why.text("reason").equals("held")
                        ? "fazt mesh allow " + story.text("table")
                        : "fazt mesh tables"));
  }

  private void showNeighbour(Json.Obj neighbour) {
    boolean shown = neighbour.flag("shown");
    String other = row(neighbour);
    String claim =
        neighbour.flag("genesis")
            ? "before the mesh"
            : session.moment(neighbour.whole("at")) + " by " + neighbour.text("by");
    session
        .screen()
        .say(
            shown ? Glyph.WARNING : Glyph.INFO,
            other
                + (shown
                    ? " has its unique values: claimed "
                    : " wants the same unique values: claimed ")
                + claim
                + (shown ? "" : ", so it is set aside"));
  }
}
