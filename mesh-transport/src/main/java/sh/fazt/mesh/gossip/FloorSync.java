package sh.fazt.mesh.gossip;

import sh.fazt.mesh.delta.Summary;

/** Tells peers up to where our log was trimmed, and hears it of them. */
final class FloorSync {
  private final Peers peers;
  private final OwnLog log;
  private final Pulls pulls;

  FloorSync(Peers peers, OwnLog log, Pulls pulls) {
    this.peers = peers;
    this.log = log;
    this.pulls = pulls;
  }

  void trimmed(Turn turn, Summary floors) {
    if (!log.floors().equals(floors)) {
      log.trimmed(floors);
      peers.introduced().forEach(peer -> turn.send(peer, new Floors(floors)));
    }
  }

  /** Tells a peer that has come. */
  void greet(Turn turn, PeerState peer) {
    if (!log.floors().heads().isEmpty()) {
      turn.send(peer, new Floors(log.floors()));
    }
  }

  void heard(PeerState peer, Floors theirs) {
    peer.floors = theirs.floors();
    pulls.refresh();
  }
}
