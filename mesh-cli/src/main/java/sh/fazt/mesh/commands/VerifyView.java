package sh.fazt.mesh.commands;

import java.util.ArrayList;
import java.util.List;
import sh.fazt.mesh.output.Glyph;
import sh.fazt.mesh.output.Json;
import sh.fazt.mesh.output.Screen;
import sh.fazt.mesh.output.Units;

/** A comparison of whole states as a person reads it. */
final class VerifyView {
  private static final int FINGERPRINT_CHARS = 11;

  private final Session session;
  private final Screen screen;
  private final boolean one;

  /**
   * @param one whether a peer was named, so that it need not be named again
   */
  VerifyView(Session session, boolean one) {
    this.session = session;
    this.screen = session.screen();
    this.one = one;
  }

  void show(List<Json.Obj> peers) {
    if (peers.isEmpty()) {
      screen.say(Glyph.OFF, "no peer yet");
    }
    peers.forEach(this::show);
  }

  private void show(Json.Obj peer) {
    String name = peer.text("name");
    String who = one ? "" : name + "  ";
    switch (peer.text("state")) {
      case "equal" -> showEqual(peer, who);
      case "different" -> screen.say(Glyph.FAILED, "different  " + who + figures(peer));
      case "unsettled" ->
          screen.say(
              Glyph.HALF,
              "syncing  "
                  + who
                  + "the two did not hold the same at any moment within "
                  + Units.duration(peer.whole("duration_ms")));
      case "too_large" ->
          screen.say(Glyph.FAILED, "not compared  " + who + "more rows than can be compared");
      default -> screen.say(Glyph.SKIPPED, name + "  offline");
    }
    peer.objects("differences").forEach(table -> show(table, name));
    if (!peer.flag("complete")) {
      screen.say("    there are more; these are the first");
    }
    peer.objects("not_compared").forEach(this::showApart);
    remedy(peer, name);
  }

  /** What was left out may differ. */
  private void showEqual(Json.Obj peer, String who) {
    boolean whole = peer.objects("not_compared").isEmpty();
    screen.say(
        whole ? Glyph.DONE : Glyph.HALF,
        (whole ? "equal  " : "equal in what was compared  ") + who + figures(peer));
  }

  private static String figures(Json.Obj peer) {
    String fingerprint = peer.text("fingerprint");
    return Units.count(peer.whole("tables"), "table")
        + ", "
        + Units.count(peer.whole("rows"), "row")
        + "  "
        + fingerprint.substring(0, Math.min(FINGERPRINT_CHARS, fingerprint.length()))
        + "…  ("
        + Units.duration(peer.whole("duration_ms"))
        + ", "
        + Units.bytes(peer.whole("bytes"))
        + ")";
  }

  private void show(Json.Obj table, String peer) {
    List<String> parts = new ArrayList<>();
    part(parts, table.whole("mended"), "mended here");
    part(parts, table.whole("here"), "damaged here");
    part(parts, table.whole("there"), "damaged on " + peer);
    part(parts, table.whole("unproven"), "for which no change log tells why");
    part(parts, table.whole("explained"), "of which something waits or is kept out, here or there");
    List<String> keys = table.texts("keys");
    screen.say(
        "    "
            + table.text("table")
            + "  "
            + String.join(", ", parts)
            + (keys.isEmpty() ? "" : ": " + String.join(", ", keys)));
  }

  private static void part(List<String> parts, long rows, String what) {
    if (rows > 0) {
      parts.add(Units.count(rows, "row") + " " + what);
    }
  }

  private void showApart(Json.Obj apart) {
    String column = apart.text("column");
    String what = apart.text("table") + (column.isEmpty() ? "" : "." + column);
    screen.say(
        Glyph.INFO,
        "not compared: "
            + what
            + ", "
            + switch (apart.text("why")) {
              case "only_here" -> "which is only here";
              case "only_there" -> "which is only there";
              case "other_key" -> "whose key is another one";
              case "other_kind" -> "whose type or default is another one";
              case "too_many" -> "as there are more tables than can be compared";
              default -> "of which too much waits; see fazt mesh status";
            });
  }

  private void remedy(Json.Obj peer, String name) {
    List<Json.Obj> tables = peer.objects("differences");
    if (tables.stream().anyMatch(table -> table.whole("here") > 0)) {
      screen.hint("Run: " + session.command("fazt mesh verify --repair"));
    } else if (tables.stream().anyMatch(table -> table.whole("there") > 0)) {
      screen.hint("Run on " + name + ": fazt mesh verify --repair");
    }
  }
}
