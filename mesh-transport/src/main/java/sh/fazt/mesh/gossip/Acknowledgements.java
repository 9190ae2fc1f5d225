package sh.fazt.mesh.gossip;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import sh.fazt.mesh.delta.Acknowledgement;
import sh.fazt.mesh.identity.MeshId;
import sh.fazt.mesh.identity.VerifyKey;

/**
 * What members say that their tables show. Whoever is met is told of all that it is not known to
 * have, and what is new is passed on, so that all come to know of those they never meet.
 */
final class Acknowledgements {
  /** Between two of one node that are passed on, by the times that it has signed. */
  static final long GAP_MILLIS = 1_000;

  private final MeshId mesh;
  private final VerifyKey self;
  private final Peers peers;
  private final Map<VerifyKey, Acknowledgement> known = new TreeMap<>();
  private final Map<VerifyKey, Map<VerifyKey, Long>> has = new HashMap<>();
  private Set<VerifyKey> members = Set.of();

  Acknowledgements(MeshId mesh, VerifyKey self, Peers peers) {
    this.mesh = mesh;
    this.self = self;
    this.peers = peers;
  }

  /** The other members as they are now; of others nothing is kept. */
  void members(Set<VerifyKey> present) {
    members = Set.copyOf(present);
    known.keySet().removeIf(node -> !node.equals(self) && !members.contains(node));
    has.keySet().retainAll(members);
  }

  /** What this node has said itself, or has kept since it was last at work. */
  void said(Turn turn, Acknowledgement said) {
    if (said.node().equals(self) || members.contains(said.node())) {
      known.put(said.node(), said);
      peers.introduced().forEach(peer -> tell(turn, peer, said));
    }
  }

  /** Tells a peer that has come of everyone. */
  void greet(Turn turn, PeerState peer) {
    known.values().forEach(said -> tell(turn, peer, said));
  }

  /** What a peer passes on. What a member did not sign costs the peer its link. */
  void heard(Turn turn, PeerState peer, Acknowledged message) {
    Acknowledgement said = message.said();
    Acknowledgement last = known.get(said.node());
    boolean news =
        members.contains(said.node())
            && (last == null || said.atMillis() >= last.atMillis() + GAP_MILLIS);
    if (news && !said.isTrue(mesh)) {
      turn.punish(peer, "an acknowledgement that its node did not sign");
      return;
    }
    if (members.contains(said.node())) {
      noted(peer, said);
    }
    if (news) {
      known.put(said.node(), said);
      turn.tell(new Report.Acknowledged(said));
      peers.introduced().forEach(other -> tell(turn, other, said));
    }
  }

  private void tell(Turn turn, PeerState to, Acknowledgement said) {
    long there = has.getOrDefault(to.key, Map.of()).getOrDefault(said.node(), -1L);
    if (!said.node().equals(to.key) && there < said.atMillis()) {
      noted(to, said);
      turn.send(to, new Acknowledged(said));
    }
  }

  private void noted(PeerState peer, Acknowledgement said) {
    has.computeIfAbsent(peer.key, key -> new HashMap<>())
        .merge(said.node(), said.atMillis(), Math::max);
  }

  /** The link is gone, and with it what was on its way. */
  void down(PeerState peer) {
    has.remove(peer.key);
  }
}
