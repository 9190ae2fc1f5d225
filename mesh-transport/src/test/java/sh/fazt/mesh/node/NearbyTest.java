package sh.fazt.mesh.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.Ambient;
import sh.fazt.mesh.Founder;
import sh.fazt.mesh.Mesh;
import sh.fazt.mesh.Persona;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.identity.VerifyKey;
import sh.fazt.mesh.lan.Lan;
import sh.fazt.mesh.lan.LanConfig;
import sh.fazt.mesh.lan.LanListener;
import sh.fazt.mesh.lan.LanNode;
import sh.fazt.mesh.lan.Neighbour;
import sh.fazt.mesh.netty.ListenAddress;
import sh.fazt.mesh.roster.Member;
import sh.fazt.mesh.roster.Roster;

/** Whole nodes that find each other by beacons on the loopback interface. */
class NearbyTest extends LoopbackNodes {
  private static final int UDP_PORT = 17_792;
  private static final LanChoice LO = new LanChoice(true, Set.of("lo"), UDP_PORT);
  private Optional<Lan> forger = Optional.empty();

  @AfterEach
  void closeForger() {
    forger.ifPresent(Lan::close);
  }

  private MeshNode start(String name, String address, LanChoice lan) {
    MeshNode node = MeshNode.start(NodeConfig.of(file(name)).listeningOn(address).shownOn(lan));
    nodes.add(node);
    return node;
  }

  private MeshNode startNear(String name) {
    return start(name, "127.0.0.1:0", LO);
  }

  /** Two members, both stopped, in step; where each listened. */
  private String twoStopped() {
    MeshNode vps = found("vps", "CREATE TABLE t (id TEXT PRIMARY KEY, v)");
    MeshNode laptop = join("laptop", vps);
    sync(laptop);
    String where = vps.listening();
    stop(laptop);
    stop(vps);
    return where;
  }

  private void forgetAddresses(String name) {
    assertThat(sql(name, "DELETE FROM _mesh_peer", "SELECT count(*) FROM _mesh_peer"))
        .containsExactly("0");
  }

  private static boolean allConnected(MeshNode node, int others) {
    return node.peers().stream().filter(p -> p.state() == PeerStatus.State.CONNECTED).count()
        == others;
  }

  /** The key of a stopped node, in the wrong hands. */
  private LanNode stolen(String name) {
    try (Mesh mesh = Mesh.open(file(name), Ambient.system())) {
      Roster roster = mesh.membership().roster();
      Set<VerifyKey> all = roster.members().stream().map(Member::node).collect(Collectors.toSet());
      return new LanNode(mesh.nodeKey(), "forged", roster, all);
    }
  }

  /** Speaks in the name of a node, of whatever port. */
  private void speakFor(LanNode node, int tcpPort) throws IOException {
    LanConfig config =
        new LanConfig(InetAddress.getLoopbackAddress(), tcpPort, Set.of("lo"), UDP_PORT);
    Lan.Ambience ambience = new Lan.Ambience(System::currentTimeMillis, Ambient.system().chance());
    forger = Optional.of(Lan.start(config, node, new Deaf(), ambience));
  }

  private static final class Deaf implements LanListener {
    @Override
    public void found(Neighbour neighbour) {}

    @Override
    public void changed(Neighbour neighbour) {}

    @Override
    public void lost(Neighbour neighbour) {}
  }

  @Test
  void threeNodesFindEachOtherWithNoAddressStored() {
    MeshNode vps = found("vps", "CREATE TABLE t (id TEXT PRIMARY KEY, v)");
    MeshNode laptop = join("laptop", vps);
    MeshNode phone = join("phone", vps);
    List.of(laptop, phone, vps).forEach(LoopbackNodes::sync);
    for (MeshNode node : List.of(laptop, phone, vps)) {
      stop(node);
    }
    List.of("vps", "laptop", "phone").forEach(this::forgetAddresses);
    List<MeshNode> again = List.of(startNear("vps"), startNear("laptop"), startNear("phone"));
    for (MeshNode node : again) {
      await(() -> allConnected(node, 2));
      await(() -> node.peers().stream().allMatch(peer -> peer.path().equals("lan")));
      assertThat(node.peers()).allMatch(peer -> peer.address().startsWith("127.0.0.1:"));
    }
    sql("phone", "INSERT INTO t VALUES ('a', 1)");
    await(() -> sql("laptop", "SELECT v FROM t").contains("1"));
    for (String name : List.of("vps", "laptop", "phone")) {
      assertThat(sql(name, "SELECT count(*) FROM _mesh_peer WHERE addresses = ''"))
          .as("what is heard is not what is remembered, and what peers say is")
          .containsExactly("0");
    }
  }

  @Test
  void whoIsFoundAndLostIsTold() {
    twoStopped();
    MeshNode laptop = startNear("laptop");
    ConcurrentLinkedQueue<String> told = new ConcurrentLinkedQueue<>();
    laptop.events(event -> told.add(event.kind() + " " + event.subject()));
    MeshNode vps = startNear("vps");
    await(() -> told.contains("BEACON_PEER_FOUND vps"));
    await(() -> allConnected(vps, 1));
    vps.leave(java.time.Duration.ofSeconds(5)).join();
    nodes.remove(vps);
    await(() -> told.contains("BEACON_PEER_LOST vps"));
  }

  @Test
  void scanTellsWhoIsThereAndAnotherNameIsHeard() {
    twoStopped();
    MeshNode laptop = startNear("laptop");
    MeshNode vps = startNear("vps");
    vps.beacon().name("attic");
    BeaconStatus scanned = laptop.beacon().scan().join();
    assertThat(scanned.silence()).isEmpty();
    assertThat(scanned.interfaces()).containsExactly("lo");
    assertThat(scanned.found())
        .singleElement()
        .satisfies(
            found -> {
              assertThat(found.member()).isEqualTo("vps");
              assertThat(found.name()).isEqualTo("attic");
              assertThat(found.addresses()).containsExactly(vps.listening());
            });
    stop(vps);
    assertThat(startNear("vps").beacon().status().name()).isEqualTo("attic");
  }

  @Test
  void aScanEndsWithItsNode() {
    twoStopped();
    MeshNode laptop = startNear("laptop");
    var scan = laptop.beacon().scan();
    stop(laptop);
    assertThat(scan.join().found()).isEmpty();
  }

  @Test
  void whoScansBeyondTheLimitSharesTheLatest() {
    twoStopped();
    MeshNode laptop = startNear("laptop");
    startNear("vps");
    List<CompletableFuture<BeaconStatus>> scans =
        Stream.generate(() -> laptop.beacon().scan()).limit(Nearby.SCANS_MAX + 1L).toList();
    List<BeaconStatus> heard = scans.stream().map(CompletableFuture::join).toList();
    assertThat(heard).allSatisfy(each -> assertThat(each.found()).hasSize(1));
    BeaconStatus latest = heard.get(Nearby.SCANS_MAX - 1);
    assertThat(heard.get(Nearby.SCANS_MAX)).isSameAs(latest);
    assertThat(heard.get(Nearby.SCANS_MAX - 2)).isNotSameAs(latest);
    CompletableFuture<BeaconStatus> next = laptop.beacon().scan();
    stop(laptop);
    assertThat(next.join()).isNotSameAs(latest);
  }

  @Test
  void aNameThatDoesNotShowIsRefused() {
    twoStopped();
    MeshNode laptop = startNear("laptop");
    for (String name : List.of("", "x".repeat(65), "a\u001b[2J")) {
      assertThatThrownBy(() -> laptop.beacon().name(name))
          .isInstanceOfSatisfying(
              MeshException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.USAGE));
    }
    assertThat(laptop.beacon().status().name()).isEqualTo("laptop");
  }

  @Test
  void aNodeThatListensOnLoopbackAloneIsSilentAndSaysWhy() {
    twoStopped();
    MeshNode laptop = start("laptop", "127.0.0.1:0", LanChoice.USUAL);
    assertThat(laptop.beacon().status().silence().orElseThrow())
        .hasMessageContaining("listens on 127.0.0.1 alone");
    assertThatThrownBy(() -> laptop.beacon().scan().join())
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOfSatisfying(
            MeshException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BEACON_OFF));
    stop(laptop);
    assertThat(start("laptop", "127.0.0.1:0", LanChoice.OFF).beacon().status().silence())
        .isPresent();
  }

  @Test
  void aBeaconThatPointsToTheWrongPortDoesNoHarm() throws Exception {
    String good = twoStopped();
    sql("other", "CREATE TABLE o (id TEXT PRIMARY KEY)");
    Founder.of(file("other"), Persona.create("mallory")).found();
    MeshNode stranger = start("other", "127.0.0.1:0", LanChoice.OFF);
    speakFor(stolen("vps"), ListenAddress.parse(stranger.listening()).port());
    start("vps", good, LanChoice.OFF);
    MeshNode laptop = startNear("laptop");
    await(() -> !laptop.beacon().status().found().isEmpty());
    assertThat(laptop.beacon().status().found().get(0).addresses())
        .containsExactly(stranger.listening());
    await(() -> allConnected(laptop, 1));
    sql("vps", "INSERT INTO t VALUES ('a', 1)");
    await(() -> sql("laptop", "SELECT v FROM t").contains("1"));
    assertThat(laptop.peers().get(0).address()).isNotEqualTo(stranger.listening());
    assertThat(stranger.peers()).isEmpty();
  }

  /** Whether all of the node has heard of a neighbour, not the beacons' thread alone. */
  private static boolean isNear(MeshNode node) {
    return node.peers().stream().anyMatch(peer -> peer.path().equals("lan"));
  }

  @Test
  void aFloodReachesNoFurtherThanTheThreadThatHearsIt() throws Exception {
    twoStopped();
    MeshNode vps = startNear("vps");
    MeshNode laptop = startNear("laptop");
    await(() -> allConnected(laptop, 1) && isNear(laptop));
    ConcurrentLinkedQueue<NodeEvent> told = new ConcurrentLinkedQueue<>();
    laptop.events(told::add);
    try (DatagramChannel flood = DatagramChannel.open(StandardProtocolFamily.INET)) {
      flood.setOption(StandardSocketOptions.IP_MULTICAST_IF, NetworkInterface.getByName("lo"));
      InetSocketAddress group =
          new InetSocketAddress(
              InetAddress.getByAddress(new byte[] {(byte) 239, 77, 70, 90}), UDP_PORT);
      byte[] noise = new byte[300];
      System.arraycopy("FZTL1".getBytes(java.nio.charset.StandardCharsets.UTF_8), 0, noise, 0, 5);
      for (int i = 0; i < 10_000; i++) {
        flood.send(ByteBuffer.wrap(noise), group);
      }
    }
    await(() -> laptop.beacon().status().dropped() > 0);
    sql("vps", "INSERT INTO t VALUES ('a', 1)");
    await(() -> sql("laptop", "SELECT v FROM t").contains("1"));
    assertThat(told).extracting(NodeEvent::kind).containsOnly(NodeEvent.Kind.ROWS_RECEIVED);
    assertThat(laptop.beacon().status().found()).hasSize(1);
    assertThat(allConnected(vps, 1)).isTrue();
  }

  @Test
  void aLinkThatGoesAnotherWayMovesToTheLocalNetwork() throws Exception {
    String direct = twoStopped();
    int port = ListenAddress.parse(direct).port();
    forgetAddresses("vps");
    LanNode vpsOnLan = stolen("vps");
    try (Detour detour = new Detour(port)) {
      sql("laptop", "UPDATE _mesh_peer SET addresses = '" + detour.address() + "'");
      start("vps", direct, LanChoice.OFF);
      MeshNode laptop = startNear("laptop");
      await(() -> allConnected(laptop, 1));
      assertThat(laptop.peers().get(0).path()).isEqualTo("direct");
      assertThat(laptop.peers().get(0).address()).isEqualTo(detour.address());
      sync(laptop);
      // Its beacons are sent for it, so that they begin when the link by the detour stands.
      speakFor(vpsOnLan, port);
      await(
          () ->
              laptop.peers().get(0).path().equals("lan")
                  && laptop.peers().get(0).address().equals(direct));
      sql("laptop", "INSERT INTO t VALUES ('a', 1)");
      await(() -> sql("vps", "SELECT v FROM t").contains("1"));
    }
  }
}
