package sh.fazt.mesh.gossip;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.clock.Dot;
import sh.fazt.mesh.identity.SiteId;

/**
 * Learns of forks from peers that know of them. A peer that says where a site forked is asked for
 * that one dot and shows both batches; whether they prove it is for the log to say. What the log
 * holds of the site does not matter: nothing need be delivered first. Confined to the engine.
 */
final class ForkClaims {
  private final OwnLog log;
  private final Pulls pulls;
  private final Map<SiteId, Claim> claims = new TreeMap<>();
  private final Map<SiteId, PeerState> provers = new TreeMap<>();

  private static final class Claim {
    final PeerState peer;
    final Dot fork;
    final List<Bytes> shown = new ArrayList<>();
    boolean asked;

    Claim(PeerState peer, Dot fork) {
      this.peer = peer;
      this.fork = fork;
    }
  }

  ForkClaims(OwnLog log, Pulls pulls) {
    this.log = log;
    this.pulls = pulls;
  }

  /**
   * That peer says that the site has forked there. One that was asked for the proof already is
   * passed over the next time: it may not stand in the way of another that has it.
   */
  void claimed(PeerState peer, Dot fork) {
    if (isNews(fork) && !peer.unproven.remove(fork.site())) {
      claims.putIfAbsent(fork.site(), new Claim(peer, fork));
    }
  }

  private boolean isNews(Dot fork) {
    return fork.seq() <= log.limit(fork.site());
  }

  /** Whether that batch is one of the two that were asked for; the second makes the proof. */
  boolean take(Turn turn, PeerState peer, Dot dot, Bytes envelope) {
    Claim claim = claims.get(dot.site());
    if (claim == null || !claim.asked || claim.peer != peer || !claim.fork.equals(dot)) {
      return false;
    }
    claim.shown.add(envelope);
    if (claim.shown.size() == 2) {
      end(claim);
      provers.put(dot.site(), peer);
      turn.add(new Output.Prove(peer.key, dot, claim.shown.get(0), claim.shown.get(1)));
    }
    return true;
  }

  /** The site has forked, as the log says. */
  void closed(Turn turn, SiteId site) {
    claims.remove(site);
    PeerState prover = provers.remove(site);
    if (prover != null) {
      turn.tell(new Report.Forked(prover.key, new Dot(site, log.limit(site) + 1)));
    }
  }

  /** Asks whoever is to be asked; ends what was not answered. */
  void ask(Turn turn) {
    for (Claim claim : List.copyOf(claims.values())) {
      if (pulls.isAsked(claim.fork.site())) {
        continue;
      }
      if (claim.asked || !claim.peer.introduced || !isNews(claim.fork)) {
        end(claim);
      } else if (pulls.mayAsk(claim.peer, claim.fork.site())) {
        claim.asked = true;
        pulls.askFor(turn, claim.peer, claim.fork);
      }
    }
  }

  private void end(Claim claim) {
    claims.remove(claim.fork.site());
    if (claim.peer.introduced) {
      claim.peer.unproven.add(claim.fork.site());
    }
  }
}
