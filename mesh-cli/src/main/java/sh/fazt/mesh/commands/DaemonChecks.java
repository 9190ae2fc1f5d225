package sh.fazt.mesh.commands;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import sh.fazt.mesh.Finding;
import sh.fazt.mesh.control.ControlClient;
import sh.fazt.mesh.control.Notes;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.output.Json;
import sh.fazt.mesh.output.Units;
import sh.fazt.mesh.store.KeyFolder;
import sh.fazt.mesh.store.ReplicaLock;

/** Checks what only a running daemon can tell: that it runs, its peers, the clocks. */
final class DaemonChecks {
  private static final String DAEMON = "DAEMON";
  private static final String PEERS = "PEERS";
  private static final String CLOCK = "CLOCK";

  private DaemonChecks() {}

  static List<Finding> of(Session session) {
    try {
      Optional<ControlClient> running = session.daemon();
      if (running.isEmpty()) {
        return List.of(absent(session));
      }
      try (ControlClient daemon = running.get()) {
        return of(
            session, daemon.call("status", Json.object(), Notes.NONE, Session.ANSWER_SILENCE));
      }
    } catch (MeshException e) {
      return List.of(Finding.failed(DAEMON, e));
    }
  }

  private static Finding absent(Session session) {
    Optional<Long> holder = ReplicaLock.holder(KeyFolder.of(session.database()));
    boolean alive = holder.flatMap(ProcessHandle::of).map(ProcessHandle::isAlive).orElse(false);
    return alive
        ? Finding.warning(
            DAEMON,
            "process "
                + holder.orElse(0L)
                + " works on the database, and nobody answers at "
                + session.controlAddress().socket(),
            "ps -fp " + holder.orElse(0L))
        : Finding.warning(
            DAEMON,
            "no daemon is running: nothing is sent and nothing received",
            "fazt mesh daemon --detach");
  }

  private static List<Finding> of(Session session, Json.Obj status) {
    List<Finding> findings = new ArrayList<>();
    Json.Obj daemon = status.object("daemon");
    findings.add(
        Finding.ok(
            DAEMON,
            "daemon running, pid "
                + daemon.whole("pid")
                + ", up "
                + Units.duration(daemon.whole("uptime_ms"))
                + ", listening on "
                + daemon.text("listen")
                + "; answers at "
                + session.controlAddress().socket()));
    List<Json.Obj> peers = status.objects("peers");
    if (!peers.isEmpty()) {
      findings.add(peers(session, peers));
      clock(status, peers).ifPresent(findings::add);
    }
    return findings;
  }

  private static Finding peers(Session session, List<Json.Obj> peers) {
    List<Json.Obj> away =
        peers.stream().filter(peer -> peer.text("state").equals("offline")).toList();
    long unlinked = peers.stream().filter(StatusView::isUnlinked).count();
    List<Json.Obj> never = away.stream().filter(peer -> peer.whole("last_sync") == 0).toList();
    String connected =
        (peers.size() - away.size() - unlinked)
            + " of "
            + Units.count(peers.size(), "peer")
            + " connected"
            + (unlinked > 0 ? ", " + Units.count(unlinked) + " through these" : "");
    if (!never.isEmpty()) {
      return Finding.warning(
          PEERS, connected + "; never reached: " + names(never), "fazt mesh peers");
    }
    if (away.size() == peers.size()) {
      return Finding.warning(PEERS, "no peer can be reached: " + names(away), "fazt mesh peers");
    }
    String rest =
        away.stream()
            .map(
                peer ->
                    "; "
                        + peer.text("name")
                        + " was last level "
                        + Units.ago(peer.whole("last_sync"), session.nowMillis()))
            .collect(Collectors.joining());
    return Finding.ok(PEERS, connected + rest);
  }

  private static String names(List<Json.Obj> peers) {
    return peers.stream().map(peer -> peer.text("name")).collect(Collectors.joining(", "));
  }

  private static Optional<Finding> clock(Json.Obj status, List<Json.Obj> peers) {
    for (Json.Obj warning : status.objects("warnings")) {
      if (warning.text("code").equals(Warnings.CLOCK_SKEW)) {
        return Optional.of(Finding.warning(CLOCK, warning.text("message"), warning.text("run")));
      }
    }
    return peers.stream()
        .filter(peer -> peer.has("clock_offset_ms"))
        .map(peer -> Math.abs(peer.whole("clock_offset_ms")))
        .max(Long::compare)
        .map(
            most ->
                Finding.ok(CLOCK, "the clocks of peers differ by at most " + Units.duration(most)));
  }
}
