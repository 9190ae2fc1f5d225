package sh.fazt.mesh.gossip;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import sh.fazt.mesh.clock.Dot;
import sh.fazt.mesh.identity.SiteId;

/**
 * Deals with peers that say they hold batches of our own site which our log lacks: our database may
 * be an older copy of itself. Saying so proves nothing, so such a peer is asked for the batch, one
 * peer at a time and each once a link; only what the log finds in the batch itself counts.
 */
final class OwnPast {
  private final SiteId self;
  private final OwnLog log;
  private final Pulls pulls;
  private final Map<PeerState, Dot> claims = new LinkedHashMap<>();
  private boolean proven;

  OwnPast(SiteId self, OwnLog log, Pulls pulls) {
    this.self = self;
    this.log = log;
    this.pulls = pulls;
  }

  boolean isOurs(SiteId site) {
    return site.equals(self);
  }

  /** That peer says it holds that batch of ours and all before it, and the log does not agree. */
  void claimed(PeerState peer, Dot dot) {
    if (!proven && !peer.ownPastAsked) {
      claims.put(peer, dot);
    }
  }

  /** Nobody holds more of us than we do, for all that is known: there is nothing to fetch. */
  void bound(PeerState peer) {
    peer.holds.lower(self, log.seq(self));
  }

  /**
   * Whether it is not settled yet what we have lost. Until then nobody's state is taken in: what
   * was written here since would pass for what the others hold.
   */
  boolean isOpen() {
    return proven || !claims.isEmpty() || pulls.isAsked(self);
  }

  /** What that peer has shown could not be looked at just now: it is asked for again. */
  void postponed(PeerState peer, Dot dot) {
    peer.ownPastAsked = false;
    claimed(peer, dot);
  }

  /** Asks the next peer for its proof, unless one is being asked. */
  void ask(Turn turn) {
    if (pulls.isPaused(turn)) {
      return;
    }
    Iterator<Map.Entry<PeerState, Dot>> next = claims.entrySet().iterator();
    while (next.hasNext()) {
      Map.Entry<PeerState, Dot> claim = next.next();
      PeerState peer = claim.getKey();
      if (!peer.introduced) {
        next.remove();
      } else if (pulls.mayAsk(peer, self)) {
        next.remove();
        peer.ownPastAsked = true;
        pulls.askFor(turn, peer, claim.getValue());
      }
    }
  }

  /** The log found a batch in it that we signed and have lost. */
  void proven(Turn turn, PeerState from, Dot dot) {
    claims.clear();
    if (!proven) {
      proven = true;
      turn.tell(new Report.OwnPastLost(from.key, dot));
    }
  }
}
