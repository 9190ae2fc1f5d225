package sh.fazt.mesh.commands;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import sh.fazt.mesh.control.ControlClient;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.output.Bar;
import sh.fazt.mesh.output.Glyph;
import sh.fazt.mesh.output.Json;
import sh.fazt.mesh.output.Screen;
import sh.fazt.mesh.output.Units;

/** {@code fazt mesh sync}. */
@Command(
    name = "sync",
    description = "Exchange everything with the peers that can be reached, now, and wait for it.")
final class SyncCommand extends MeshCommand {
  private static final Duration GRACE = Duration.ofSeconds(10);

  @Parameters(
      arity = "0..1",
      paramLabel = "PEER",
      description = "A name or an id (default: every peer).")
  private Optional<String> peer = Optional.empty();

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "30s",
      converter = Durations.class,
      description = "Give up after this long (default: ${DEFAULT-VALUE}).")
  private Duration timeout = Duration.ofSeconds(30);

  @Option(
      names = "--wait",
      paramLabel = "N",
      converter = NodeCount.class,
      description = "Wait until this node's writes are on N other nodes.")
  private int wait;

  SyncCommand(Wiring wiring) {
    super(wiring);
  }

  @Override
  int run(Session session) {
    session.existingDatabase();
    Json.Obj result;
    try (ControlClient daemon = session.runningDaemon();
        Bar bar = new Bar(session.screen(), session.wiring().nowMillis())) {
      Json.Obj params =
          Json.object().with("timeout_ms", timeout.toMillis()).with("wait", (long) wait);
      Json.Obj wish = peer.map(name -> params.with("peer", name)).orElse(params);
      result = Warnings.ofSession(session, call(daemon, wish, bar));
    }
    requireSuccess(session, result);
    session.screen().answer(result, () -> show(session.screen(), result));
    return OK;
  }

  /**
   * Asks a daemon to exchange everything; the answer is that of {@code --format json}.
   *
   * @param params at least {@code timeout_ms}
   */
  static Json.Obj call(ControlClient daemon, Json.Obj params, Bar bar) {
    Duration timeout = Duration.ofMillis(params.whole("timeout_ms"));
    return daemon.call("sync", params, new BarNotes(bar), timeout.plus(GRACE));
  }

  private void requireSuccess(Session session, Json.Obj result) {
    List<Json.Obj> peers = result.objects("peers");
    List<String> late = names(peers, "timeout");
    if (mayNotWrite(result) && queued(result, "timeout")) {
      throw new MeshException(
          ErrorCode.TIMEOUT,
          "this node may not write, and "
              + String.join(", ", late)
              + " may never take what it signed after it lost the right to",
          "fazt mesh log");
    }
    boolean enough = wait > 0 && result.whole("reached") >= wait;
    if (!late.isEmpty() && !enough) {
      throw new MeshException(
          ErrorCode.TIMEOUT,
          "not done with "
              + String.join(", ", late)
              + " after "
              + Units.words(timeout.toMillis())
              + "; it goes on by itself",
          "fazt mesh status");
    }
    List<String> offline = names(peers, "offline");
    if (peers.size() == 1 && peers.get(0).text("state").equals("not_linked")) {
      throw new MeshException(
          ErrorCode.PEER_UNREACHABLE,
          peers.get(0).text("name")
              + " is not linked with this node; what is written here reaches it through others",
          "fazt mesh sync");
    }
    if (!peers.isEmpty() && offline.size() == peers.size()) {
      throw new MeshException(
          ErrorCode.PEER_UNREACHABLE,
          "no peer can be reached: "
              + String.join(", ", offline)
              + "; what is queued goes out by itself",
          "fazt mesh peers");
    }
    if (result.whole("reached") < wait) {
      throw new MeshException(
          ErrorCode.TIMEOUT,
          reached(result) + ", not on " + wait + ", after " + Units.words(timeout.toMillis()),
          session.command("fazt mesh peers"));
    }
  }

  private static boolean mayNotWrite(Json.Obj result) {
    return result.objects("warnings").stream()
        .anyMatch(warning -> warning.text("code").equals(Warnings.WRITES_STAY));
  }

  private static boolean queued(Json.Obj result, String state) {
    return result.objects("peers").stream()
        .anyMatch(peer -> peer.text("state").equals(state) && peer.whole("queued") > 0);
  }

  private static String batches(Json.Obj peer, String which) {
    return Units.batches(peer.whole(which));
  }

  private static List<String> names(List<Json.Obj> peers, String state) {
    return peers.stream()
        .filter(peer -> peer.text("state").equals(state))
        .map(SyncCommand::nameAndReason)
        .toList();
  }

  private static String nameAndReason(Json.Obj peer) {
    String reason = peer.text("reason");
    return peer.text("name") + (reason.isEmpty() ? "" : " (" + reason + ")");
  }

  /** What a node writes that may not write is nowhere else. */
  private static String reached(Json.Obj result) {
    return (mayNotWrite(result) ? "what the mesh has is on " : "your writes are on ")
        + Units.count(result.whole("reached"), "other node");
  }

  private static void show(Screen screen, Json.Obj result) {
    List<Json.Obj> peers = result.objects("peers");
    int width = peers.stream().mapToInt(peer -> peer.text("name").length()).max().orElse(0);
    int unlinked = names(peers, "not_linked").size();
    for (Json.Obj peer : peers) {
      String name = peer.text("name");
      if (peer.text("state").equals("not_linked")) {
        continue; // one line for all of them
      }
      String start = name + " ".repeat(width - name.length() + 2);
      if (peer.text("state").equals("offline")) {
        screen.say(Glyph.SKIPPED, start + "offline, " + batches(peer, "queued") + " queued");
      } else if (peer.text("state").equals("timeout")) {
        // Enough others were level before it was.
        screen.say(Glyph.SKIPPED, start + "under way, " + batches(peer, "queued") + " queued");
      } else {
        screen.say(
            Glyph.DONE,
            start
                + batches(peer, "sent")
                + " sent, "
                + Units.count(peer.whole("received"))
                + " received  "
                + Units.duration(peer.whole("duration_ms")));
      }
    }
    if (unlinked > 0) {
      screen.say(
          Glyph.SKIPPED,
          Units.count(unlinked, "member") + " not linked with this node: through others");
    }
    if (peers.isEmpty()) {
      screen.say(Glyph.OFF, "no peer yet");
    } else {
      screen.say(Glyph.DONE, reached(result));
    }
    result.objects("warnings").forEach(warning -> Warnings.show(screen, warning));
  }
}
