package sh.fazt.mesh.lan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.identity.Chance;
import sh.fazt.mesh.identity.SigningKey;
import sh.fazt.mesh.identity.VerifyKey;
import sh.fazt.mesh.lan.BeaconCounts.Drop;
import sh.fazt.mesh.roster.Operation;
import sh.fazt.mesh.roster.Roster;
import sh.fazt.mesh.roster.SignedOp;

/** Real sockets, by the multicast of the loopback interface. */
final class LanTest {
  private static final int UDP_PORT = 17_791;

  private final Chance chance = Chance.from(new Random(1));
  private final SigningKey laptop = SigningKey.generate(chance);
  private final SigningKey vps = SigningKey.generate(chance);
  private final Roster roster = roster(laptop);
  private final List<Lan> started = new ArrayList<>();

  /** The loop's time; a test may let it jump. */
  private final AtomicLong ahead = new AtomicLong();

  @AfterEach
  void close() {
    started.forEach(Lan::close);
  }

  private Roster roster(SigningKey founder) {
    SigningKey persona = SigningKey.generate(chance);
    SignedOp founding =
        SignedOp.found(
            new Operation.Found(
                chance.bytes(16),
                persona.verifyKey(),
                "jay",
                founder.verifyKey(),
                "vps",
                Hash.ZERO,
                1),
            persona);
    return Roster.fold(founding.mesh(), List.of(founding));
  }

  private long now() {
    return System.nanoTime() / 1_000_000 + ahead.get();
  }

  private Lan start(
      SigningKey key, Roster mesh, int tcpPort, LanListener listener, VerifyKey... others)
      throws IOException {
    LanConfig config =
        new LanConfig(InetAddress.getLoopbackAddress(), tcpPort, Set.of("lo"), UDP_PORT);
    LanNode node = new LanNode(key, "node of " + tcpPort, mesh, Set.of(others));
    Lan lan = Lan.start(config, node, listener, new Lan.Ambience(this::now, chance));
    started.add(lan);
    return lan;
  }

  /** What a listener hears, in order. */
  private static final class Heard implements LanListener {
    final BlockingQueue<Neighbour> found = new LinkedBlockingQueue<>();
    final BlockingQueue<Neighbour> changed = new LinkedBlockingQueue<>();
    final BlockingQueue<Neighbour> lost = new LinkedBlockingQueue<>();

    @Override
    public void found(Neighbour neighbour) {
      found.add(neighbour);
    }

    @Override
    public void changed(Neighbour neighbour) {
      changed.add(neighbour);
    }

    @Override
    public void lost(Neighbour neighbour) {
      lost.add(neighbour);
    }
  }

  private static Neighbour next(BlockingQueue<Neighbour> queue) throws InterruptedException {
    Neighbour next = queue.poll(20, TimeUnit.SECONDS);
    assertThat(next).isNotNull();
    return next;
  }

  private static BeaconCounts await(Lan lan, Predicate<BeaconCounts> condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.test(lan.view().counts())) {
      assertThat(System.nanoTime()).as("%s", lan.view()).isLessThan(end);
      Thread.onSpinWait();
    }
    return lan.view().counts();
  }

  @Test
  void twoNodesFindEachOtherAtOnce() throws Exception {
    Heard one = new Heard();
    Heard other = new Heard();
    start(laptop, roster, 1001, one, vps.verifyKey());
    start(vps, roster, 1002, other, laptop.verifyKey());
    Neighbour found = next(one.found);
    assertThat(found.node()).isEqualTo(vps.verifyKey());
    assertThat(found.addresses()).containsExactly("127.0.0.1:1002");
    assertThat(found.name()).isEqualTo("node of 1002");
    assertThat(next(other.found).addresses()).containsExactly("127.0.0.1:1001");
  }

  @Test
  void ownPacketsComeBackAndAreIgnored() throws Exception {
    Lan lan = start(laptop, roster, 1001, new Heard(), laptop.verifyKey());
    BeaconCounts counts = await(lan, each -> each.dropped(Drop.OWN) > 0);
    assertThat(counts.signatures()).isZero();
    assertThat(lan.view().neighbours()).isEmpty();
    assertThat(lan.view().interfaces()).containsExactly("lo");
  }

  @Test
  void aNewNameIsToldSoon() throws Exception {
    Heard heard = new Heard();
    start(laptop, roster, 1001, heard, vps.verifyKey());
    Lan other = start(vps, roster, 1002, new Heard(), laptop.verifyKey());
    next(heard.found);
    other.rename("attic");
    assertThat(next(heard.changed).name()).isEqualTo("attic");
  }

  @Test
  void whoBecomesAMemberIsAskedForAndWhoLeavesIsLost() throws Exception {
    Heard heard = new Heard();
    Lan lan = start(laptop, roster, 1001, heard);
    start(vps, roster, 1002, new Heard(), laptop.verifyKey());
    await(lan, each -> each.dropped(Drop.STRANGER) > 0);
    lan.members(Set.of(vps.verifyKey()));
    next(heard.found);
    lan.members(Set.of());
    assertThat(next(heard.lost).node()).isEqualTo(vps.verifyKey());
  }

  @Test
  void whoFallsSilentIsLost() throws Exception {
    Heard heard = new Heard();
    Lan lan = start(laptop, roster, 1001, heard, vps.verifyKey());
    Lan other = start(vps, roster, 1002, new Heard(), laptop.verifyKey());
    next(heard.found);
    other.close();
    ahead.addAndGet(BeaconLimits.LOST_MILLIS + 1);
    lan.ask();
    assertThat(next(heard.lost).node()).isEqualTo(vps.verifyKey());
  }

  @Test
  void anotherMeshOnTheSameNetworkIsNotSeen() throws Exception {
    Heard heard = new Heard();
    Lan lan = start(laptop, roster, 1001, heard, vps.verifyKey());
    start(vps, roster(vps), 1002, new Heard(), laptop.verifyKey());
    BeaconCounts counts = await(lan, each -> each.dropped(Drop.SEAL) > 0);
    assertThat(counts.signatures()).isZero();
    assertThat(heard.found).isEmpty();
  }

  @Test
  void aFloodOnTheWireIsReadInTurnsAndWhoIsThereStays() throws Exception {
    Heard heard = new Heard();
    Lan lan = start(laptop, roster, 1001, heard, vps.verifyKey());
    start(vps, roster, 1002, new Heard(), laptop.verifyKey());
    next(heard.found);
    long signatures = lan.view().counts().signatures();
    try (DatagramChannel flood = DatagramChannel.open(StandardProtocolFamily.INET)) {
      NetworkInterface lo = NetworkInterface.getByName("lo");
      flood.setOption(StandardSocketOptions.IP_MULTICAST_IF, lo);
      InetSocketAddress group =
          new InetSocketAddress(
              InetAddress.getByAddress(new byte[] {(byte) 239, 77, 70, 90}), UDP_PORT);
      for (int i = 0; i < 10_000; i++) {
        Bytes noise = Bytes.concat(BeaconSeal.HEADER, chance.bytes(300));
        flood.send(ByteBuffer.wrap(noise.toArray()), group);
      }
      flood.send(ByteBuffer.wrap(new byte[1_400]), group);
    }
    // Asked after the flood, the other is heard nevertheless.
    long before = lan.view().counts().heard();
    lan.rename("still here");
    await(lan, each -> each.dropped(Drop.OWN) + each.dropped(Drop.SOURCE) > 1);
    BeaconCounts counts = lan.view().counts();
    assertThat(before).isLessThanOrEqualTo(10_200);
    assertThat(counts.dropped(Drop.SEAL)).isLessThan(BeaconLimits.ALL.burst());
    assertThat(counts.signatures() - signatures).isLessThan(10);
    assertThat(lan.view().neighbours()).hasSize(1);
    assertThat(heard.lost).isEmpty();
  }
}
