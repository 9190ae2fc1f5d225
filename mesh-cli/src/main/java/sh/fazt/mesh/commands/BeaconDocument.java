package sh.fazt.mesh.commands;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import sh.fazt.mesh.MeshView;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.identity.NodeId;
import sh.fazt.mesh.node.BeaconStatus;
import sh.fazt.mesh.node.PeerStatus;
import sh.fazt.mesh.output.Json;

/** A node on its local networks as {@code fazt beacon status --format json} has it. */
final class BeaconDocument {
  private BeaconDocument() {}

  /** Of a node that runs in this process. */
  static Json.Obj running(BeaconStatus status, List<PeerStatus> peers) {
    Map<NodeId, PeerStatus> links =
        peers.stream().collect(Collectors.toMap(PeerStatus::id, peer -> peer));
    Json.Obj document =
        Json.object()
            .with("id", status.id().text())
            .with("name", status.name())
            .with("announcing", status.silence().isEmpty());
    if (status.silence().isPresent()) {
      document = silent(document, status.silence().get());
    }
    return document
        .with("interfaces", Json.texts(status.interfaces()))
        .with("udp_port", (long) status.udpPort())
        .with(
            "found",
            Json.array(
                status.found().stream()
                    .map(each -> found(each, Optional.ofNullable(links.get(each.id()))))
                    .toList()))
        .with("dropped", status.dropped());
  }

  private static Json.Obj silent(Json.Obj document, MeshException why) {
    Json.Obj told = document.with("reason", String.valueOf(why.getMessage()));
    return why.remedy().map(remedy -> told.with("run", remedy)).orElse(told);
  }

  private static Json.Obj found(BeaconStatus.Found found, Optional<PeerStatus> link) {
    return Json.object()
        .with("id", found.id().text())
        .with("name", found.name())
        .with("member", found.member())
        .with("addresses", Json.texts(found.addresses()))
        .with("first_heard", found.foundMillis())
        .with("last_heard", found.heardMillis())
        .with(
            "state",
            link.map(peer -> peer.state().name()).orElse("OFFLINE").toLowerCase(Locale.ROOT))
        .with("path", link.map(PeerStatus::path).orElse("-"))
        .with("address", link.map(PeerStatus::address).orElse("-"));
  }

  /** Of a node whose daemon is not running. */
  static Json.Obj stopped(MeshView view) {
    return Json.object()
        .with("id", NodeId.of(view.node()).text())
        .with("name", view.beaconName())
        .with("announcing", false)
        .with("reason", "this node sends no beacons: its daemon is not running")
        .with("run", "fazt mesh daemon --detach")
        .with("found", Json.array(List.of()));
  }
}
