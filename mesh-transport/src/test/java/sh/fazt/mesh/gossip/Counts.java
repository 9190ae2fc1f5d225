package sh.fazt.mesh.gossip;

import java.util.HashMap;
import java.util.Map;
import sh.fazt.mesh.clock.Dot;

/** How often a simulated node was sent each batch, and how far each had come. */
final class Counts {
  final Map<Dot, Integer> copies = new HashMap<>();

  /** From node to node, on the way by which a batch came first. */
  final Map<Dot, Integer> hops = new HashMap<>();

  void wrote(Dot dot) {
    hops.put(dot, 0);
  }

  /** Takes note of what a peer has sent. */
  void heard(Counts peer, Message message) {
    if (message instanceof Batch batch) {
      heard(peer, batch.dot());
    } else if (message instanceof BatchPart part && part.last()) {
      heard(peer, part.dot());
    }
  }

  private void heard(Counts peer, Dot dot) {
    copies.merge(dot, 1, Integer::sum);
    hops.putIfAbsent(dot, peer.hops.getOrDefault(dot, 0) + 1);
  }
}
