package sh.fazt.mesh.gossip;

import java.util.Set;
import java.util.TreeSet;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.roster.Authors;

/** What follows when it is known better where some chains end: by a fork, or with their author. */
final class ChainEnds {
  private final Peers peers;
  private final OwnLog log;
  private final Receipt receipt;
  private final ForkSearch forks;
  private final ForkClaims claims;
  private final Sightings sightings;
  private final Comparison comparison;

  ChainEnds(
      Peers peers,
      OwnLog log,
      Receipt receipt,
      ForkSearch forks,
      ForkClaims claims,
      Sightings sightings,
      Comparison comparison) {
    this.peers = peers;
    this.log = log;
    this.receipt = receipt;
    this.forks = forks;
    this.claims = claims;
    this.sightings = sightings;
    this.comparison = comparison;
  }

  /** A site signed twice; peers are told, and what waited beyond the trunk waits no more. */
  void forked(Turn turn, Input.Forked forked) {
    log.close(forked.site(), forked.trunk(), forked.limit());
    forks.closed(forked.site());
    claims.closed(turn, forked.site());
    sightings.closed(turn, peers, forked.site());
    receipt.closed(turn, forked.site());
    comparison.show(turn);
  }

  /**
   * Some authors were retired, or the cut of one was moved. What waited for more of a site than
   * there is waits no more. Where more counts than was thought, peers are asked what they hold:
   * what they said before was cut short.
   */
  void retired(Turn turn, Authors authors) {
    Set<SiteId> moved = moved(authors);
    boolean known = log.authors().endsLike(authors);
    log.authors(authors);
    for (SiteId site : moved) {
      if (log.limit(site) < Long.MAX_VALUE) {
        receipt.closed(turn, site);
      }
      sightings.closed(turn, peers, site);
    }
    if (!known) {
      peers.introduced().forEach(peer -> comparison.ask(turn, peer));
    }
  }

  private Set<SiteId> moved(Authors authors) {
    Set<SiteId> sites = new TreeSet<>(log.sites());
    peers.all().forEach(peer -> sites.addAll(peer.holds.seqs().keySet()));
    sites.removeIf(site -> authors.limit(site) == log.authors().limit(site));
    return sites;
  }
}
