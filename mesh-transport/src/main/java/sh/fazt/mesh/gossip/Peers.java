package sh.fazt.mesh.gossip;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.identity.VerifyKey;

/** All peers that were ever linked, in the order of their keys; confined to the engine. */
final class Peers {
  private final Map<VerifyKey, PeerState> all = new TreeMap<>();

  PeerState of(VerifyKey key) {
    return all.computeIfAbsent(key, PeerState::new);
  }

  Collection<PeerState> all() {
    return all.values();
  }

  /** Those that are linked and have said hello. */
  List<PeerState> introduced() {
    List<PeerState> found = new ArrayList<>();
    for (PeerState peer : all.values()) {
      if (peer.introduced) {
        found.add(peer);
      }
    }
    return found;
  }

  /** Of each site the last batch that a peer has said it holds. */
  Map<SiteId, Long> heldBy(VerifyKey key) {
    PeerState peer = all.get(key);
    return peer == null ? Map.of() : Map.copyOf(peer.holds.seqs());
  }

  boolean isIntroduced(VerifyKey key) {
    PeerState peer = all.get(key);
    return peer != null && peer.introduced;
  }
}
