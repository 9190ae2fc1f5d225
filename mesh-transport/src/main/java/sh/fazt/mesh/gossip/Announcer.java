package sh.fazt.mesh.gossip;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import sh.fazt.mesh.apply.Ingested;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.clock.Dot;
import sh.fazt.mesh.delta.Head;
import sh.fazt.mesh.delta.Summary;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.identity.VerifyKey;
import sh.fazt.mesh.wire.SignedBatch;

/**
 * Spreads fresh batches: our own to every neighbour at once, others' to those who asked for that,
 * and a notice of the new heads to everyone else, which acknowledges them too.
 */
final class Announcer {
  private final GossipConfig.Pushing limits;
  private final Peers peers;
  private final OwnLog log;
  private long lastMillis;
  private long dueMillis = Long.MAX_VALUE;

  Announcer(GossipConfig.Pushing limits, Peers peers, OwnLog log) {
    this.limits = limits;
    this.peers = peers;
    this.log = log;
  }

  /** Our own fresh batches. */
  void local(Turn turn, List<SignedBatch> batches) {
    boolean untold = false;
    for (SignedBatch batch : batches) {
      log.extend(batch.dot(), batch.hash());
      for (PeerState peer : peers.introduced()) {
        if (!push(turn, peer, batch.dot(), batch.envelope())) {
          untold |= peer.untold.add(batch.dot().site());
        }
      }
    }
    if (untold) {
      announceAt(turn, turn.nowMillis);
    }
  }

  /** A batch that came from a peer is in the log. */
  void delivered(Turn turn, Ingested.Delivered delivered, Arrival arrival) {
    Dot dot = delivered.dot();
    VerifyKey author = dot.site().node();
    for (PeerState peer : peers.introduced()) {
      boolean eager = peer.grafts.contains(author) && peer.coming(dot.site()) < dot.seq();
      if (!eager || !push(turn, peer, dot, arrival.envelope())) {
        peer.untold.add(dot.site());
      }
    }
    announceAt(
        turn,
        Math.max(
            turn.nowMillis + limits.announceMillis(), lastMillis + limits.announceGapMillis()));
  }

  void graft(Turn turn, PeerState peer, Graft graft) {
    if (peer.grafts.size() >= limits.graftsPerPeerMax()) {
      turn.punish(peer, "grafts of over " + limits.graftsPerPeerMax() + " authors");
    } else {
      peer.grafts.add(graft.author());
    }
  }

  void prune(PeerState peer, Prune prune) {
    peer.grafts.remove(prune.author());
  }

  void writable(Turn turn, PeerState peer) {
    if (!peer.untold.isEmpty()) {
      announceAt(turn, turn.nowMillis);
    }
  }

  void fired(Turn turn) {
    if (dueMillis > turn.nowMillis) {
      return;
    }
    dueMillis = Long.MAX_VALUE;
    lastMillis = turn.nowMillis;
    for (PeerState peer : peers.introduced()) {
      if (peer.writable && !peer.untold.isEmpty()) {
        Map<SiteId, Head> heads = new TreeMap<>();
        peer.untold.forEach(site -> log.head(site).ifPresent(head -> heads.put(site, head)));
        peer.untold.clear();
        turn.send(peer, new Have(Summary.of(heads)));
      }
    }
  }

  /** Sends a batch that fits and that the peer can deliver at once. */
  private boolean push(Turn turn, PeerState peer, Dot dot, Bytes envelope) {
    if (!peer.writable
        || envelope.size() > limits.batchBytesMax()
        || peer.coming(dot.site()) != dot.seq() - 1
        || turn.push(peer, envelope.size()) > limits.burstBytesMax()) {
      return false;
    }
    peer.pushed.raise(dot.site(), dot.seq());
    turn.send(peer, new Batch(dot, envelope));
    return true;
  }

  private void announceAt(Turn turn, long wantedMillis) {
    if (wantedMillis < dueMillis) {
      dueMillis = wantedMillis;
      turn.schedule(new Timer.Announce(), wantedMillis);
    }
  }
}
