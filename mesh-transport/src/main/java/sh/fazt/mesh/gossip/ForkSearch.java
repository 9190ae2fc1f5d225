package sh.fazt.mesh.gossip;

import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import sh.fazt.mesh.clock.Dot;
import sh.fazt.mesh.identity.SiteId;

/**
 * Looks for the place where a site signed two batches that follow the same one. A peer that holds
 * another chain than ours is asked for earlier and earlier batches of it, in growing steps, then
 * for the ones between; the log judges each. Confined to the engine.
 */
final class ForkSearch {
  private final OwnLog log;
  private final Pulls pulls;
  private final Map<SiteId, Search> searches = new TreeMap<>();
  private final Set<SiteId> told = new HashSet<>();

  private static final class Search {
    final PeerState peer;
    long same;
    long other;
    long step = 1;
    long asked;

    Search(PeerState peer, long other) {
      this.peer = peer;
      this.other = other;
    }

    /** Between the last that is known to be the same and the first that is known to differ. */
    long next() {
      if (same > 0) {
        return same + (other - same + 1) / 2;
      }
      long next = Math.max(1, other - step + 1);
      step *= 2;
      return next;
    }
  }

  ForkSearch(OwnLog log, Pulls pulls) {
    this.log = log;
    this.pulls = pulls;
  }

  /** That peer holds another batch there than we do. */
  void differs(Turn turn, PeerState peer, Dot dot) {
    tell(turn, peer, dot);
    if (dot.seq() <= log.limit(dot.site())) {
      pulls.shun(dot.site());
      searches.putIfAbsent(dot.site(), new Search(peer, dot.seq()));
    }
  }

  private void tell(Turn turn, PeerState peer, Dot dot) {
    if (told.add(dot.site())) {
      turn.tell(new Report.Forked(peer.key, dot));
    }
  }

  /** Whether that batch, which the log holds in one form, is awaited from that peer. */
  boolean expects(PeerState peer, Dot dot) {
    Search search = searches.get(dot.site());
    return search != null && search.peer == peer && search.asked == dot.seq();
  }

  /** The log found it to be the same batch as its own. */
  void same(Dot dot) {
    Search search = searches.get(dot.site());
    if (search != null && search.asked == dot.seq()) {
      search.asked = 0;
      search.same = Math.max(search.same, dot.seq());
    }
  }

  /**
   * The log found another batch than its own.
   *
   * @param parts whether the branches part there; else they do earlier
   */
  void other(Turn turn, PeerState peer, Dot dot, boolean parts) {
    Search search = searches.get(dot.site());
    if (parts || dot.seq() == 1) {
      tell(turn, peer, dot);
      searches.remove(dot.site());
      pulls.unshun(dot.site());
    } else if (search == null) {
      differs(turn, peer, new Dot(dot.site(), dot.seq() - 1));
    } else {
      search.asked = search.asked == dot.seq() ? 0 : search.asked;
      search.other = Math.min(search.other, dot.seq() - 1);
    }
  }

  /** The site's chain ends with the trunk now. */
  void closed(SiteId site) {
    searches.remove(site);
    pulls.unshun(site);
  }

  /** Asks on; a search whose peer does not answer ends, to begin anew with whoever differs. */
  void ask(Turn turn) {
    Iterator<Map.Entry<SiteId, Search>> each = searches.entrySet().iterator();
    while (each.hasNext()) {
      Map.Entry<SiteId, Search> entry = each.next();
      SiteId site = entry.getKey();
      Search search = entry.getValue();
      if (!pulls.isAsked(site)) {
        if (search.asked > 0 || !search.peer.introduced || search.other <= search.same) {
          each.remove();
          pulls.unshun(site);
        } else if (pulls.mayAsk(search.peer, site)) {
          search.asked = search.next();
          pulls.askFor(turn, search.peer, new Dot(site, search.asked));
        }
      }
    }
  }
}
