package sh.fazt.mesh.node;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import sh.fazt.mesh.Mesh;
import sh.fazt.mesh.MeshView;
import sh.fazt.mesh.frame.MeshLink;
import sh.fazt.mesh.gossip.Hello;
import sh.fazt.mesh.gossip.PeerView;
import sh.fazt.mesh.identity.NodeId;
import sh.fazt.mesh.identity.VerifyKey;
import sh.fazt.mesh.node.NodeStatus.Verdict;
import sh.fazt.mesh.roster.KnownAs;
import sh.fazt.mesh.roster.Member;

/** Puts a node's state into one snapshot. On the mesh thread. */
final class StatusBoard {
  private StatusBoard() {}

  static NodeStatus of(NodeCore core, NodeConfig config, long startedMillis, String listen) {
    Mesh mesh = core.mesh();
    MeshView.Figures figures = mesh.view().figures(config.ambient().now());
    Map<VerifyKey, PeerView> views = core.contacts().views();
    List<PeerStatus> peers = new ArrayList<>();
    boolean linked = views.values().stream().anyMatch(PeerView::connected);
    PeerStatus.State rest =
        linked && !core.contacts().linksAll()
            ? PeerStatus.State.NOT_LINKED
            : PeerStatus.State.OFFLINE;
    KnownAs known = KnownAs.in(mesh.membership().roster());
    for (Member member : core.roster().others()) {
      peers.add(
          peer(core, member, Optional.ofNullable(views.get(member.node())), rest)
              .ownedBy(known.owner(member)));
    }
    long toGo = figures.untaken() + (mesh.hasMore() ? 1 : 0);
    boolean connected = false;
    // Of a peer that has only just come, nothing is known yet.
    boolean compared =
        views.values().stream().allMatch(view -> !view.connected() || view.comparedMillis() > 0);
    for (PeerStatus peer : peers) {
      if (peer.state() == PeerStatus.State.CONNECTED) {
        connected = true;
        toGo += peer.behind() + peer.ahead();
      }
    }
    Verdict done = figures.held().isEmpty() ? Verdict.IN_SYNC : Verdict.HELD;
    boolean level = compared && toGo == 0 && !core.harvesting().isHindered();
    boolean removed = mesh.membership().roster().hasRemoved(mesh.nodeKey().verifyKey());
    Verdict stand = !connected ? Verdict.ALONE : level ? done : Verdict.SYNCING;
    Verdict verdict = removed ? Verdict.REMOVED : stand;
    return new NodeStatus(
        NodeId.of(mesh.nodeKey().verifyKey()),
        mesh.view().name(),
        mesh.id(),
        mesh.membership().role(),
        verdict,
        startedMillis,
        config.database(),
        listen,
        figures,
        peers,
        mesh.view().forks(),
        core.hindrances(),
        toGo,
        core.syncing().rowsReceived(),
        core.syncing().rowsSent());
  }

  /**
   * @param unlinked the state of a member that there is no link with
   */
  private static PeerStatus peer(
      NodeCore core, Member member, Optional<PeerView> view, PeerStatus.State unlinked) {
    Optional<MeshLink> link = core.reception().find(member.node());
    boolean connected = link.isPresent() && view.map(PeerView::connected).orElse(false);
    long remembered = core.caller().lastLevelMillis(member.node());
    long level = view.map(PeerView::levelMillis).orElse(0L);
    return new PeerStatus(
        member.id(),
        member.name(),
        member.personaName(),
        member.role(),
        connected ? PeerStatus.State.CONNECTED : unlinked,
        connected ? link.map(core.nearby()::path).orElse("-") : "-",
        connected ? link.map(MeshLink::address).orElse("-") : "-",
        view.map(PeerView::rttMillis).orElse(OptionalLong.empty()),
        view.map(PeerView::behind).orElse(0L),
        view.map(PeerView::ahead).orElse(0L),
        Math.max(level, remembered),
        view.map(PeerView::clockOffsetMillis).orElse(OptionalLong.empty()),
        view.flatMap(PeerView::hello).map(Hello::programVersion).orElse(""));
  }
}
