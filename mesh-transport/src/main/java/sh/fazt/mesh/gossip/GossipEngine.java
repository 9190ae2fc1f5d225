package sh.fazt.mesh.gossip;

import java.util.List;
import java.util.Map;
import java.util.Set;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.clock.Dot;
import sh.fazt.mesh.delta.Summary;
import sh.fazt.mesh.identity.Chance;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.identity.VerifyKey;

/**
 * The gossip protocol of one node: what happens goes in, decisions come out. It only routes; each
 * message's rule stands in a policy of its own. Without I/O, confined to the mesh thread.
 *
 * <p>Law for the caller: outputs are performed in order; what came from a link before is given in
 * before a timer is fired.
 */
public final class GossipEngine {
  private final GossipConfig config;
  private final Peers peers = new Peers();
  private final OwnLog log;
  private final Arrivals arrivals;
  private final Reassembly reassembly;
  private final Pulls pulls;
  private final OwnPast ownPast;
  private final ForkSearch forks;
  private final ForkClaims claims;
  private final Sightings sightings;
  private final Greeting greeting;
  private final Neighbours neighbours;
  private final Directory directory;
  private final Acknowledgements acknowledgements;
  private final RosterSync rosters;
  private final Comparison comparison;
  private final Keepalive keepalive;
  private final Announcer announcer;
  private final Receipt receipt;
  private final Verdicts verdicts;
  private final Streams streams;
  private final Broadcasts broadcasts;
  private final Retirement retirement;
  private final SiteId self;
  private long wallOffsetMillis;

  /**
   * @param summary what the log holds
   * @param rosterOps all roster operations, in causal order
   * @param chance spreads timers, makes nonces
   */
  public GossipEngine(
      LocalNode local, Summary summary, List<Bytes> rosterOps, GossipConfig config, Chance chance) {
    this.config = config;
    self = local.site();
    log = new OwnLog(summary);
    arrivals = new Arrivals(config.waiting());
    reassembly = new Reassembly(config.pulling().partialBytesMax());
    PullPlanner planner = new PullPlanner(config.pulling(), self, peers, log, arrivals);
    pulls = new Pulls(config.pulling(), local.site(), planner, reassembly);
    ownPast = new OwnPast(local.site(), log, pulls);
    forks = new ForkSearch(log, pulls);
    claims = new ForkClaims(log, pulls);
    sightings = new Sightings(log, pulls, ownPast, forks, claims);
    greeting = new Greeting(local, log, sightings);
    neighbours = new Neighbours(config.linking(), chance, peers);
    directory = new Directory(local.mesh(), local.site().node(), peers);
    acknowledgements = new Acknowledgements(local.mesh(), local.site().node(), peers);
    rosters = new RosterSync(peers, rosterOps);
    comparison = new Comparison(config.pace(), chance, peers, log, sightings);
    keepalive = new Keepalive(config.pace(), chance);
    announcer = new Announcer(config.pushing(), peers, log);
    receipt =
        new Receipt(peers, log, arrivals, reassembly, pulls, sightings, ownPast, forks, claims);
    verdicts =
        new Verdicts(peers, log, receipt, pulls, announcer, sightings, ownPast, forks, rosters);
    streams = new Streams(config, log);
    broadcasts = new Broadcasts(config.broadcasting(), local, peers);
    retirement = new Retirement(peers, log, receipt, sightings, comparison);
  }

  /**
   * Takes note of what happened and decides.
   *
   * @param nowMillis never less than before; see {@link Input.WallClock}
   */
  public List<Output> on(Input input, long nowMillis) {
    Turn turn = new Turn(nowMillis, nowMillis + wallOffsetMillis, config.pushing().unreadMax());
    route(turn, input);
    putAway(turn);
    ownPast.ask(turn);
    claims.ask(turn);
    forks.ask(turn);
    pulls.ask(turn, !ownPast.isOpen());
    putAway(turn);
    return turn.outputs();
  }

  /** What is known of every peer that was ever linked, in the order of keys. */
  public List<PeerView> peers() {
    return peers.all().stream().map(peer -> peer.view(log)).toList();
  }

  /** Of each site the last batch that a peer has said it holds, since the engine began. */
  public Map<SiteId, Long> heldBy(VerifyKey peer) {
    return peers.all().stream()
        .filter(known -> known.key.equals(peer))
        .findFirst()
        .map(known -> Map.copyOf(known.holds.seqs()))
        .orElse(Map.of());
  }

  /** What the log holds, as far as the engine was told. */
  public Summary summary() {
    return log.summary();
  }

  /** Bytes of batches that are in memory because they came too early or in part. */
  public long waitingBytes() {
    return arrivals.heldBytes() + reassembly.bytes();
  }

  /** Bytes of broadcasts that wait for one before them. */
  public long heldBytes() {
    return broadcasts.heldBytes();
  }

  private void route(Turn turn, Input input) {
    if (input instanceof Input.Received in) {
      received(turn, peers.of(in.peer()), in.message());
    } else if (input instanceof Input.Judged in) {
      verdicts.judged(turn, in);
    } else if (input instanceof Input.Postponed in) {
      verdicts.postponed(turn, in);
    } else if (input instanceof Input.Provided in) {
      streams.provided(turn, peers.of(in.peer()), in);
    } else if (input instanceof Input.LocalBatches in) {
      announcer.local(turn, in.batches());
    } else if (input instanceof Input.Brought in) {
      verdicts.brought(turn, in.batches());
    } else if (input instanceof Input.PeerWritable in) {
      writable(turn, peers.of(in.peer()), in.writable());
    } else if (input instanceof Input.TimerFired in) {
      fired(turn, in.timer());
    } else if (input instanceof Input.Members in) {
      members(turn, in.others());
    } else if (input instanceof Input.Located in) {
      directory.moved(turn, in.own());
    } else if (input instanceof Input.Acknowledged in) {
      acknowledgements.said(turn, in.said());
    } else if (input instanceof Input.Trimmed in) {
      trimmed(turn, in.floors());
    } else if (input instanceof Input.Rebased in) {
      rebased(turn, in.summary());
    } else if (input instanceof Input.Unreached in) {
      neighbours.unreached(turn, in.member());
    } else if (input instanceof Input.PeerUp in) {
      up(turn, peers.of(in.peer()));
    } else if (input instanceof Input.PeerDown in) {
      down(turn, peers.of(in.peer()));
      neighbours.moved(turn);
    } else if (input instanceof Input.RosterChanged in) {
      rosters.changed(turn, in.ops(), in.from());
    } else if (input instanceof Input.AuthorsChanged in) {
      retirement.changed(turn, in.authors());
    } else if (input instanceof Input.Forked in) {
      forked(turn, in);
    } else if (input instanceof Input.Say in) {
      broadcasts.say(turn, in.broadcast());
    } else if (input instanceof Input.Compare in) {
      compare(turn, peers.of(in.peer()));
    } else if (input instanceof Input.StateSaid in) {
      stateSaid(turn, peers.of(in.peer()), in.message());
    } else if (input instanceof Input.Leave in) {
      leave(turn, in.reason());
    } else if (input instanceof Input.WallClock in) {
      wallOffsetMillis = in.offsetMillis();
    } else if (input instanceof Input.Start) {
      comparison.schedule(turn);
      neighbours.schedule(turn);
    } else {
      throw new AssertionError("unhandled " + input);
    }
  }

  private void received(Turn turn, PeerState peer, Message message) {
    if (!peer.connected) {
      return;
    }
    peer.heardMillis = turn.nowMillis;
    if (message instanceof Hello m) {
      hello(turn, peer, m);
    } else if (message instanceof Refuse m) {
      turn.tell(new Report.TurnedAway(peer.key, m.code(), m.message()));
      turn.drop(peer, m.message());
    } else if (message instanceof Bye m) {
      turn.tell(new Report.Left(peer.key, m.reason()));
      turn.drop(peer, m.reason());
    } else if (message instanceof RosterOps m) {
      // Before hello too: so a node that was removed is told, by a peer that lets it in no more.
      rosters.ops(turn, peer, m);
    } else if (!peer.introduced) {
      turn.punish(peer, "message of type " + message.type() + " before hello");
    } else {
      dispatch(turn, peer, message);
    }
  }

  private void dispatch(Turn turn, PeerState peer, Message message) {
    if (message instanceof Batch m) {
      receipt.batch(turn, peer, m.dot(), m.envelope());
    } else if (message instanceof BatchPart m) {
      receipt.part(turn, peer, m);
    } else if (message instanceof Have m) {
      sightings.some(turn, peer, m.heads());
    } else if (message instanceof Want m) {
      streams.want(turn, peer, m);
    } else if (message instanceof Grant m) {
      streams.grant(turn, peer, m);
    } else if (message instanceof Stop m) {
      streams.stop(turn, peer, m);
    } else if (message instanceof Done m) {
      pulls.done(turn, peer, m);
    } else if (message instanceof SummaryHash m) {
      comparison.hash(turn, peer, m);
    } else if (message instanceof SummaryVector m) {
      comparison.vector(turn, peer, m);
    } else if (message instanceof Graft m) {
      announcer.graft(turn, peer, m);
    } else if (message instanceof Prune m) {
      announcer.prune(peer, m);
    } else if (message instanceof RosterHash m) {
      rosters.hash(turn, peer, m);
    } else if (message instanceof Locations m) {
      directory.heard(turn, peer, m);
    } else if (message instanceof Acknowledged m) {
      acknowledgements.heard(turn, peer, m.said());
    } else if (message instanceof Broadcast m) {
      broadcasts.heard(turn, peer, m);
    } else if (message instanceof Floors m) {
      peer.floors = m.floors();
      pulls.refresh();
    } else if (message instanceof StateAsk
        || message instanceof StateTell
        || message instanceof SnapshotAsk
        || message instanceof SnapshotTell) {
      turn.add(new Output.StateHeard(peer.key, message));
    } else if (message instanceof Ping m) {
      keepalive.pinged(turn, peer, m);
    } else if (message instanceof Pong m) {
      keepalive.ponged(turn, peer, m);
    } else {
      throw new AssertionError("unhandled " + message);
    }
  }

  private void fired(Turn turn, Timer timer) {
    if (timer instanceof Timer.Pull) {
      pulls.fired(turn);
    } else if (timer instanceof Timer.Announce) {
      announcer.fired(turn);
    } else if (timer instanceof Timer.Stream stream) {
      streams.fired(turn, peers.of(stream.peer()), stream.want());
    } else if (timer instanceof Timer.Gap gap) {
      broadcasts.fired(turn, gap.sender());
    } else if (timer instanceof Timer.Keepalive ping) {
      keepalive.fired(turn, peers.of(ping.peer()));
    } else if (timer instanceof Timer.Stroll) {
      neighbours.stroll(turn);
    } else if (timer instanceof Timer.AntiEntropy) {
      receipt.expire(turn);
      comparison.tick(turn, rosters);
      pulls.refresh();
    } else {
      throw new AssertionError("unhandled " + timer);
    }
  }

  private void members(Turn turn, Set<VerifyKey> others) {
    directory.members(others);
    acknowledgements.members(others);
    neighbours.members(turn, others);
    broadcasts.members(others);
  }

  private void up(Turn turn, PeerState peer) {
    down(turn, peer);
    peer.up(turn.nowMillis);
    greeting.up(turn, peer);
    keepalive.up(turn, peer);
  }

  private void hello(Turn turn, PeerState peer, Hello hello) {
    if (greeting.hello(turn, peer, hello)) {
      rosters.compare(turn, peer);
      directory.greet(turn, peer);
      acknowledgements.greet(turn, peer);
      if (!log.floors().heads().isEmpty()) {
        turn.send(peer, new Floors(log.floors()));
      }
      comparison.ask(turn, peer);
      keepalive.ping(turn, peer);
      neighbours.moved(turn);
    }
  }

  private void forked(Turn turn, Input.Forked forked) {
    log.close(forked.site(), forked.trunk(), forked.limit());
    forks.closed(forked.site());
    claims.closed(turn, forked.site());
    sightings.closed(turn, peers, forked.site());
    receipt.closed(turn, forked.site());
    comparison.show(turn);
  }

  private void trimmed(Turn turn, Summary floors) {
    if (!log.floors().equals(floors)) {
      log.trimmed(floors);
      peers.introduced().forEach(peer -> turn.send(peer, new Floors(floors)));
    }
  }

  /** The log holds what it holds by a snapshot; what waited for a part of that goes on. */
  private void rebased(Turn turn, Summary summary) {
    log.jump(summary, self);
    summary.heads().forEach((site, head) -> receipt.retry(turn, new Dot(site, head.seq())));
    for (PeerState peer : peers.introduced()) {
      compare(turn, peer);
    }
  }

  private void compare(Turn turn, PeerState peer) {
    if (peer.introduced) {
      rosters.compare(turn, peer);
      comparison.ask(turn, peer);
    }
  }

  private static void stateSaid(Turn turn, PeerState peer, Message message) {
    if (peer.introduced) {
      turn.send(peer, message);
    }
  }

  private void writable(Turn turn, PeerState peer, boolean writable) {
    peer.writable = writable && peer.connected;
    peer.unread = 0;
    peer.unreadBroadcasts = 0;
    if (peer.writable) {
      announcer.writable(turn, peer);
      streams.writable(turn, peer);
    }
  }

  private void leave(Turn turn, String reason) {
    String told = PlainText.fit(reason, MessageLimits.TEXT_BYTES_MAX);
    for (PeerState peer : peers.introduced()) {
      turn.send(peer, new Bye(told));
      turn.drop(peer, told);
    }
  }

  private void putAway(Turn turn) {
    List<PeerState> dropped = turn.takeDropped();
    while (!dropped.isEmpty()) {
      dropped.forEach(peer -> down(turn, peer));
      // Who is short of a neighbour now, or has one too many still, sees to it at once.
      neighbours.moved(turn);
      dropped = turn.takeDropped();
    }
  }

  private void down(Turn turn, PeerState peer) {
    streams.down(turn, peer);
    pulls.down(peer);
    acknowledgements.down(peer);
    peer.down();
  }
}
