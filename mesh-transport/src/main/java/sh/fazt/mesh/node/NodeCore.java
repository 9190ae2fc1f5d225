package sh.fazt.mesh.node;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import sh.fazt.mesh.Mesh;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.frame.LinkDialer;
import sh.fazt.mesh.frame.LinkListener;
import sh.fazt.mesh.gossip.Broadcast;
import sh.fazt.mesh.gossip.GossipConfig;
import sh.fazt.mesh.gossip.GossipEngine;
import sh.fazt.mesh.gossip.Input;
import sh.fazt.mesh.gossip.LocalNode;
import sh.fazt.mesh.gossip.Location;
import sh.fazt.mesh.gossip.Message;
import sh.fazt.mesh.gossip.PeerView;
import sh.fazt.mesh.gossip.SnapshotAsk;
import sh.fazt.mesh.gossip.SnapshotTell;
import sh.fazt.mesh.identity.SigningKey;
import sh.fazt.mesh.identity.VerifyKey;
import sh.fazt.mesh.roster.Member;
import sh.fazt.mesh.roster.Role;
import sh.fazt.mesh.wire.SignedBatch;

/**
 * The mesh thread's side of a node: routes what happens to the part that deals with it. Confined to
 * the mesh thread.
 */
final class NodeCore implements Reception.Guests, SyncWaits.Standing {
  private static final long WAITS_MILLIS = 100;
  private static final String CLOCK = "clock";
  private static final long CLOCK_MILLIS = 2_000;

  /** How old the stored time of the last sync may become while it goes on. */
  private static final long LEVEL_MILLIS = 60_000;

  private final Agenda agenda;
  private final Mesh mesh;
  private final VerifyKey self;
  private final Reception reception;
  private final Caller caller;
  private final Nearby nearby;
  private final Exchange exchange;
  private final Harvesting harvesting;
  private final Carrying carrying;
  private final Rebasing rebasing;
  private final Verifying verifying;
  private final SyncWaits waits = new SyncWaits();
  private final Speaking speaking;
  private final Listeners listeners;
  private final Runnable restored;
  private final Location location;
  private long rowsSent;

  /**
   * @param agenda of its own; ends with this
   * @param dialled hears of the links that are opened here, for {@link Reception#dialled}
   * @param listeners told what people may want to know
   * @param restored run when the database must be opened again
   */
  NodeCore(
      Agenda agenda,
      Mesh mesh,
      LinkDialer dialer,
      LinkListener dialled,
      Visibility visibility,
      DiskRoom room,
      Listeners listeners,
      Runnable restored) {
    this.agenda = agenda;
    this.mesh = mesh;
    this.listeners = listeners;
    this.restored = restored;
    this.self = mesh.nodeKey().verifyKey();
    Doorman doorman = new Doorman(agenda, mesh, this::admitted);
    this.reception = new Reception(agenda, mesh, doorman, this);
    this.caller =
        new Caller(
            agenda,
            dialer,
            dialled,
            mesh.peers(),
            mesh.ambient().chance(),
            member -> feed(new Input.Unreached(member)));
    this.location =
        Location.sign(mesh.id(), mesh.nodeKey(), mesh.ambient().now(), visibility.addresses());
    Moving moving = new Moving(agenda, self, reception, caller, this::isLevel);
    this.nearby =
        new Nearby(
            agenda, mesh, visibility, caller, moving, (kind, peer) -> tell(kind, name(peer), 1));
    LocalNode local =
        new LocalNode(
            mesh.id(), mesh.site(), mesh.view().name(), NodeConfig.VERSION, visibility.addresses());
    GossipEngine engine =
        new GossipEngine(
            local,
            mesh.summary(),
            mesh.membership().encodedOperations(),
            GossipConfig.standard(),
            mesh.ambient().chance());
    Exchange.Hooks hooks =
        new Exchange.Hooks(
            new Reporting(
                    mesh,
                    caller,
                    () -> agenda.submit(restored),
                    peer -> agenda.submit(() -> rebase(peer)))
                ::report,
            this::settled,
            caller::seek,
            reception::drop,
            this::followRoster,
            () -> agenda.submit(this::carry),
            (peer, rows) -> tell(NodeEvent.Kind.ROWS_RECEIVED, name(peer), rows),
            this::heard,
            (peer, message) -> hear(peer, message));
    this.exchange = new Exchange(agenda, mesh, engine, reception, room, hooks);
    this.speaking =
        new Speaking(agenda, mesh, GossipConfig.standard().broadcasting(), exchange::feed);
    this.verifying = new Verifying(agenda, mesh, exchange::feed, new Reach());
    this.rebasing = new Rebasing(agenda, mesh, exchange::feed, reception::drop, this::taken);
    this.carrying = new Carrying(agenda, mesh, this::fresh);
    this.harvesting = new Harvesting(agenda, mesh, this::fresh, () -> agenda.submit(restored));
  }

  /** Begins: takes in what was written meanwhile, and calls the others. */
  void start() {
    exchange.feed(new Input.Start());
    exchange.feed(new Input.Located(location));
    exchange.authorsChanged();
    lookAtClock();
    harvesting.start();
    carry();
    nearby.start(others());
    followRoster();
    new Trimming(agenda, mesh, exchange::feed).start();
  }

  /** The loop's time only grows; the engine is told how far it is from the wall clock. */
  private void lookAtClock() {
    agenda.schedule(CLOCK, agenda.nowMillis() + CLOCK_MILLIS, this::lookAtClock);
    exchange.feed(new Input.WallClock(mesh.ambient().now() - agenda.nowMillis()));
    for (PeerView view : exchange.engine().peers()) {
      if (view.levelMillis() - caller.lastLevelMillis(view.peer()) > LEVEL_MILLIS) {
        caller.level(view.peer(), view.levelMillis());
      }
    }
  }

  /** See {@link MeshNode#restamp}. */
  long restamp() {
    long rows = Restamping.of(mesh, exchange.engine().peers(), this::name);
    if (rows > 0) {
      agenda.submit(restored);
    }
    return rows;
  }

  Harvesting harvesting() {
    return harvesting;
  }

  Exchange exchange() {
    return exchange;
  }

  Mesh mesh() {
    return mesh;
  }

  private List<Member> others() {
    return OtherMembers.of(mesh.membership().roster(), self);
  }

  private void fresh(List<SignedBatch> batches) {
    // First of all: what was taken from the mesh is given out by nobody else.
    exchange.feed(new Input.LocalBatches(batches));
    long rows = mesh.takeRowsWritten();
    rowsSent += rows;
    tell(NodeEvent.Kind.ROWS_SENT, mesh.view().name(), rows);
  }

  private void hear(VerifyKey peer, Message message) {
    if (message instanceof SnapshotAsk || message instanceof SnapshotTell) {
      rebasing.heard(peer, message);
    } else {
      verifying.heard(peer, message);
    }
  }

  private void taken() {
    carry();
    agenda.submit(harvesting::harvest);
  }

  private void rebase(VerifyKey peer) {
    rebasing.needed(peer);
  }

  private final class Reach implements Verifying.Reach {
    @Override
    public boolean isLinked(VerifyKey peer) {
      PeerView view = views().get(peer);
      return view != null && view.connected();
    }

    @Override
    public boolean isWithinReach(VerifyKey peer) {
      return NodeCore.this.isWithinReach(peer);
    }

    @Override
    public void drop(VerifyKey peer, String why) {
      reception.drop(peer, why);
    }
  }

  /** Compares this node's whole state with a member's. */
  CompletableFuture<VerifyReport.PeerVerify> verify(Member peer, boolean mend, long timeoutMillis) {
    if (reception.find(peer.node()).isEmpty()) {
      caller.hurry();
    }
    long now = nowMillis();
    return verifying.verify(new Verification.Wish(peer, mend, now, now + timeoutMillis));
  }

  private void carry() {
    carrying.plan();
  }

  private void admitted(VerifyKey node) {
    tell(NodeEvent.Kind.MEMBER_ADMITTED, name(node), 1);
    rosterChanged();
  }

  private void settled() {
    boolean caughtUp =
        exchange.engine().peers().stream()
            .anyMatch(view -> view.connected() && view.comparedMillis() > 0 && view.behind() == 0);
    if (caughtUp && mesh.caughtUp()) {
      agenda.submit(harvesting::harvest);
    }
    harvesting.goOn();
    waits.look(this);
  }

  @Override
  public void feed(Input input) {
    exchange.feed(input);
  }

  @Override
  public void arrived(VerifyKey peer) {
    caller.linked(peer);
    tell(NodeEvent.Kind.PEER_CONNECTED, name(peer), 1);
  }

  @Override
  public void gone(VerifyKey peer) {
    rememberLevel(peer);
    verifying.gone(peer);
    rebasing.gone(peer);
    tell(NodeEvent.Kind.PEER_DISCONNECTED, name(peer), 1);
    caller.down(peer);
  }

  private void rememberLevel(VerifyKey peer) {
    PeerView view = views().get(peer);
    if (view != null && view.levelMillis() > caller.lastLevelMillis(peer)) {
      caller.level(peer, view.levelMillis());
    }
  }

  private String name(VerifyKey peer) {
    return Names.of(mesh, peer);
  }

  private void tell(NodeEvent.Kind kind, String subject, long count) {
    listeners.tell(new NodeEvent(kind, subject, count, mesh.ambient().now()));
  }

  /** Compares with peers now and answers when all that can be reached hold the same. */
  CompletableFuture<SyncReport> sync(List<Member> peers, int enough, long timeoutMillis) {
    harvesting.harvest();
    CompletableFuture<SyncReport> answer = new CompletableFuture<>();
    long now = nowMillis();
    waits.add(
        new SyncWaits.Wait(
            peers, enough, now, now + timeoutMillis, views(), rowsReceived(), rowsSent, answer));
    for (Member peer : peers) {
      if (reception.find(peer.node()).isPresent()) {
        exchange.feed(new Input.Compare(peer.node()));
      } else {
        caller.hurry();
      }
    }
    lookAtWaits(answer);
    return answer;
  }

  private void lookAtWaits(CompletableFuture<SyncReport> answer) {
    waits.look(this);
    if (!answer.isDone()) {
      agenda.schedule(answer, agenda.nowMillis() + WAITS_MILLIS, () -> lookAtWaits(answer));
    }
  }

  /** Passes on what was added to the roster here. */
  void rosterChanged() {
    exchange.rosterChanged(Optional.empty());
    followRoster();
  }

  /** Removes a member for good, by the word of a persona. */
  void remove(String peer, SigningKey persona) {
    mesh.membership()
        .remove(OtherMembers.named(mesh.membership().roster(), self, peer).node(), persona);
    rosterChanged();
  }

  /** Gives a member another role, by the word of a persona. */
  void changeRole(String peer, Role role, SigningKey persona) {
    Member member = OtherMembers.named(mesh.membership().roster(), self, peer);
    mesh.membership().changeRole(member.node(), role, persona);
    rosterChanged();
  }

  /** Calls new members, and parts from those that have left or were removed. */
  private void followRoster() {
    followMembers();
    nearby.members(others());
    reception.followRoster();
  }

  /**
   * Says something to the applications of all other members.
   *
   * @return how many peers are connected
   */
  int broadcast(Bytes payload) {
    speaking.say(payload);
    return (int) exchange.engine().peers().stream().filter(PeerView::connected).count();
  }

  private void heard(Broadcast.Content content) {
    listeners.tell(speaking.heard(content));
  }

  private void followMembers() {
    caller.members(others());
    exchange.feed(
        new Input.Members(others().stream().map(Member::node).collect(Collectors.toSet())));
  }

  /** Says goodbye to all peers and closes the links; nothing runs here any more. */
  void stop(String reason) {
    waits.end(this);
    verifying.end();
    rebasing.end();
    nearby.close();
    others().forEach(peer -> rememberLevel(peer.node()));
    exchange.feed(new Input.Leave(reason));
    exchange.end();
    reception.close();
    agenda.end();
  }

  /** Signs this node out and tells whoever is linked. */
  void leave() {
    mesh.membership().leave(mesh.nodeKey());
    exchange.rosterChanged(Optional.empty());
    stop("left the mesh");
  }

  Reception reception() {
    return reception;
  }

  Caller caller() {
    return caller;
  }

  Nearby nearby() {
    return nearby;
  }

  /** Whether nothing is under way on the link to a peer. */
  private boolean isLevel(VerifyKey peer) {
    PeerView view = views().get(peer);
    return view != null
        && view.connected()
        && view.comparedMillis() > 0
        && view.behind() == 0
        && view.ahead() == 0;
  }

  /** What keeps this node from a part of its work. */
  List<Hindrance> hindrances() {
    return Stream.of(
            Removed.fault(mesh), harvesting.hindrance(), exchange.hindrance(), rebasing.hindrance())
        .flatMap(Optional::stream)
        .map(Hindrance::of)
        .distinct()
        .toList();
  }

  /** The other members, seniors first. */
  List<Member> peers() {
    return others();
  }

  @Override
  public Map<VerifyKey, PeerView> views() {
    Map<VerifyKey, PeerView> views = new HashMap<>();
    exchange.engine().peers().forEach(view -> views.put(view.peer(), view));
    return views;
  }

  @Override
  public boolean isWithinReach(VerifyKey peer) {
    return reception.find(peer).isPresent() || caller.isCalling();
  }

  @Override
  public long rowsReceived() {
    return mesh.rowsReceived();
  }

  @Override
  public long rowsSent() {
    return rowsSent;
  }

  @Override
  public long nowMillis() {
    return agenda.nowMillis();
  }

  @Override
  public boolean isTakingIn() {
    return mesh.hasMore() || harvesting.isHindered();
  }
}
