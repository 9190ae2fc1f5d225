package sh.fazt.mesh.gossip;

import java.util.HashSet;
import java.util.Set;
import sh.fazt.mesh.clock.Dot;
import sh.fazt.mesh.delta.Head;
import sh.fazt.mesh.delta.Summary;
import sh.fazt.mesh.identity.SiteId;

/** Draws the conclusions from what a peer says, or shows, that it holds. */
final class Sightings {
  private final OwnLog log;
  private final Pulls pulls;
  private final OwnPast ownPast;
  private final Set<SiteId> forked = new HashSet<>();

  Sightings(OwnLog log, Pulls pulls, OwnPast ownPast) {
    this.log = log;
    this.pulls = pulls;
    this.ownPast = ownPast;
  }

  /** The peer holds just this. */
  void all(Turn turn, PeerState peer, Summary summary) {
    peer.holds.replace(summary);
    ownPast.bound(peer);
    check(turn, peer, summary);
    notice(turn, peer, summary);
  }

  /** The peer holds at least this. */
  void some(Turn turn, PeerState peer, Summary heads) {
    heads.heads().forEach((site, head) -> peer.holds.raise(site, head.seq()));
    ownPast.bound(peer);
    check(turn, peer, heads);
    notice(turn, peer, heads);
  }

  /** The peer holds that batch and all before it of its site. */
  void one(Turn turn, PeerState peer, Dot dot) {
    peer.holds.raise(dot.site(), dot.seq());
    if (ownPast.isOurs(dot.site()) && !log.holds(dot)) {
      ownPast.bound(peer);
      ownPast.claimed(peer, dot);
    }
    if (!log.holds(dot)) {
      pulls.notice(turn, dot.site());
    }
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
    } else if (differs && forked.add(site)) {
      turn.tell(new Report.Forked(peer.key, dot));
    }
  }

  private void notice(Turn turn, PeerState peer, Summary heads) {
    heads
        .heads()
        .forEach(
            (site, head) -> {
              if (head.seq() > log.seq(site)) {
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
