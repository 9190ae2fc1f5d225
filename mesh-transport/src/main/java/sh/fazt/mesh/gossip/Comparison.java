package sh.fazt.mesh.gossip;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import sh.fazt.mesh.delta.Head;
import sh.fazt.mesh.delta.Summary;
import sh.fazt.mesh.identity.Chance;
import sh.fazt.mesh.identity.SiteId;

/** Anti-entropy: the hash of the summary first, the vector only where hashes differ. */
final class Comparison {
  private final GossipConfig.Pace pace;
  private final Chance chance;
  private final Peers peers;
  private final OwnLog log;
  private final RosterSync rosters;
  private final Sightings sightings;

  Comparison(
      GossipConfig.Pace pace,
      Chance chance,
      Peers peers,
      OwnLog log,
      RosterSync rosters,
      Sightings sightings) {
    this.pace = pace;
    this.chance = chance;
    this.peers = peers;
    this.log = log;
    this.rosters = rosters;
    this.sightings = sightings;
  }

  void schedule(Turn turn) {
    turn.schedule(
        new Timer.AntiEntropy(), turn.nowMillis + Jitter.around(pace.antiEntropyMillis(), chance));
  }

  /** Asks as many peers as one comparison takes, beginning with any. */
  void tick(Turn turn) {
    List<PeerState> linked = peers.introduced();
    int count = Math.min(linked.size(), pace.comparedPeersMax());
    int first = linked.isEmpty() ? 0 : (int) Jitter.below(linked.size(), chance);
    for (int i = 0; i < count; i++) {
      both(turn, linked.get((first + i) % linked.size()));
    }
    schedule(turn);
  }

  /** Compares rosters and logs with a peer, if it is linked. */
  void both(Turn turn, PeerState peer) {
    if (peer.introduced) {
      rosters.compare(turn, peer);
      ask(turn, peer);
    }
  }

  void ask(Turn turn, PeerState peer) {
    peer.asked = log.summary();
    turn.send(peer, new SummaryHash(log.hash(), true));
  }

  /** Tells all peers what the log holds, as when it knows of one more fork. */
  void show(Turn turn) {
    peers.introduced().forEach(peer -> turn.send(peer, new SummaryVector(log.summary())));
  }

  void hash(Turn turn, PeerState peer, SummaryHash theirs) {
    if (theirs.asks()) {
      answer(turn, peer, theirs);
    } else if (theirs.hash().equals(peer.asked.hash())) {
      peer.comparedMillis = turn.wallMillis;
      sightings.all(turn, peer, peer.asked);
    }
  }

  private void answer(Turn turn, PeerState peer, SummaryHash theirs) {
    if (theirs.hash().equals(log.hash())) {
      sightings.all(turn, peer, log.summary());
      turn.send(peer, new SummaryHash(log.hash(), false));
    } else {
      turn.send(peer, new SummaryVector(log.summary()));
    }
  }

  void vector(Turn turn, PeerState peer, SummaryVector theirs) {
    peer.comparedMillis = turn.wallMillis;
    peer.forks = theirs.summary().forks();
    sightings.all(turn, peer, theirs.summary());
    Map<SiteId, Head> lacked = new TreeMap<>();
    log.summary()
        .heads()
        .forEach(
            (site, head) -> {
              if (head.seq() > peer.coming(site)) {
                lacked.put(site, head);
              }
            });
    if (!lacked.isEmpty()) {
      turn.send(peer, new Have(Summary.of(lacked)));
    }
  }
}
