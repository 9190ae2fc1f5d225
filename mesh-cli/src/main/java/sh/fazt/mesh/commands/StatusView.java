package sh.fazt.mesh.commands;

import java.util.List;
import java.util.stream.Stream;
import sh.fazt.mesh.output.Glyph;
import sh.fazt.mesh.output.Json;
import sh.fazt.mesh.output.Screen;
import sh.fazt.mesh.output.Table;
import sh.fazt.mesh.output.Units;

/**
 * The state of a node as a person reads it.
 *
 * @param status the document of {@code fazt mesh status --format json}
 */
record StatusView(Json.Obj status, long nowMillis) {
  private static final String GAP = "   ";

  /**
   * Whether somebody should look: stopped, cut off from all, or warned of. Offline peers are
   * normal.
   */
  boolean isDegraded() {
    String verdict = status.text("verdict");
    return verdict.equals("stopped")
        || verdict.equals("removed")
        || (verdict.equals("alone") && !status.objects("peers").isEmpty())
        || status.objects("warnings").stream().anyMatch(Warnings::isGrave);
  }

  void show(Screen screen) {
    Json.Obj node = status.object("node");
    Json.Obj daemon = status.object("daemon");
    String uptime =
        daemon.flag("running")
            ? GAP + "daemon up " + Units.duration(daemon.whole("uptime_ms"))
            : "";
    screen.headline(
        glyph(),
        verdict(),
        GAP
            + node.text("name")
            + "  "
            + node.text("id")
            + GAP
            + status.object("db").text("path")
            + uptime);
    List<Json.Obj> peers = status.objects("peers");
    if (!peers.isEmpty()) {
      screen.table(table(peers));
    }
    long unlinked = peers.stream().filter(StatusView::isUnlinked).count();
    if (unlinked > 0) {
      screen.say(
          Glyph.INFO,
          Units.count(unlinked, "member")
              + (unlinked == 1 ? " is" : " are")
              + " not linked with this node: in a large mesh each is linked with a few, and the rest"
              + " sync through these");
    }
    status.objects("warnings").forEach(warning -> show(screen, warning));
    if (count(Warnings.PARKED) > 0) {
      screen.say(
          Glyph.INFO,
          "What waits is delivered: kept here and passed on, only showing it has to wait");
    }
  }

  private Glyph glyph() {
    return switch (status.text("verdict")) {
      case "in_sync" -> Glyph.ON;
      case "syncing", "waiting", "held" -> Glyph.HALF;
      case "alone" -> Glyph.OFF;
      default -> Glyph.FAILED;
    };
  }

  private String verdict() {
    return switch (status.text("verdict")) {
      case "in_sync" -> "in sync";
      case "syncing" -> "syncing (" + Units.count(status.whole("to_go")) + " to go)";
      case "waiting" ->
          "in sync, but "
              + Units.count(count(Warnings.PARKED), "change")
              + (count(Warnings.PARKED) == 1 ? " waits" : " wait");
      case "held" ->
          "in sync, but "
              + Units.count(count(Warnings.HELD), "delete")
              + (count(Warnings.HELD) == 1 ? " waits for you" : " wait for you");
      case "alone" ->
          status.objects("peers").isEmpty() ? "alone (no peer yet)" : "alone (no peer reachable)";
      case "removed" -> "stopped: removed from the mesh";
      default -> "stopped: " + status.text("reason");
    };
  }

  private long count(String code) {
    return status.objects("warnings").stream()
        .filter(warning -> warning.text("code").equals(code))
        .mapToLong(warning -> warning.whole("count"))
        .sum();
  }

  private Table table(List<Json.Obj> peers) {
    Table table = Table.of("PEER", "STATE", "PATH", ">RTT", ">BEHIND", ">AHEAD", "LAST SYNC");
    for (Json.Obj peer : peers) {
      table =
          table.row(
              called(peer),
              state(peer),
              path(peer),
              rtt(peer),
              isUnlinked(peer) || status.text("verdict").equals("stopped")
                  ? "-"
                  : Units.count(peer.whole("behind")),
              isUnlinked(peer) ? "-" : Units.count(peer.whole("ahead")),
              Units.ago(peer.whole("last_sync"), nowMillis));
    }
    return table;
  }

  /** Its name; where another node has it too, this one's included, with the beginning of its id. */
  private String called(Json.Obj peer) {
    String name = peer.text("name");
    String id = peer.text("id");
    boolean shared =
        Stream.concat(Stream.of(status.object("node")), status.objects("peers").stream())
            .anyMatch(
                other -> other.text("name").equalsIgnoreCase(name) && !other.text("id").equals(id));
    String digits = id.substring(id.lastIndexOf('_') + 1);
    return shared ? name + " (" + digits.substring(0, Math.min(4, digits.length())) + ")" : name;
  }

  /** Nothing is known of what such a peer has; it may be level by way of others. */
  static boolean isUnlinked(Json.Obj peer) {
    return peer.text("state").equals("not_linked");
  }

  static String state(Json.Obj peer) {
    return isUnlinked(peer) ? "not linked" : peer.text("state");
  }

  static String path(Json.Obj peer) {
    String path = peer.text("path");
    boolean connected = peer.text("state").equals("connected");
    return connected && !path.isEmpty() ? (path + " " + peer.text("address")).strip() : "-";
  }

  static String rtt(Json.Obj peer) {
    boolean known = peer.text("state").equals("connected") && peer.has("rtt_ms");
    return known ? Units.count(peer.whole("rtt_ms")) + "ms" : "-";
  }

  private void show(Screen screen, Json.Obj warning) {
    if (warning.text("code").equals(Warnings.PEER_OFFLINE)) {
      long since = warning.whole("since");
      String how =
          since > 0
              ? " has been offline for " + Units.roughly(Math.max(0, nowMillis - since))
              : " is offline";
      screen.say(Glyph.INFO, warning.text("peer") + how + "; it will catch up by itself");
    } else if (warning.text("code").equals(Warnings.HELD)) {
      long since = warning.object("held").whole("since");
      String when = " (" + Units.ago(since, nowMillis) + ")";
      Warnings.show(screen, warning.with("message", warning.text("message") + when));
    } else if (warning.has("waiting")) {
      String until = WaitingDocument.until(warning.object("waiting"), nowMillis);
      Warnings.show(screen, warning.with("message", warning.text("message") + until));
    } else if (warning.has("set_aside")) {
      long since = warning.object("set_aside").whole("since");
      String when = " (for " + Units.roughly(Math.max(0, nowMillis - since)) + ")";
      Warnings.show(screen, warning.with("message", warning.text("message") + when));
    } else {
      Warnings.show(screen, warning);
    }
  }
}
