package sh.fazt.mesh.gossip;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import sh.fazt.mesh.delta.DotRange;
import sh.fazt.mesh.delta.Head;
import sh.fazt.mesh.delta.Summary;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.identity.VerifyKey;

/**
 * Decides which peer is asked for which site: the author where it can give, else the peer with the
 * least to do.
 */
final class PullPlanner {
  /** A site that lacks at most so many batches is followed, not caught up with. */
  static final int FRESH_BATCHES_MAX = 64;

  /** Authors whose fresh batches are pushed here by others; of more they are asked for. */
  static final int GRAFTED_MAX = 10_000;

  private final GossipConfig.Pulling limits;
  private final SiteId self;
  private final Peers peers;
  private final OwnLog log;
  private final Arrivals arrivals;
  private final Map<VerifyKey, PeerState> grafted = new HashMap<>();

  PullPlanner(
      GossipConfig.Pulling limits, SiteId self, Peers peers, OwnLog log, Arrivals arrivals) {
    this.limits = limits;
    this.self = self;
    this.peers = peers;
    this.log = log;
    this.arrivals = arrivals;
  }

  /**
   * @param wants what to ask of whom
   * @param nobody sites that no linked peer can give more of
   * @param beyond peers that hold, in their state alone, what no linked peer can give, and what
   * @param wakeMillis when to plan again
   */
  record Plan(
      Map<PeerState, List<DotRange>> wants,
      List<SiteId> nobody,
      Map<PeerState, Summary> beyond,
      long wakeMillis) {}

  Plan plan(Turn turn, Map<SiteId, Pulls.Lack> lacking, Set<SiteId> busy, Collection<Pull> active) {
    Map<PeerState, List<DotRange>> wants = new LinkedHashMap<>();
    List<SiteId> nobody = new ArrayList<>();
    Map<PeerState, Integer> slots = slots(active);
    long wake = Long.MAX_VALUE;
    for (var entry : lacking.entrySet()) {
      SiteId site = entry.getKey();
      long ready = entry.getValue().notBeforeMillis();
      if (busy.contains(site)) {
        continue;
      }
      List<PeerState> givers = givers(site);
      if (givers.isEmpty()) {
        nobody.add(site);
        continue;
      }
      if (isPushSoon(site, givers)) {
        ready = Math.max(ready, entry.getValue().sinceMillis() + limits.patienceMillis());
      }
      if (ready > turn.nowMillis) {
        wake = Math.min(wake, ready);
      } else {
        choose(site, givers, slots, wants, active.size())
            .ifPresent(giver -> add(wants, giver, site));
      }
    }
    return new Plan(wants, nobody, beyond(), wake);
  }

  /** The authors whose fresh batches that peer should push from now on. */
  Set<VerifyKey> grafts(PeerState peer, List<DotRange> ranges) {
    Set<VerifyKey> authors = new HashSet<>();
    for (DotRange range : ranges) {
      VerifyKey author = range.site().node();
      boolean room = grafted.size() < GRAFTED_MAX;
      if (room && pusher(author).isEmpty() && range.size() <= FRESH_BATCHES_MAX) {
        grafted.put(author, peer);
        authors.add(author);
      }
    }
    return authors;
  }

  /** The link is gone. */
  void ungraft(PeerState peer) {
    grafted.values().removeIf(pusher -> pusher == peer);
  }

  /** That peer pushes that author no longer. */
  void ungraft(PeerState peer, VerifyKey author) {
    grafted.remove(author, peer);
  }

  private Map<PeerState, Integer> slots(Collection<Pull> active) {
    Map<PeerState, Integer> slots = new HashMap<>();
    active.forEach(pull -> slots.merge(pull.peer, 1, Integer::sum));
    return slots;
  }

  private List<PeerState> givers(SiteId site) {
    List<PeerState> givers = new ArrayList<>();
    for (PeerState peer : peers.introduced()) {
      if (!gaps(peer, site).isEmpty()) {
        givers.add(peer);
      }
    }
    return givers;
  }

  private List<DotRange> gaps(PeerState peer, SiteId site) {
    return hasTrimmed(peer, site)
        ? List.of()
        : arrivals.gaps(site, log.seq(site) + 1, peer.holds.seq(site));
  }

  private Map<PeerState, Summary> beyond() {
    Map<PeerState, Summary> beyond = new LinkedHashMap<>();
    for (PeerState peer : peers.introduced()) {
      Map<SiteId, Head> floors = new TreeMap<>(peer.floors.heads());
      floors.keySet().removeIf(site -> !isBeyond(peer, site));
      Map<SiteId, Long> forked = new TreeMap<>(peer.forks);
      forked.entrySet().removeIf(fork -> !isForkedBelow(fork) || fork.getKey().equals(self));
      if (!floors.isEmpty() || !forked.isEmpty()) {
        beyond.put(peer, Summary.of(floors, forked));
      }
    }
    return beyond;
  }

  private boolean isBeyond(PeerState peer, SiteId site) {
    if (site.equals(self)) {
      // No state of another brings back what this site has signed; see OwnPast.
      return false;
    }
    long floor = peer.floors.seq(site);
    boolean chained = log.limit(site) >= floor;
    return floor > Math.max(log.seq(site), log.floors().seq(site))
        && !(chained && !givers(site).isEmpty());
  }

  /** Whether a fork that is news lies where this node has no batches to see it by. */
  private boolean isForkedBelow(Map.Entry<SiteId, Long> fork) {
    return fork.getValue() <= log.floors().seq(fork.getKey())
        && log.limit(fork.getKey()) >= fork.getValue();
  }

  /** Whether the peer had the batch that comes next, and has it no more. */
  private boolean hasTrimmed(PeerState peer, SiteId site) {
    return peer.floors.seq(site) > log.seq(site);
  }

  /** Whether a peer that pushes that site has not said yet that it has more of it. */
  private boolean isPushSoon(SiteId site, List<PeerState> givers) {
    return pusher(site.node())
        .filter(pusher -> givers.stream().noneMatch(giver -> giver.key.equals(pusher)))
        .isPresent();
  }

  /** Who sends that author's fresh batches unasked: the author itself or whom we asked to. */
  private Optional<VerifyKey> pusher(VerifyKey author) {
    if (peers.isIntroduced(author)) {
      return Optional.of(author);
    }
    return Optional.ofNullable(grafted.get(author))
        .filter(peer -> peer.introduced)
        .map(peer -> peer.key);
  }

  private Optional<PeerState> choose(
      SiteId site,
      List<PeerState> givers,
      Map<PeerState, Integer> slots,
      Map<PeerState, List<DotRange>> wants,
      int active) {
    Optional<VerifyKey> pusher = pusher(site.node());
    @Nullable PeerState best = null;
    for (PeerState giver : givers) {
      boolean planned = wants.containsKey(giver);
      boolean free =
          planned
              ? wants.getOrDefault(giver, List.of()).size() < MessageLimits.WANT_RANGES_MAX / 2
              : slots.getOrDefault(giver, 0) < limits.wantsPerPeerMax()
                  && active + wants.size() < limits.wantsMax();
      if (free && pusher.equals(Optional.of(giver.key))) {
        return Optional.of(giver);
      }
      if (free && (best == null || load(giver, slots, wants) < load(best, slots, wants))) {
        best = giver;
      }
    }
    return Optional.ofNullable(best);
  }

  private static int load(
      PeerState peer, Map<PeerState, Integer> slots, Map<PeerState, List<DotRange>> wants) {
    return slots.getOrDefault(peer, 0) + wants.getOrDefault(peer, List.of()).size();
  }

  private void add(Map<PeerState, List<DotRange>> wants, PeerState giver, SiteId site) {
    List<DotRange> ranges = wants.computeIfAbsent(giver, peer -> new ArrayList<>());
    for (DotRange gap : gaps(giver, site)) {
      if (ranges.size() < MessageLimits.WANT_RANGES_MAX) {
        ranges.add(gap);
      }
    }
  }
}
