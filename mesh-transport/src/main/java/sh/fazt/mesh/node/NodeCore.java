package sh.fazt.mesh.node;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import sh.fazt.mesh.Mesh;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.delta.Summary;
import sh.fazt.mesh.frame.LinkDialer;
import sh.fazt.mesh.frame.LinkListener;
import sh.fazt.mesh.gossip.GossipConfig;
import sh.fazt.mesh.gossip.GossipEngine;
import sh.fazt.mesh.gossip.Input;
import sh.fazt.mesh.gossip.LocalNode;
import sh.fazt.mesh.gossip.Location;
import sh.fazt.mesh.gossip.Message;
import sh.fazt.mesh.gossip.SnapshotAsk;
import sh.fazt.mesh.gossip.SnapshotTell;
import sh.fazt.mesh.identity.VerifyKey;
import sh.fazt.mesh.roster.Member;
import sh.fazt.mesh.wire.SignedBatch;

/**
 * The mesh thread's side of a node: puts its parts together, and routes what happens to the one
 * that deals with it. Confined to the mesh thread.
 */
final class NodeCore implements Reception.Guests {
  private static final String CLOCK = "clock";
  private static final long CLOCK_MILLIS = 2_000;
  private static final long CROSS_CHECK_MILLIS = 60_000;

  private final Agenda agenda;
  private final Mesh mesh;
  private final Reception reception;
  private final Caller caller;
  private final Contacts contacts;
  private final Nearby nearby;
  private final Exchange exchange;
  private final RosterKeeping roster;
  private final Harvesting harvesting;
  private final Carrying carrying;
  private final Rebasing rebasing;
  private final CrossCheck crossCheck;
  private final Verifying verifying;
  private final Syncing syncing;
  private final Speaking speaking;
  private final Listeners listeners;
  private final Runnable restored;
  private final Location location;

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
    this.location =
        Location.sign(mesh.id(), mesh.nodeKey(), mesh.ambient().now(), visibility.addresses());
    this.reception = new Reception(agenda, mesh, new Doorman(agenda, mesh, this::admitted), this);
    this.caller =
        new Caller(
            agenda,
            dialer,
            dialled,
            mesh.peers(),
            mesh.ambient().chance(),
            member -> feed(new Input.Unreached(member)));
    GossipEngine engine = engine(mesh, visibility);
    this.contacts = new Contacts(mesh, engine, reception, caller);
    this.nearby =
        new Nearby(
            agenda,
            mesh,
            visibility,
            caller,
            new Moving(agenda, mesh.nodeKey().verifyKey(), reception, caller, contacts::isLevel),
            (kind, peer) -> tell(kind, name(peer), 1));
    this.exchange = new Exchange(agenda, mesh, engine, reception, room, hooks());
    this.roster = new RosterKeeping(mesh, exchange, caller, nearby, reception);
    this.speaking =
        new Speaking(agenda, mesh, GossipConfig.standard().broadcasting(), exchange::feed);
    this.verifying = new Verifying(agenda, mesh, exchange::feed, contacts);
    this.rebasing = new Rebasing(agenda, mesh, exchange::feed, reception::drop, room, this::taken);
    this.crossCheck =
        new CrossCheck(agenda, mesh, contacts, member -> verify(member, false, CROSS_CHECK_MILLIS));
    this.carrying = new Carrying(agenda, mesh, this::fresh);
    this.harvesting = new Harvesting(agenda, mesh, this::fresh, this::reopen);
    this.syncing = new Syncing(agenda, mesh, exchange::feed, contacts, harvesting);
  }

  private static GossipEngine engine(Mesh mesh, Visibility visibility) {
    LocalNode local =
        new LocalNode(
            mesh.id(), mesh.site(), mesh.view().name(), NodeConfig.VERSION, visibility.addresses());
    return new GossipEngine(
        local,
        mesh.summary(),
        mesh.membership().encodedOperations(),
        GossipConfig.standard(),
        mesh.ambient().chance());
  }

  private Exchange.Hooks hooks() {
    return new Exchange.Hooks(
        new Reporting(mesh, caller, this::reopen, this::rebase)::report,
        this::settled,
        caller::seek,
        reception::drop,
        () -> this.roster.follow(),
        () -> agenda.submit(() -> carrying.plan()),
        this::received,
        content -> this.listeners.tell(this.speaking.heard(content)),
        this::hear);
  }

  private void reopen() {
    agenda.submit(restored);
  }

  /** Begins: takes in what was written meanwhile, and calls the others. */
  void start() {
    exchange.feed(new Input.Start());
    exchange.feed(new Input.Located(location));
    exchange.authorsChanged();
    lookAtClock();
    harvesting.start();
    carrying.plan();
    roster.start();
    new Trimming(agenda, mesh, exchange::feed).start();
    crossCheck.look();
  }

  /** The loop's time only grows; the engine is told how far it is from the wall clock. */
  private void lookAtClock() {
    agenda.schedule(CLOCK, agenda.nowMillis() + CLOCK_MILLIS, this::lookAtClock);
    exchange.feed(new Input.WallClock(mesh.ambient().now() - agenda.nowMillis()));
    contacts.rememberAll();
  }

  Mesh mesh() {
    return mesh;
  }

  Reception reception() {
    return reception;
  }

  Caller caller() {
    return caller;
  }

  Contacts contacts() {
    return contacts;
  }

  Nearby nearby() {
    return nearby;
  }

  Exchange exchange() {
    return exchange;
  }

  RosterKeeping roster() {
    return roster;
  }

  Harvesting harvesting() {
    return harvesting;
  }

  Syncing syncing() {
    return syncing;
  }

  /** Compares this node's whole state with a member's. */
  CompletableFuture<VerifyReport.PeerVerify> verify(Member peer, boolean mend, long timeoutMillis) {
    contacts.reach(peer.node());
    long now = agenda.nowMillis();
    return verifying.verify(new Verification.Wish(peer, mend, now, now + timeoutMillis));
  }

  /** See {@link MeshNode#restamp}. */
  long restamp() {
    long rows = Restamping.of(mesh, exchange.engine().peers(), this::name);
    if (rows > 0) {
      reopen();
    }
    return rows;
  }

  /**
   * Says something to the applications of all other members.
   *
   * @return how many peers are connected
   */
  int broadcast(Bytes payload) {
    speaking.say(payload);
    return contacts.linked();
  }

  /** What keeps this node from a part of its work. */
  List<Hindrance> hindrances() {
    return Stream.of(
            Removed.fault(mesh),
            harvesting.hindrance(),
            exchange.hindrance(),
            rebasing.hindrance(),
            crossCheck.hindrance())
        .flatMap(Optional::stream)
        .map(Hindrance::of)
        .distinct()
        .toList();
  }

  private void fresh(List<SignedBatch> batches) {
    // First of all: what was taken from the mesh is given out by nobody else.
    exchange.feed(new Input.LocalBatches(batches));
    long rows = mesh.takeRowsWritten();
    syncing.sent(rows);
    tell(NodeEvent.Kind.ROWS_SENT, mesh.view().name(), rows);
  }

  /** Changes came from a peer, by a link or in its bundle. */
  void received(VerifyKey peer, long rows) {
    tell(NodeEvent.Kind.ROWS_RECEIVED, name(peer), rows);
  }

  private void hear(VerifyKey peer, Message message) {
    if (message instanceof SnapshotAsk || message instanceof SnapshotTell) {
      rebasing.heard(peer, message);
    } else {
      verifying.heard(peer, message);
    }
  }

  /** Batches that are lacking here are in that peer's state alone. */
  private void rebase(VerifyKey peer, Summary beyond) {
    agenda.submit(() -> rebasing.needed(peer, beyond));
  }

  private void taken() {
    crossCheck.look();
    carrying.plan();
    agenda.submit(harvesting::harvest);
  }

  private void settled() {
    if (contacts.hasCaughtUp() && mesh.caughtUp()) {
      agenda.submit(harvesting::harvest);
    }
    harvesting.goOn();
    syncing.look();
  }

  private void admitted(VerifyKey node) {
    tell(NodeEvent.Kind.MEMBER_ADMITTED, name(node), 1);
    roster.changed();
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
    contacts.remember(peer);
    verifying.gone(peer);
    rebasing.gone(peer);
    tell(NodeEvent.Kind.PEER_DISCONNECTED, name(peer), 1);
    caller.down(peer);
  }

  private String name(VerifyKey peer) {
    return Names.of(mesh, peer);
  }

  private void tell(NodeEvent.Kind kind, String subject, long count) {
    listeners.tell(new NodeEvent(kind, subject, count, mesh.ambient().now()));
  }

  /** Signs this node out and tells whoever is linked. */
  void leave() {
    roster.leave();
    stop("left the mesh");
  }

  /** Says goodbye to all peers and closes the links; nothing runs here any more. */
  void stop(String reason) {
    syncing.end();
    verifying.end();
    rebasing.end();
    nearby.close();
    roster.others().forEach(peer -> contacts.remember(peer.node()));
    exchange.feed(new Input.Leave(reason));
    exchange.end();
    reception.close();
    agenda.end();
  }
}
