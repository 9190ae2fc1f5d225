package sh.fazt.mesh.node;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.fazt.mesh.Mesh;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.frame.MeshLink;
import sh.fazt.mesh.identity.NodeId;
import sh.fazt.mesh.identity.VerifyKey;
import sh.fazt.mesh.lan.BeaconCounts.Drop;
import sh.fazt.mesh.lan.BeaconLimits;
import sh.fazt.mesh.lan.Lan;
import sh.fazt.mesh.lan.LanListener;
import sh.fazt.mesh.lan.LanNode;
import sh.fazt.mesh.lan.LanView;
import sh.fazt.mesh.lan.Neighbour;
import sh.fazt.mesh.roster.Member;

/**
 * The members on the local network: has them called there first, and links that go another way
 * moved there. Confined to the mesh thread.
 */
final class Nearby {
  private static final Logger LOG = LoggerFactory.getLogger(Nearby.class);

  /** Scans at a time; who wants one more shares the latest. */
  static final int SCANS_MAX = 64;

  private final Agenda agenda;
  private final Mesh mesh;
  private final Visibility visibility;
  private final Caller caller;
  private final BiConsumer<NodeEvent.Kind, VerifyKey> events;
  private final Moving moving;
  private final Map<VerifyKey, Neighbour> here = new TreeMap<>();
  private final TreeMap<Long, CompletableFuture<BeaconStatus>> scans = new TreeMap<>();
  private long scansBegun;
  private Optional<Lan> lan = Optional.empty();
  private Optional<MeshException> silence = Optional.empty();

  /**
   * @param moving moves links to whom is found
   * @param events told of whom was found and lost
   */
  Nearby(
      Agenda agenda,
      Mesh mesh,
      Visibility visibility,
      Caller caller,
      Moving moving,
      BiConsumer<NodeEvent.Kind, VerifyKey> events) {
    this.agenda = agenda;
    this.mesh = mesh;
    this.visibility = visibility;
    this.caller = caller;
    this.moving = moving;
    this.events = events;
  }

  /** Begins to send and hear beacons, if this node is to; without them it works all the same. */
  void start(List<Member> others) {
    try {
      LanNode node =
          new LanNode(
              mesh.nodeKey(), mesh.view().beaconName(), mesh.membership().roster(), keys(others));
      Lan.Ambience ambience = new Lan.Ambience(agenda::nowMillis, mesh.ambient().chance());
      lan = Optional.of(Lan.start(visibility.beacons(), node, new Heard(), ambience));
      moving.start();
    } catch (MeshException e) {
      silence = Optional.of(e);
      LOG.debug("{}", e.getMessage());
    } catch (IOException e) {
      silence = Optional.of(Visibility.silent(String.valueOf(e.getMessage()), "fazt mesh doctor"));
      LOG.warn("no beacons: {}", e.toString());
    }
  }

  /** The other members as they are now. */
  void members(List<Member> others) {
    lan.ifPresent(beacons -> beacons.members(keys(others)));
  }

  private static Set<VerifyKey> keys(List<Member> members) {
    return members.stream().map(Member::node).collect(Collectors.toSet());
  }

  /** From the thread of the beacons to the mesh thread. */
  private final class Heard implements LanListener {
    @Override
    public void found(Neighbour neighbour) {
      agenda.submit(() -> came(neighbour));
    }

    @Override
    public void changed(Neighbour neighbour) {
      agenda.submit(() -> came(neighbour));
    }

    @Override
    public void lost(Neighbour neighbour) {
      agenda.submit(() -> went(neighbour));
    }
  }

  private void came(Neighbour neighbour) {
    boolean found = here.put(neighbour.node(), neighbour) == null;
    moving.found(neighbour);
    caller.near(neighbour.node(), neighbour.addresses());
    if (found) {
      LOG.info("{} is near, at {}", Names.of(mesh, neighbour.node()), neighbour.addresses());
      events.accept(NodeEvent.Kind.BEACON_PEER_FOUND, neighbour.node());
    }
  }

  private void went(Neighbour neighbour) {
    here.remove(neighbour.node());
    moving.lost(neighbour.node());
    caller.near(neighbour.node(), List.of());
    LOG.info("{} is near no longer", Names.of(mesh, neighbour.node()));
    events.accept(NodeEvent.Kind.BEACON_PEER_LOST, neighbour.node());
  }

  /** How a peer is reached by {@code link}: {@code lan} where that is what its beacons said. */
  String path(MeshLink link) {
    return moving.isNear(link) ? "lan" : link.path();
  }

  /** See {@link NodeBeacon#name}. */
  void rename(String name) {
    mesh.nameBeacon(name);
    lan.ifPresent(beacons -> beacons.rename(name));
  }

  /** See {@link NodeBeacon#scan}. */
  CompletableFuture<BeaconStatus> scan() {
    silence.ifPresent(
        why -> {
          throw why;
        });
    lan.ifPresent(Lan::ask);
    if (scans.size() >= SCANS_MAX) {
      return scans.lastEntry().getValue();
    }
    long number = ++scansBegun;
    CompletableFuture<BeaconStatus> answer = new CompletableFuture<>();
    scans.put(number, answer);
    agenda.schedule(
        "scan " + number, agenda.nowMillis() + BeaconLimits.SCAN_MILLIS, () -> end(number));
    return answer;
  }

  private void end(long number) {
    CompletableFuture<BeaconStatus> scan = scans.remove(number);
    if (scan != null) {
      scan.complete(status());
    }
  }

  /** See {@link NodeBeacon#status}. */
  BeaconStatus status() {
    Optional<LanView> view = lan.map(Lan::view);
    return new BeaconStatus(
        NodeId.of(mesh.nodeKey().verifyKey()),
        mesh.view().beaconName(),
        silence,
        view.map(LanView::interfaces).orElse(List.of()),
        visibility.lan().udpPort(),
        view.map(LanView::neighbours).orElse(List.of()).stream().map(this::found).toList(),
        view.map(Nearby::dropped).orElse(0L));
  }

  private static long dropped(LanView view) {
    long all = view.counts().dropped().values().stream().mapToLong(Long::longValue).sum();
    return all - view.counts().dropped(Drop.OWN) - view.counts().dropped(Drop.OLD);
  }

  private BeaconStatus.Found found(Neighbour neighbour) {
    long wall = mesh.ambient().now() - agenda.nowMillis();
    return new BeaconStatus.Found(
        NodeId.of(neighbour.node()),
        Names.of(mesh, neighbour.node()),
        neighbour.name(),
        neighbour.addresses(),
        neighbour.foundMillis() + wall,
        neighbour.heardMillis() + wall);
  }

  /** Sends and hears no more; who waits for a scan gets what there is. */
  void close() {
    List.copyOf(scans.keySet()).forEach(this::end);
    hush();
  }

  /** The same where the mesh thread has ended before its time; from any thread then. */
  void hush() {
    lan.ifPresent(Lan::close);
    lan = Optional.empty();
  }
}
