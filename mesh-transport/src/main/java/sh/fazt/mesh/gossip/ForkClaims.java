package sh.fazt.mesh.gossip;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.clock.Dot;
import sh.fazt.mesh.identity.SiteId;

/**
 * Learns of forks from peers that know of them. A peer that says where a site forked is asked for
 * that one dot and shows both batches; whether they prove it is for the log to say. What the log
 * holds of the site does not matter: nothing need be delivered first. Confined to the engine.
 */
final class ForkClaims {
  /** Claims of one peer that are kept; of the others it will speak again. */
  static final int PER_PEER_MAX = 64;

  /** Claims whose proof is asked for at once: each may be two batches of the greatest size. */
  static final int ASKED_MAX = 2;

  private final OwnLog log;
  private final Pulls pulls;

  /** In the order of their coming, so that nobody who has no proof stands in the way for long. */
  private final Map<Key, Claim> claims = new LinkedHashMap<>();

  /** Whose two batches were given to the log last. */
  private @Nullable Claim offered;

  private record Key(PeerState peer, SiteId site) {}

  private static final class Claim {
    final PeerState peer;
    final Dot fork;
    final List<Bytes> shown = new ArrayList<>();
    boolean asked;

    Claim(PeerState peer, Dot fork) {
      this.peer = peer;
      this.fork = fork;
    }

    Key key() {
      return new Key(peer, fork.site());
    }
  }

  ForkClaims(OwnLog log, Pulls pulls) {
    this.log = log;
    this.pulls = pulls;
  }

  /** That peer says that the site has forked there. */
  void claimed(PeerState peer, Dot fork) {
    long kept = claims.keySet().stream().filter(key -> key.peer() == peer).count();
    if (isNews(fork) && kept < PER_PEER_MAX) {
      claims.putIfAbsent(new Key(peer, fork.site()), new Claim(peer, fork));
    }
  }

  private boolean isNews(Dot fork) {
    return fork.seq() <= log.limit(fork.site());
  }

  /** Whether that batch is one of the two that were asked for; the second makes the proof. */
  boolean take(Turn turn, PeerState peer, Dot dot, Bytes envelope) {
    Claim claim = claims.get(new Key(peer, dot.site()));
    if (claim == null || !claim.asked || !claim.fork.equals(dot)) {
      return false;
    }
    claim.shown.add(envelope);
    if (claim.shown.size() == 2) {
      claims.remove(claim.key());
      offered = claim;
      turn.add(new Output.Prove(peer.key, dot, claim.shown.get(0), claim.shown.get(1)));
      claim.shown.clear();
    }
    return true;
  }

  /** The site has forked, as the log says. */
  void closed(Turn turn, SiteId site) {
    if (offered != null && offered.fork.site().equals(site)) {
      turn.tell(new Report.Forked(offered.peer.key, new Dot(site, log.limit(site) + 1)));
      offered = null;
    }
  }

  /** Asks whoever is to be asked; ends what was not answered. */
  void ask(Turn turn) {
    claims
        .values()
        .removeIf(
            claim ->
                !claim.peer.introduced
                    || !isNews(claim.fork)
                    || (claim.asked && !pulls.isAsked(claim.fork.site())));
    long asked = claims.values().stream().filter(claim -> claim.asked).count();
    for (Claim claim : claims.values()) {
      if (asked < ASKED_MAX && !claim.asked && pulls.mayAsk(claim.peer, claim.fork.site())) {
        claim.asked = true;
        asked++;
        pulls.askFor(turn, claim.peer, claim.fork);
      }
    }
  }
}
