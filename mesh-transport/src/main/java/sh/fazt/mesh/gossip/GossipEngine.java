package sh.fazt.mesh.gossip;

import java.util.List;
import java.util.Map;
import java.util.Set;
import sh.fazt.mesh.bytes.Bytes;
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
  /** A node that was removed learns it by the roster of a peer that lets it in no more. */
  private static final Set<Class<?>> BEFORE_HELLO =
      Set.of(Hello.class, Refuse.class, Bye.class, RosterOps.class);

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
  private final FloorSync floors;
  private final ChainEnds chainEnds;
  private final Routes routes = new Routes();
  private long wallOffsetMillis;

  /**
   * @param summary what the log holds
   * @param rosterOps all roster operations, in causal order
   * @param chance spreads timers, makes nonces
   */
  public GossipEngine(
      LocalNode local, Summary summary, List<Bytes> rosterOps, GossipConfig config, Chance chance) {
    this.config = config;
    log = new OwnLog(local.site(), summary);
    arrivals = new Arrivals(config.waiting());
    reassembly = new Reassembly(config.pulling().partialBytesMax());
    PullPlanner planner = new PullPlanner(config.pulling(), local.site(), peers, log, arrivals);
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
    comparison = new Comparison(config.pace(), chance, peers, log, rosters, sightings);
    keepalive = new Keepalive(config.pace(), chance);
    announcer = new Announcer(config.pushing(), peers, log);
    receipt =
        new Receipt(peers, log, arrivals, reassembly, pulls, sightings, ownPast, forks, claims);
    verdicts =
        new Verdicts(peers, log, receipt, pulls, announcer, sightings, ownPast, forks, rosters);
    streams = new Streams(config, log);
    broadcasts = new Broadcasts(config.broadcasting(), local, peers);
    floors = new FloorSync(peers, log, pulls);
    chainEnds = new ChainEnds(peers, log, receipt, forks, claims, sightings, comparison);
    route();
  }

  /**
   * Takes note of what happened and decides.
   *
   * @param nowMillis never less than before; see {@link Input.WallClock}
   */
  public List<Output> on(Input input, long nowMillis) {
    Turn turn = new Turn(nowMillis, nowMillis + wallOffsetMillis, config.pushing().unreadMax());
    routes.follow(turn, input);
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
    return peers.heldBy(peer);
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

  private void route() {
    routeInputs();
    routeMessages();
    routeTimers();
    routes.requireAll();
  }

  private void routeInputs() {
    routes.on(Input.Start.class, (turn, in) -> start(turn));
    routes.on(Input.Members.class, (turn, in) -> members(turn, in.others()));
    routes.on(Input.WallClock.class, (turn, in) -> wallOffsetMillis = in.offsetMillis());
    routes.on(Input.PeerUp.class, (turn, in) -> up(turn, peers.of(in.peer())));
    routes.on(Input.PeerDown.class, (turn, in) -> gone(turn, peers.of(in.peer())));
    routes.on(Input.PeerWritable.class, this::writable);
    routes.on(Input.Received.class, this::received);
    routes.on(Input.TimerFired.class, (turn, in) -> routes.follow(turn, in.timer()));
    routes.on(Input.LocalBatches.class, (turn, in) -> announcer.local(turn, in.batches()));
    routes.on(Input.Brought.class, (turn, in) -> verdicts.brought(turn, in.batches()));
    routes.on(Input.Judged.class, verdicts::judged);
    routes.on(Input.Postponed.class, verdicts::postponed);
    routes.on(Input.Provided.class, (turn, in) -> streams.provided(turn, peers.of(in.peer()), in));
    routes.on(Input.Compare.class, (turn, in) -> comparison.both(turn, peers.of(in.peer())));
    routes.on(Input.StateSaid.class, this::stateSaid);
    routes.on(Input.Rebased.class, this::rebased);
    routes.on(Input.Trimmed.class, (turn, in) -> floors.trimmed(turn, in.floors()));
    routes.on(Input.Acknowledged.class, (turn, in) -> acknowledgements.said(turn, in.said()));
    routes.on(Input.Forked.class, chainEnds::forked);
    routes.on(Input.AuthorsChanged.class, (turn, in) -> chainEnds.retired(turn, in.authors()));
    routes.on(Input.RosterChanged.class, (turn, in) -> rosters.changed(turn, in.ops(), in.from()));
    routes.on(Input.Located.class, (turn, in) -> directory.moved(turn, in.own()));
    routes.on(Input.Unreached.class, (turn, in) -> neighbours.unreached(turn, in.member()));
    routes.on(Input.Say.class, (turn, in) -> broadcasts.say(turn, in.broadcast()));
    routes.on(Input.Leave.class, (turn, in) -> greeting.leave(turn, peers, in.reason()));
  }

  private void routeMessages() {
    routes.heard(Hello.class, this::hello);
    routes.heard(Refuse.class, greeting::refused);
    routes.heard(Bye.class, greeting::left);
    routes.heard(Batch.class, (turn, peer, m) -> receipt.batch(turn, peer, m.dot(), m.envelope()));
    routes.heard(BatchPart.class, receipt::part);
    routes.heard(Have.class, (turn, peer, m) -> sightings.some(turn, peer, m.heads()));
    routes.heard(Want.class, streams::want);
    routes.heard(Grant.class, streams::grant);
    routes.heard(Stop.class, streams::stop);
    routes.heard(Done.class, pulls::done);
    routes.heard(SummaryHash.class, comparison::hash);
    routes.heard(SummaryVector.class, comparison::vector);
    routes.heard(Graft.class, announcer::graft);
    routes.heard(Prune.class, (turn, peer, m) -> announcer.prune(peer, m));
    routes.heard(RosterHash.class, rosters::hash);
    routes.heard(RosterOps.class, rosters::ops);
    routes.heard(Locations.class, directory::heard);
    routes.heard(Acknowledged.class, acknowledgements::heard);
    routes.heard(Floors.class, (turn, peer, m) -> floors.heard(peer, m));
    routes.heard(Broadcast.class, broadcasts::heard);
    routes.heard(StateAsk.class, GossipEngine::stateHeard);
    routes.heard(StateTell.class, GossipEngine::stateHeard);
    routes.heard(SnapshotAsk.class, GossipEngine::stateHeard);
    routes.heard(SnapshotTell.class, GossipEngine::stateHeard);
    routes.heard(Ping.class, keepalive::pinged);
    routes.heard(Pong.class, keepalive::ponged);
  }

  private void routeTimers() {
    routes.fired(Timer.Pull.class, (turn, t) -> pulls.fired(turn));
    routes.fired(Timer.Announce.class, (turn, t) -> announcer.fired(turn));
    routes.fired(Timer.Stream.class, streams::fired);
    routes.fired(Timer.Gap.class, (turn, t) -> broadcasts.fired(turn, t.sender()));
    routes.fired(Timer.Keepalive.class, (turn, t) -> keepalive.fired(turn, peers.of(t.peer())));
    routes.fired(Timer.Stroll.class, (turn, t) -> neighbours.stroll(turn));
    routes.fired(Timer.AntiEntropy.class, (turn, t) -> antiEntropy(turn));
  }

  private void start(Turn turn) {
    comparison.schedule(turn);
    neighbours.schedule(turn);
  }

  private void antiEntropy(Turn turn) {
    receipt.expire(turn);
    comparison.tick(turn);
    pulls.refresh();
  }

  private void received(Turn turn, Input.Received in) {
    PeerState peer = peers.of(in.peer());
    Message message = in.message();
    if (!peer.connected) {
      return;
    }
    peer.heardMillis = turn.nowMillis;
    if (peer.introduced || BEFORE_HELLO.contains(message.getClass())) {
      routes.follow(turn, peer, message);
    } else {
      turn.punish(peer, "message of type " + message.type() + " before hello");
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
      floors.greet(turn, peer);
      comparison.ask(turn, peer);
      keepalive.ping(turn, peer);
      neighbours.moved(turn);
    }
  }

  private void rebased(Turn turn, Input.Rebased in) {
    verdicts.rebased(turn, in.summary());
    peers.introduced().forEach(peer -> comparison.both(turn, peer));
  }

  private void stateSaid(Turn turn, Input.StateSaid in) {
    PeerState peer = peers.of(in.peer());
    if (peer.introduced) {
      turn.send(peer, in.message());
    }
  }

  private static void stateHeard(Turn turn, PeerState peer, Message message) {
    turn.add(new Output.StateHeard(peer.key, message));
  }

  private void writable(Turn turn, Input.PeerWritable in) {
    PeerState peer = peers.of(in.peer());
    peer.writable(in.writable());
    if (peer.writable) {
      announcer.writable(turn, peer);
      streams.writable(turn, peer);
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

  private void gone(Turn turn, PeerState peer) {
    down(turn, peer);
    neighbours.moved(turn);
  }

  private void down(Turn turn, PeerState peer) {
    streams.down(turn, peer);
    pulls.down(peer);
    acknowledgements.down(peer);
    peer.down();
  }
}
