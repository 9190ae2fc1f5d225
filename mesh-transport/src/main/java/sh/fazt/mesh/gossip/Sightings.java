package sh.fazt.mesh.gossip;

import sh.fazt.mesh.clock.Dot;
import sh.fazt.mesh.delta.Head;
import sh.fazt.mesh.delta.Summary;
import sh.fazt.mesh.identity.SiteId;

/** Draws the conclusions from what a peer says, or shows, that it holds. */
final class Sightings {
  private final OwnLog log;
  private final Pulls pulls;
  private final OwnPast ownPast;
  private final ForkSearch forks;
  private final ForkClaims claims;

  Sightings(OwnLog log, Pulls pulls, OwnPast ownPast, ForkSearch forks, ForkClaims claims) {
    this.log = log;
    this.pulls = pulls;
    this.ownPast = ownPast;
    this.forks = forks;
    this.claims = claims;
  }

  /** The peer holds just this. */
  void all(Turn turn, PeerState peer, Summary summary) {
    peer.holds.replace(summary);
    bound(peer);
    check(turn, peer, summary);
    summary.forks().forEach((site, seq) -> claimed(peer, new Dot(site, seq)));
    notice(turn, peer, summary);
  }

  /** The peer holds at least this. */
  void some(Turn turn, PeerState peer, Summary heads) {
    heads.heads().forEach((site, head) -> peer.holds.raise(site, head.seq()));
    bound(peer);
    check(turn, peer, heads);
    notice(turn, peer, heads);
  }

  /** The peer holds that batch and all before it of its site. */
  void one(Turn turn, PeerState peer, Dot dot) {
    peer.holds.raise(dot.site(), dot.seq());
    log.bound(peer.holds);
    if (ownPast.isOurs(dot.site()) && !log.holds(dot)) {
      ownPast.bound(peer);
      ownPast.claimed(peer, dot);
    }
    if (peer.holds.seq(dot.site()) > log.seq(dot.site())) {
      pulls.notice(turn, dot.site());
    }
  }

  /** A site has forked: what peers hold of it beyond the trunk counts no more. */
  void closed(Turn turn, Peers peers, SiteId site) {
    for (PeerState peer : peers.all()) {
      log.bound(peer.holds);
      if (peer.introduced && peer.holds.seq(site) > log.seq(site)) {
        pulls.notice(turn, site);
      }
      level(turn, peer);
    }
  }

  private void bound(PeerState peer) {
    ownPast.bound(peer);
    log.bound(peer.holds);
  }

  /** Looks for signs that a site's past was lost or was signed twice. */
  void check(Turn turn, PeerState peer, Summary heads) {
    heads.heads().forEach((site, head) -> check(turn, peer, site, head));
  }

  private void check(Turn turn, PeerState peer, SiteId site, Head theirs) {
    Dot dot = new Dot(site, theirs.seq());
    boolean differs =
        log.head(site)
            .filter(ours -> ours.seq() == theirs.seq() && !ours.hash().equals(theirs.hash()))
            .isPresent();
    if (ownPast.isOurs(site)) {
      if (differs || !log.holds(dot)) {
        ownPast.claimed(peer, dot);
      }
    } else if (differs) {
      forks.differs(turn, peer, dot);
    }
  }

  /** The peer says that a site has forked there; it can prove that by what it holds of it. */
  private void claimed(PeerState peer, Dot fork) {
    if (ownPast.isOurs(fork.site())) {
      ownPast.claimed(peer, fork);
    } else {
      claims.claimed(peer, fork);
    }
  }

  private void notice(Turn turn, PeerState peer, Summary heads) {
    heads
        .heads()
        .forEach(
            (site, head) -> {
              if (Math.min(head.seq(), log.limit(site)) > log.seq(site)) {
                pulls.notice(turn, site);
              }
            });
    level(turn, peer);
  }

  /** Takes note of the time if both hold the same. */
  void level(Turn turn, PeerState peer) {
    if (log.ahead(peer.holds) == 0 && log.behind(peer.holds) == 0) {
      peer.levelMillis = turn.wallMillis;
    }
  }
}
