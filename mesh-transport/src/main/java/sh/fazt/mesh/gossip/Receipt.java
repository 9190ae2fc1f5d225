package sh.fazt.mesh.gossip;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.clock.Dot;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.identity.VerifyKey;

/** Takes in batches: pushed or asked for, whole or in parts, in order or too early. */
final class Receipt {
  private final Peers peers;
  private final OwnLog log;
  private final Arrivals arrivals;
  private final Reassembly reassembly;
  private final Pulls pulls;
  private final Sightings sightings;
  private final OwnPast ownPast;
  private final ForkSearch forks;
  private final ForkClaims claims;
  private final Map<Dot, OptionalLong> wants = new HashMap<>();

  Receipt(
      Peers peers,
      OwnLog log,
      Arrivals arrivals,
      Reassembly reassembly,
      Pulls pulls,
      Sightings sightings,
      OwnPast ownPast,
      ForkSearch forks,
      ForkClaims claims) {
    this.peers = peers;
    this.log = log;
    this.arrivals = arrivals;
    this.reassembly = reassembly;
    this.pulls = pulls;
    this.sightings = sightings;
    this.ownPast = ownPast;
    this.forks = forks;
    this.claims = claims;
  }

  void batch(Turn turn, PeerState peer, Dot dot, Bytes envelope) {
    OptionalLong want = pulls.arrived(turn, peer, dot);
    if (claims.take(turn, peer, dot, envelope)) {
      pulls.settle(turn, want, envelope.size());
      return;
    }
    sightings.one(turn, peer, dot);
    boolean proof =
        forks.expects(peer, dot)
            || (ownPast.isOurs(dot.site()) && (want.isPresent() || !log.holds(dot)));
    boolean known = log.holds(dot) || dot.seq() > log.limit(dot.site());
    if ((known && !proof) || arrivals.has(dot)) {
      pulls.settle(turn, want, envelope.size());
      prune(turn, peer, dot, want);
      return;
    }
    if (peers.isIntroduced(dot.site().node())) {
      prune(turn, peer, dot, want);
    }
    Arrival arrival = new Arrival(peer.key, dot, envelope, Optional.empty(), 0, turn.nowMillis);
    if (proof || isNext(dot)) {
      arrivals.addTried(arrival);
      wants.put(dot, want);
      ingest(turn, List.of(arrival));
    } else {
      pulls.settle(turn, want, envelope.size());
      hold(turn, arrival, new Dot(dot.site(), dot.seq() - 1));
    }
  }

  /** Parts that nobody asked for, as after a stop, are passed over. */
  void part(Turn turn, PeerState peer, BatchPart part) {
    Optional<Pull> pull = pulls.expecting(turn, peer, part.dot());
    if (pull.isPresent() && reassembly.hasRoomFor(part)) {
      add(turn, peer, part);
    } else if (pull.isPresent()) {
      pulls.stop(turn, pull.get());
      pulls.rest(turn, part.dot().site());
    }
  }

  private void add(Turn turn, PeerState peer, BatchPart part) {
    try {
      Optional<Bytes> whole = reassembly.add(peer.key, part);
      if (whole.isPresent()) {
        batch(turn, peer, part.dot(), whole.get());
      }
    } catch (MalformedException e) {
      turn.punish(peer, String.valueOf(e.getMessage()));
    }
  }

  /** Ends what {@link #batch} began, and gives back what the log was asked to take. */
  Arrival end(Turn turn, PeerState from, Dot claimed) {
    Arrival arrival =
        arrivals
            .take(claimed)
            .filter(taken -> taken.needed().isEmpty() && taken.from().equals(from.key))
            .orElseThrow(() -> new IllegalStateException("not asked of " + from + ": " + claimed));
    OptionalLong want = wants.remove(arrival.dot());
    if (want != null) {
      pulls.settle(turn, want, arrival.envelope().size());
    }
    return arrival;
  }

  /** Keeps a batch that came too early, or tries again if what it needs has come meanwhile. */
  void missing(Turn turn, Arrival arrival, Dot needed) {
    sightings.one(turn, peers.of(arrival.from()), needed);
    if (log.holds(needed)) {
      hold(turn, arrival.again(), needed);
      retry(turn, needed);
    } else {
      hold(turn, arrival, needed);
    }
  }

  /** Tries what waited for a batch that is in the log now. */
  void retry(Turn turn, Dot delivered) {
    retry(turn, new Dot(delivered.site(), 1), delivered);
  }

  /** A site has forked: what waited for more of it than the trunk need wait no more. */
  void closed(Turn turn, SiteId site) {
    retry(turn, new Dot(site, log.limit(site) + 1), new Dot(site, Long.MAX_VALUE));
  }

  private void retry(Turn turn, Dot first, Dot last) {
    List<Arrival> ready = new ArrayList<>();
    for (Arrival arrival : arrivals.release(first, last)) {
      Dot dot = arrival.dot();
      if (!log.holds(dot) && dot.seq() <= log.limit(dot.site())) {
        arrivals.addTried(arrival);
        ready.add(arrival);
      }
    }
    if (!ready.isEmpty()) {
      ingest(turn, ready);
    }
  }

  /** Lets go of what waited too long; it will be asked for again. */
  void expire(Turn turn) {
    for (Arrival arrival : arrivals.expire(turn.nowMillis)) {
      pulls.notice(turn, arrival.dot().site());
    }
  }

  private void hold(Turn turn, Arrival arrival, Dot needed) {
    if (arrivals.hold(arrival.waitingFor(needed))) {
      pulls.refresh();
    } else {
      pulls.rest(turn, arrival.dot().site());
    }
  }

  private boolean isNext(Dot dot) {
    return dot.seq() == log.seq(dot.site()) + 1
        || arrivals.isTried(new Dot(dot.site(), dot.seq() - 1));
  }

  private static void ingest(Turn turn, List<Arrival> arrivals) {
    Map<VerifyKey, List<Output.Arrival>> byPeer = new HashMap<>();
    for (Arrival arrival : arrivals) {
      byPeer
          .computeIfAbsent(arrival.from(), key -> new ArrayList<>())
          .add(new Output.Arrival(arrival.dot(), arrival.envelope()));
    }
    byPeer.forEach((from, list) -> turn.add(new Output.Ingest(from, list)));
  }

  /** Tells a peer that its unasked batches of that author come by another way too. */
  private void prune(Turn turn, PeerState peer, Dot dot, OptionalLong want) {
    VerifyKey author = dot.site().node();
    if (want.isEmpty() && !author.equals(peer.key)) {
      turn.send(peer, new Prune(author));
      pulls.pruned(peer, author);
    }
  }
}
