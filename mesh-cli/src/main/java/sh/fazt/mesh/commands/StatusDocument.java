package sh.fazt.mesh.commands;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import sh.fazt.mesh.MeshView;
import sh.fazt.mesh.SetAside;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.gossip.MessageLimits;
import sh.fazt.mesh.identity.MeshId;
import sh.fazt.mesh.identity.NodeId;
import sh.fazt.mesh.identity.VerifyKey;
import sh.fazt.mesh.node.NodeConfig;
import sh.fazt.mesh.node.NodeStatus;
import sh.fazt.mesh.node.PeerStatus;
import sh.fazt.mesh.node.Removed;
import sh.fazt.mesh.output.Json;
import sh.fazt.mesh.roster.KnownAs;
import sh.fazt.mesh.roster.Member;
import sh.fazt.mesh.roster.Roster;
import sh.fazt.mesh.store.PeerTable;

/** The state of a node as {@code fazt mesh status --format json} has it. */
final class StatusDocument {
  private StatusDocument() {}

  /** Of a node that runs in this process. */
  static Json.Obj running(NodeStatus status, long nowMillis) {
    List<Json.Obj> warnings = Warnings.of(status);
    if (status.verdict() == NodeStatus.Verdict.ALONE) {
      warnings.addAll(Warnings.unsent(status.figures(), true));
    }
    status.peers().forEach(peer -> warnings.addAll(Warnings.of(peer)));
    status.hindrances().forEach(each -> warnings.add(Warnings.of(each)));
    status.forks().forEach(fork -> warnings.add(Warnings.of(fork)));
    return node(status.id(), status.name(), status.mesh())
        .with("verdict", verdict(status))
        .with("to_go", status.toGo())
        .with(
            "daemon",
            Json.object()
                .with("running", true)
                .with("pid", ProcessHandle.current().pid())
                .with("uptime_ms", Math.max(0, nowMillis - status.startedMillis()))
                .with("listen", status.listen()))
        .with("db", database(status.figures()).with("path", status.database().toString()))
        .with("peers", Json.array(status.peers().stream().map(StatusDocument::peer).toList()))
        .with("waiting", WaitingDocument.array(status.figures().waiting()))
        .with("set_aside", setAside(status.figures()))
        .with("conflicts_24h", status.figures().conflicts24h())
        .with("conflicts_open", status.figures().conflicts())
        .with("warnings", Json.array(warnings));
  }

  /** Nothing is under way, and yet a change that came does not show. */
  private static boolean isWaiting(NodeStatus status) {
    return status.verdict() == NodeStatus.Verdict.IN_SYNC
        && status.figures().waiting().stream().anyMatch(each -> !each.isDeclined());
  }

  private static String verdict(NodeStatus status) {
    return isWaiting(status) ? "waiting" : status.verdict().name().toLowerCase(Locale.ROOT);
  }

  /** Of a node whose daemon is not running. */
  static Json.Obj stopped(MeshView view, long nowMillis) {
    MeshView.Figures figures = view.figures(nowMillis);
    Roster roster = view.roster();
    List<Json.Obj> warnings = Warnings.of(figures);
    warnings.addAll(Warnings.of(roster.roleOf(view.node())));
    warnings.addAll(Warnings.unsent(figures, false));
    Optional<MeshException> removed = Removed.fault(roster, view.node());
    removed.ifPresent(fault -> warnings.add(Warnings.of(fault)));
    view.forks().forEach(fork -> warnings.add(Warnings.of(fork)));
    return node(NodeId.of(view.node()), view.name(), roster.mesh())
        .with("verdict", removed.isPresent() ? "removed" : "stopped")
        .with("reason", "daemon not running")
        .with("daemon", Json.object().with("running", false))
        .with("db", database(figures))
        .with("peers", Json.array(offline(roster, view)))
        .with("waiting", WaitingDocument.array(figures.waiting()))
        .with("set_aside", setAside(figures))
        .with("conflicts_24h", figures.conflicts24h())
        .with("conflicts_open", figures.conflicts())
        .with("warnings", Json.array(warnings));
  }

  private static Json.Obj node(NodeId id, String name, MeshId mesh) {
    return Json.object()
        .with(
            "node",
            Json.object()
                .with("id", id.text())
                .with("name", name)
                .with("version", NodeConfig.VERSION)
                .with("protocol", (long) MessageLimits.PROTOCOL_VERSION))
        .with("mesh", Json.object().with("id", mesh.founding().value().hex()));
  }

  private static Json setAside(MeshView.Figures figures) {
    return Json.array(figures.setAside().stream().map(StatusDocument::of).toList());
  }

  /** Rows of one table that are set aside, by the one that is for longest. */
  static Json.Obj of(SetAside aside) {
    return Json.object()
        .with("table", aside.table())
        .with("rows", aside.rows())
        .with("since", aside.sinceMillis())
        .with("key", aside.keyText())
        .with("rule", aside.rule());
  }

  private static Json.Obj database(MeshView.Figures figures) {
    return Json.object()
        .with("bytes", figures.bytes())
        .with("tables", (long) figures.tables())
        .with("rows", figures.rows())
        .with("untaken", figures.untaken())
        .with("unsent", figures.unsent())
        .with("parked", figures.parked())
        .with("set_aside", figures.aside())
        .with(
            "log",
            Json.object()
                .with("batches", figures.log().batches())
                .with("stable", figures.log().stable())
                .with("trimmed", figures.log().trimmed())
                .with("held_by", Json.texts(figures.log().holding())));
  }

  private static Json.Obj peer(PeerStatus peer) {
    Json.Obj document =
        Json.object()
            .with("id", peer.id().text())
            .with("name", peer.name())
            .with("owner", peer.owner())
            .with("role", peer.role().name().toLowerCase(Locale.ROOT))
            .with("state", peer.state().name().toLowerCase(Locale.ROOT))
            .with("path", peer.path())
            .with("address", peer.address());
    if (peer.rttMillis().isPresent()) {
      document = document.with("rtt_ms", peer.rttMillis().getAsLong());
    }
    document =
        document
            .with("behind", peer.behind())
            .with("ahead", peer.ahead())
            .with("last_sync", peer.lastSyncMillis());
    if (peer.clockOffsetMillis().isPresent()) {
      document = document.with("clock_offset_ms", peer.clockOffsetMillis().getAsLong());
    }
    return document.with("version", peer.version());
  }

  private static List<Json.Obj> offline(Roster roster, MeshView view) {
    Map<VerifyKey, PeerTable.Peer> known = view.peers();
    KnownAs names = KnownAs.in(roster);
    List<Json.Obj> peers = new ArrayList<>();
    for (Member member : roster.members()) {
      if (member.active() && !member.node().equals(view.node())) {
        PeerTable.Peer peer = known.get(member.node());
        peers.add(
            Json.object()
                .with("id", member.id().text())
                .with("name", member.name())
                .with("owner", names.owner(member))
                .with("role", member.role().name().toLowerCase(Locale.ROOT))
                .with("state", "offline")
                .with("path", "-")
                .with("address", "-")
                .with("behind", 0L)
                .with("ahead", view.unsentTo(member.node()))
                .with("last_sync", peer == null ? 0 : peer.lastSyncMillis()));
      }
    }
    return peers;
  }
}
