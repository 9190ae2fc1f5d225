package sh.fazt.mesh.commands;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import sh.fazt.mesh.output.Glyph;
import sh.fazt.mesh.output.Json;
import sh.fazt.mesh.output.Screen;
import sh.fazt.mesh.output.Table;
import sh.fazt.mesh.output.Units;

/**
 * What a person reads of a join.
 *
 * @param copy where the database as it was will be kept
 */
record JoinView(Session session, Preview preview, Optional<Path> copy) {
  /** How long the first exchange is watched. */
  static final Duration PATIENCE = Duration.ofMinutes(10);

  void showDryRun() {
    session.screen().answer(preview.json().with("dry_run", true), this::showPreview);
    session.screen().hint(Glyph.INFO, "Nothing was changed; the token is still good.");
  }

  void showPreview() {
    Screen screen = session.screen();
    screen.say(
        Glyph.DONE,
        preview.nodeName()
            + "  "
            + preview.nodeId()
            + "  owner "
            + preview.owner()
            + "  (key matches the token)");
    long empty = preview.tables().stream().filter(Preview.Entry::isEmpty).count();
    if (empty < preview.tables().size()) {
      screen.say("What will happen to " + session.database() + ":");
      screen.table(table(), "  ");
    }
    if (empty > 0) {
      screen.say(
          Glyph.INFO,
          Units.count(empty, "table")
              + (empty == 1 ? " is" : " are")
              + " empty on both sides and will replicate too");
    }
    copy.ifPresent(target -> screen.say("A copy is kept at " + target));
  }

  private Table table() {
    Table table =
        Table.of(
            "TABLE", ">ONLY HERE", ">ONLY ON " + preview.nodeName(), ">SAME", ">DIFFERENT", "THEN");
    for (Preview.Entry entry : preview.tables()) {
      if (entry.isEmpty()) {
        continue;
      }
      table =
          table.row(
              entry.table(),
              Units.count(entry.onlyHere()),
              Units.count(entry.onlyThere()),
              Units.count(entry.same()),
              Units.count(entry.different()),
              entry.note());
    }
    return table;
  }

  void showJoined(JoinRequest request, Joined joined) {
    session
        .screen()
        .say(
            Glyph.DONE,
            "Joined as "
                + request.nodeName()
                + "  "
                + joined.nodeId()
                + ", "
                + Units.count(joined.tables(), "table"));
  }

  /** What makes a database that was here before a better place to write to. */
  void adviseJournal() {
    InitView.adviseJournal(session);
  }

  void showSynced(JoinRequest request, Json.Obj sync, long passedMillis) {
    Json.Obj rows = sync.object("since_start");
    session
        .screen()
        .say(
            Glyph.DONE,
            "Joined as "
                + request.nodeName()
                + ". "
                + Units.count(rows.whole("rows_received"), "row")
                + " received, "
                + Units.count(rows.whole("rows_sent"))
                + " sent"
                + merged()
                + " in "
                + Units.duration(passedMillis));
  }

  private String merged() {
    return preview.different() == 0 ? "" : ", " + Units.count(preview.different()) + " merged";
  }

  Json.Obj json(JoinRequest request, Joined joined) {
    Json.Obj result =
        Json.object()
            .with("joined", true)
            .with(
                "node", Json.object().with("id", joined.nodeId()).with("name", request.nodeName()))
            .with(
                "inviter",
                Json.object().with("id", joined.inviterId()).with("name", joined.inviterName()))
            .with("tables", (long) joined.tables());
    return copy.map(target -> result.with("copy", target.toString())).orElse(result);
  }

  /** Whether nobody is still being waited for. */
  static boolean isComplete(Json.Obj sync) {
    return sync.objects("peers").stream().anyMatch(peer -> peer.text("state").equals("synced"));
  }
}
