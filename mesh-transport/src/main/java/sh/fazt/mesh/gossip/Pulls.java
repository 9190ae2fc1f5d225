package sh.fazt.mesh.gossip;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import sh.fazt.mesh.clock.Dot;
import sh.fazt.mesh.delta.DotRange;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.identity.VerifyKey;

/**
 * The wants: what we lack, whom it was asked of, and how far that came. A site is asked of one peer
 * at a time, so no batch is asked of two.
 */
final class Pulls {
  private final GossipConfig.Pulling limits;
  private final SiteId self;
  private final Map<SiteId, Lack> lacking = new TreeMap<>();
  private final Map<SiteId, Pull> bySite = new HashMap<>();
  private final Map<Long, Pull> active = new TreeMap<>();
  private final Map<SiteId, Long> pauses = new HashMap<>();
  private final Set<SiteId> shunned = new HashSet<>();
  private final PullPlanner planner;
  private final Reassembly reassembly;
  private long nextId = 1;
  private long pausedUntilMillis;
  private long wakeMillis = Long.MAX_VALUE;
  private boolean stale;

  /**
   * @param notBeforeMillis when it may be asked for
   */
  record Lack(long sinceMillis, long notBeforeMillis) {}

  Pulls(GossipConfig.Pulling limits, SiteId self, PullPlanner planner, Reassembly reassembly) {
    this.limits = limits;
    this.self = self;
    this.planner = planner;
    this.reassembly = reassembly;
  }

  /** Batches of that site exist that the log lacks. */
  void notice(Turn turn, SiteId site) {
    if (!site.equals(self) && !shunned.contains(site)) {
      lacking.putIfAbsent(site, new Lack(turn.nowMillis, turn.nowMillis));
      stale = true;
    }
  }

  /** The log grew by a batch of that site. */
  void delivered(SiteId site) {
    pauses.remove(site);
    stale |= lacking.containsKey(site) && !bySite.containsKey(site);
  }

  /** Something changed in what may be asked of whom. */
  void refresh() {
    stale = true;
  }

  /** A batch of that site could not be kept: leaves the site be for a while. */
  void rest(Turn turn, SiteId site) {
    if (!site.equals(self) && !shunned.contains(site)) {
      long pause = pauses.getOrDefault(site, limits.postponeMillis());
      pauses.put(site, Math.min(2 * pause, limits.postponeMillisMax()));
      lacking.put(site, new Lack(turn.nowMillis, turn.nowMillis + pause));
      stale = true;
    }
  }

  /** Asks nobody for that site until {@link #unshun}. */
  void shun(SiteId site) {
    shunned.add(site);
    lacking.remove(site);
  }

  /** Asks for that site again, if there is reason to. */
  void unshun(SiteId site) {
    shunned.remove(site);
  }

  /** Asks for nothing for a while. */
  void pause(Turn turn) {
    pausedUntilMillis = turn.nowMillis + limits.postponeMillis();
    stale = true;
  }

  /** Whether nothing is to be asked for just now; when that ends, a timer tells. */
  boolean isPaused(Turn turn) {
    return pausedUntilMillis > turn.nowMillis;
  }

  /** Takes note of a batch. @return the want that asked for it, if one did */
  OptionalLong arrived(Turn turn, PeerState peer, Dot dot) {
    Optional<Pull> pull = expecting(turn, peer, dot);
    pull.ifPresent(asked -> asked.arrived(dot));
    return pull.map(asked -> OptionalLong.of(asked.id)).orElse(OptionalLong.empty());
  }

  /** Whether that batch was asked of that peer; shows that the want is being answered. */
  Optional<Pull> expecting(Turn turn, PeerState peer, Dot dot) {
    Pull pull = bySite.get(dot.site());
    if (pull == null || pull.peer != peer || !pull.expects(dot)) {
      return Optional.empty();
    }
    pull.deadlineMillis = turn.nowMillis + limits.wantMillis();
    return Optional.of(pull);
  }

  /** What that want brought is dealt with, whatever became of it. */
  void settle(Turn turn, OptionalLong want, int bytes) {
    Pull pull = want.isPresent() ? active.get(want.getAsLong()) : null;
    if (pull != null) {
      pull.deadlineMillis = turn.nowMillis + limits.wantMillis();
      int grant = pull.settle(bytes, limits.windowBytes());
      if (grant > 0) {
        turn.send(pull.peer, new Grant(pull.id, grant));
      }
    }
  }

  void done(Turn turn, PeerState peer, Done done) {
    Pull pull = active.get(done.id());
    if (pull != null && pull.peer == peer) {
      giveUp(turn, pull);
    }
  }

  /** Takes a want back. */
  void stop(Turn turn, Pull pull) {
    turn.send(pull.peer, new Stop(pull.id));
    giveUp(turn, pull);
  }

  /** That peer was asked not to push that author any more. */
  void pruned(PeerState peer, VerifyKey author) {
    planner.ungraft(peer, author);
  }

  void down(PeerState peer) {
    planner.ungraft(peer);
    for (Pull pull : List.copyOf(active.values())) {
      if (pull.peer == peer) {
        end(pull);
      }
    }
    stale = true;
  }

  void fired(Turn turn) {
    wakeMillis = Long.MAX_VALUE;
    for (Pull pull : List.copyOf(active.values())) {
      if (pull.deadlineMillis <= turn.nowMillis) {
        stop(turn, pull);
      }
    }
    stale = true;
  }

  /**
   * Asks for what is lacking, as far as the limits allow. The last step of every turn.
   *
   * @param mayRebase whether a peer's state may be taken in where batches are gone
   */
  void ask(Turn turn, boolean mayRebase) {
    if (!stale) {
      return;
    }
    stale = false;
    if (!isPaused(turn)) {
      PullPlanner.Plan plan = planner.plan(turn, lacking, bySite.keySet(), active.values());
      plan.nobody().forEach(this::forget);
      if (mayRebase) {
        plan.beyond().forEach((peer, beyond) -> turn.tell(new Report.Trimmed(peer.key, beyond)));
      }
      plan.wants().forEach((peer, ranges) -> begin(turn, peer, ranges));
      wakeAt(turn, plan.wakeMillis());
    } else {
      wakeAt(turn, pausedUntilMillis);
    }
    active.values().forEach(pull -> wakeAt(turn, pull.deadlineMillis));
  }

  /** Nobody has more of that site. */
  private void forget(SiteId site) {
    lacking.remove(site);
    pauses.remove(site);
  }

  /** Whether somebody is being asked for batches of that site. */
  boolean isAsked(SiteId site) {
    return bySite.containsKey(site);
  }

  /** Whether that peer may be asked for one batch of that site; if not, when a want has ended. */
  boolean mayAsk(PeerState peer, SiteId site) {
    long there = active.values().stream().filter(pull -> pull.peer == peer).count();
    return !isAsked(site) && there < limits.wantsPerPeerMax() && active.size() < limits.wantsMax();
  }

  /** Asks that peer for one batch; only if it {@link #mayAsk may}. */
  void askFor(Turn turn, PeerState peer, Dot dot) {
    want(turn, peer, List.of(new DotRange(dot.site(), dot.seq(), dot.seq())));
    stale = true;
  }

  private void begin(Turn turn, PeerState peer, List<DotRange> ranges) {
    want(turn, peer, ranges);
    planner.grafts(peer, ranges).forEach(author -> turn.send(peer, new Graft(author)));
  }

  private void want(Turn turn, PeerState peer, List<DotRange> ranges) {
    long id = nextId++ & MessageLimits.WANT_ID_MAX;
    Pull pull = new Pull(id, peer, ranges);
    pull.deadlineMillis = turn.nowMillis + limits.wantMillis();
    active.put(id, pull);
    pull.sites().forEach(site -> bySite.put(site, pull));
    turn.send(peer, new Want(id, limits.windowBytes(), ranges));
  }

  /** Ends a want whose peer gives no more: it does not hold what it did not send. */
  private void giveUp(Turn turn, Pull pull) {
    for (SiteId site : pull.sites()) {
      if (!pull.isComplete(site)) {
        if (site.equals(self)) {
          turn.tell(new Report.OwnPastUnproven(pull.peer.key, pull.next(site)));
        }
        pull.peer.holds.lower(site, pull.reached(site));
      }
    }
    end(pull);
  }

  private void end(Pull pull) {
    active.remove(pull.id);
    for (SiteId site : pull.sites()) {
      bySite.remove(site);
      reassembly.drop(pull.peer.key, site);
    }
    stale = true;
  }

  private void wakeAt(Turn turn, long dueMillis) {
    if (dueMillis < wakeMillis) {
      wakeMillis = dueMillis;
      turn.schedule(new Timer.Pull(), dueMillis);
    }
  }
}
