package sh.fazt.mesh.commands;

import java.util.List;
import sh.fazt.mesh.output.Glyph;
import sh.fazt.mesh.output.Json;
import sh.fazt.mesh.output.Screen;
import sh.fazt.mesh.output.Table;
import sh.fazt.mesh.output.Units;

/**
 * A node on its local networks as a person reads it.
 *
 * @param beacon the document of {@code fazt beacon status --format json}
 */
record BeaconView(Json.Obj beacon, long nowMillis) {
  void show(Screen screen) {
    if (!beacon.flag("announcing")) {
      screen.say(Glyph.OFF, beacon.text("reason"));
      return;
    }
    List<String> interfaces = beacon.texts("interfaces");
    screen.headline(
        interfaces.isEmpty() ? Glyph.OFF : Glyph.ON,
        interfaces.isEmpty() ? "on no network" : "announced on " + String.join(", ", interfaces),
        "   " + beacon.text("name") + "  " + beacon.text("id") + "   UDP port " + port());
    showFound(screen);
  }

  /** A number, not an amount. */
  private String port() {
    return String.valueOf(beacon.whole("udp_port"));
  }

  /** Who is near, in a table, and how many. */
  void showFound(Screen screen) {
    List<Json.Obj> found = beacon.objects("found");
    if (found.isEmpty()) {
      screen.say(Glyph.OFF, "no other node of this mesh is near");
      return;
    }
    Table table = Table.of("NAME", "NODE", "ADDRESS", "HEARD", "LINK");
    for (Json.Obj each : found) {
      table =
          table.row(
              each.text("name"),
              each.text("member"),
              String.join(", ", each.texts("addresses")),
              Units.ago(each.whole("last_heard"), nowMillis),
              StatusView.path(each));
    }
    screen.table(table);
  }
}
