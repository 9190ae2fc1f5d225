package sh.fazt.mesh.node;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.identity.NodeId;
import sh.fazt.mesh.identity.VerifyKey;
import sh.fazt.mesh.store.PeerTable;

/**
 * What the next start will know of other nodes: where they were reached, and when they were last
 * level with this one. It outlives their membership. Confined to the mesh thread.
 */
final class PeerMemory {
  private static final Logger LOG = LoggerFactory.getLogger(PeerMemory.class);
  private static final PeerTable.Peer UNKNOWN = new PeerTable.Peer(List.of(), 0);

  private final PeerTable table;
  private final Map<VerifyKey, PeerTable.Peer> known;

  PeerMemory(PeerTable table) {
    this.table = table;
    this.known = new TreeMap<>(table.all());
  }

  /** {@code HOST:PORT}, the likeliest first. */
  List<String> addresses(VerifyKey node) {
    return find(node).addresses();
  }

  /** When this node and that one last held the same, Unix milliseconds; 0 for never. */
  long lastLevelMillis(VerifyKey node) {
    return find(node).lastSyncMillis();
  }

  /** To be tried in that order at the next start; none is no reason to forget others. */
  void reached(VerifyKey node, List<String> addresses) {
    if (!addresses.isEmpty()) {
      keep(node, new PeerTable.Peer(addresses, lastLevelMillis(node)));
    }
  }

  void level(VerifyKey node, long atMillis) {
    keep(node, new PeerTable.Peer(addresses(node), atMillis));
  }

  private PeerTable.Peer find(VerifyKey node) {
    return known.getOrDefault(node, UNKNOWN);
  }

  /** What cannot be written now may be with the next change. */
  private void keep(VerifyKey node, PeerTable.Peer peer) {
    if (!peer.equals(known.put(node, peer))) {
      try {
        table.put(node, peer);
      } catch (MeshException e) {
        LOG.debug("not kept where {} is: {}", NodeId.of(node), e.getMessage());
      }
    }
  }
}
