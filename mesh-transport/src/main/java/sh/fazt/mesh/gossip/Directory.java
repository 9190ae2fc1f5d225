package sh.fazt.mesh.gossip;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import sh.fazt.mesh.identity.MeshId;
import sh.fazt.mesh.identity.VerifyKey;

/**
 * Where members say that they can be dialled. Whoever is met is told of all others, and what is new
 * is passed on, so that two nodes which have met a third can meet each other.
 */
final class Directory {
  /** Between two locations of one node that are passed on, by the times that it has signed. */
  static final long GAP_MILLIS = 1_000;

  /** How far the time of a location may be ahead of our clock. */
  static final long AHEAD_MILLIS = 300_000;

  private final MeshId mesh;
  private final VerifyKey self;
  private final Peers peers;
  private final Map<VerifyKey, Location> known = new TreeMap<>();
  private Set<VerifyKey> members = Set.of();

  Directory(MeshId mesh, VerifyKey self, Peers peers) {
    this.mesh = mesh;
    this.self = self;
    this.peers = peers;
  }

  /** The other members as they are now; of others nothing is kept. */
  void members(Set<VerifyKey> present) {
    members = Set.copyOf(present);
    known.keySet().removeIf(node -> !node.equals(self) && !members.contains(node));
  }

  /** Where this node can be dialled from now on. */
  void moved(Turn turn, Location own) {
    known.put(self, own);
    peers.introduced().forEach(peer -> send(turn, peer, List.of(own)));
  }

  /** Tells a peer that has come of everyone else. */
  void greet(Turn turn, PeerState peer) {
    send(
        turn, peer, known.values().stream().filter(each -> !each.node().equals(peer.key)).toList());
  }

  /** What a peer passes on. What a member did not sign costs the peer its link. */
  void heard(Turn turn, PeerState peer, Locations told) {
    List<Location> fresh = new ArrayList<>();
    for (Location location : told.known()) {
      if (isNews(turn, location)) {
        if (!location.isTrue(mesh)) {
          turn.punish(peer, "a location that its node did not sign");
          return;
        }
        known.put(location.node(), location);
        fresh.add(location);
        turn.tell(new Report.Located(location.node(), location.addresses()));
      }
    }
    for (PeerState other : peers.introduced()) {
      if (other != peer) {
        send(turn, other, fresh);
      }
    }
  }

  private boolean isNews(Turn turn, Location location) {
    Location last = known.get(location.node());
    return members.contains(location.node())
        && location.atMillis() <= turn.wallMillis + AHEAD_MILLIS
        && (last == null || location.atMillis() >= last.atMillis() + GAP_MILLIS);
  }

  private static void send(Turn turn, PeerState to, List<Location> all) {
    for (int from = 0; from < all.size(); from += MessageLimits.LOCATIONS_MAX) {
      int end = Math.min(all.size(), from + MessageLimits.LOCATIONS_MAX);
      turn.send(to, new Locations(all.subList(from, end)));
    }
  }
}
