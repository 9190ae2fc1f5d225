package sh.fazt.mesh.commands;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import sh.fazt.mesh.Fork;
import sh.fazt.mesh.MeshView;
import sh.fazt.mesh.gossip.MessageLimits;
import sh.fazt.mesh.identity.MeshId;
import sh.fazt.mesh.identity.NodeId;
import sh.fazt.mesh.identity.VerifyKey;
import sh.fazt.mesh.node.NodeConfig;
import sh.fazt.mesh.node.NodeStatus;
import sh.fazt.mesh.node.PeerStatus;
import sh.fazt.mesh.output.Json;
import sh.fazt.mesh.output.Units;
import sh.fazt.mesh.roster.Member;
import sh.fazt.mesh.roster.Roster;
import sh.fazt.mesh.store.PeerTable;

/** The state of a node as {@code fazt mesh status --format json} has it. */
final class StatusDocument {
  /** A clock that is off by more makes its writes wait elsewhere. */
  private static final long SKEW_MILLIS_MAX = 5 * 60_000;

  private StatusDocument() {}

  /** Of a node that runs in this process. */
  static Json.Obj running(NodeStatus status, long nowMillis) {
    List<Json.Obj> warnings = warnings(status.figures());
    status.peers().forEach(peer -> warnings.addAll(warnings(peer)));
    status.forks().forEach(fork -> warnings.add(warning(fork)));
    return node(status.id(), status.name(), status.mesh())
        .with("verdict", status.verdict().name().toLowerCase(Locale.ROOT))
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
        .with("conflicts_24h", status.figures().conflicts24h())
        .with("warnings", Json.array(warnings));
  }

  /** Of a node whose daemon is not running. */
  static Json.Obj stopped(MeshView view, long nowMillis) {
    MeshView.Figures figures = view.figures(nowMillis);
    Roster roster = view.roster();
    List<Json.Obj> warnings = warnings(figures);
    view.forks().forEach(fork -> warnings.add(warning(fork)));
    return node(NodeId.of(view.node()), view.name(), roster.mesh())
        .with("verdict", "stopped")
        .with("reason", "daemon not running")
        .with("daemon", Json.object().with("running", false))
        .with("db", database(figures))
        .with("peers", Json.array(offline(roster, view)))
        .with("conflicts_24h", figures.conflicts24h())
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
        .with("mesh", Json.object().with("id", mesh.toString()));
  }

  private static Json.Obj database(MeshView.Figures figures) {
    return Json.object()
        .with("bytes", figures.bytes())
        .with("tables", (long) figures.tables())
        .with("rows", figures.rows())
        .with("unsent", figures.unsent())
        .with("parked", figures.parked())
        .with("set_aside", figures.aside());
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
    List<Json.Obj> peers = new ArrayList<>();
    for (Member member : roster.members()) {
      if (member.active() && !member.node().equals(view.node())) {
        PeerTable.Peer peer = known.get(member.node());
        peers.add(
            Json.object()
                .with("id", member.id().text())
                .with("name", member.name())
                .with("owner", member.personaName())
                .with("role", member.role().name().toLowerCase(Locale.ROOT))
                .with("state", "offline")
                .with("path", "-")
                .with("address", "-")
                .with("behind", 0L)
                .with("ahead", 0L)
                .with("last_sync", peer == null ? 0 : peer.lastSyncMillis()));
      }
    }
    return peers;
  }

  private static List<Json.Obj> warnings(MeshView.Figures figures) {
    List<Json.Obj> warnings = new ArrayList<>();
    if (figures.parked() > 0) {
      warnings.add(
          warning(
                  "PARKED",
                  Units.count(figures.parked(), "change")
                      + (figures.parked() == 1 ? " waits" : " wait")
                      + " for a table, a column or the right time")
              .with("count", figures.parked())
              .with("run", "fazt mesh tables"));
    }
    if (figures.aside() > 0) {
      warnings.add(
          warning(
                  "SET_ASIDE",
                  Units.count(figures.aside(), "row")
                      + (figures.aside() == 1 ? " is" : " are")
                      + " kept out of the tables by one of their rules")
              .with("count", figures.aside())
              .with("run", "fazt mesh tables"));
    }
    return warnings;
  }

  private static List<Json.Obj> warnings(PeerStatus peer) {
    List<Json.Obj> warnings = new ArrayList<>();
    if (peer.state() == PeerStatus.State.OFFLINE) {
      warnings.add(
          warning("PEER_OFFLINE", peer.name() + " is offline")
              .with("peer", peer.name())
              .with("since", peer.lastSyncMillis()));
      return warnings;
    }
    long offset = peer.clockOffsetMillis().orElse(0);
    if (Math.abs(offset) > SKEW_MILLIS_MAX) {
      warnings.add(
          warning(
                  "CLOCK_SKEW",
                  "the clock of "
                      + peer.name()
                      + " is "
                      + Units.duration(Math.abs(offset))
                      + (offset > 0 ? " ahead of" : " behind")
                      + " this machine's; one of the two is wrong")
              .with("peer", peer.name())
              .with("offset_ms", offset)
              .with("run", "timedatectl"));
    }
    return warnings;
  }

  private static Json.Obj warning(Fork fork) {
    return warning(
            "FORKED",
            fork.name()
                + " signed two different batches with one number: its key is in two places, or it"
                + " lies. What it wrote since then is not taken in here")
        .with("peer", fork.name())
        .with("id", fork.node().text())
        .with("seq", fork.held().seq())
        .with("found_at", fork.foundMillis());
  }

  private static Json.Obj warning(String code, String message) {
    return Json.object().with("code", code).with("message", message);
  }
}
