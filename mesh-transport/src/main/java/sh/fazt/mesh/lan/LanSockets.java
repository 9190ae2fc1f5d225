package sh.fazt.mesh.lan;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.fazt.mesh.bytes.Bytes;

/**
 * The multicast sockets of one node: one for IPv4 and one for IPv6 on each interface, all on one
 * port. They are bound to the group, so nothing that is sent to this machine alone reaches them.
 * Confined to the thread that reads them.
 */
final class LanSockets implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LanSockets.class);
  private static final Bytes GROUP_V4 = Bytes.fromHex("ef4d465a");
  private static final Bytes GROUP_V6 = Bytes.fromHex("ff02000000000000000000000000fa27");

  private final Selector selector;
  private final int port;
  private final Map<String, Spoken> spoken = new TreeMap<>();

  LanSockets(Selector selector, int port) {
    this.selector = selector;
    this.port = port;
  }

  /** An interface with its sockets. */
  private record Spoken(LanInterface at, List<Ear> ears) {}

  /** One socket; what comes by it is of one network. */
  private static final class Ear {
    private final DatagramChannel channel;
    private final InetSocketAddress group;
    private Network network;
    private long restsUntilMillis = Long.MIN_VALUE;

    Ear(DatagramChannel channel, InetSocketAddress group, Network network) {
      this.channel = channel;
      this.group = group;
      this.network = network;
    }
  }

  /**
   * Opens sockets on interfaces that are new, and closes those of interfaces that are gone.
   *
   * @return whether anything is other than before
   */
  boolean follow(List<LanInterface> current) {
    boolean moved = false;
    Map<String, LanInterface> wanted = new TreeMap<>();
    current.forEach(each -> wanted.put(each.name(), each));
    for (Spoken former : List.copyOf(spoken.values())) {
      if (!isStillThere(former.at(), wanted.get(former.at().name()))) {
        spoken.remove(former.at().name());
        former.ears().forEach(LanSockets::close);
        moved = true;
      }
    }
    for (LanInterface each : wanted.values()) {
      Spoken former = spoken.get(each.name());
      if (former == null) {
        List<Ear> ears = open(each);
        if (!ears.isEmpty()) {
          spoken.put(each.name(), new Spoken(each, ears));
          moved = true;
        }
      } else if (!former.at().equals(each)) {
        former.ears().forEach(ear -> ear.network = each.network());
        spoken.put(each.name(), new Spoken(each, former.ears()));
        moved = true;
      }
    }
    return moved;
  }

  /** An interface that went and came is another, though its name is the same. */
  private static boolean isStillThere(LanInterface former, @Nullable LanInterface now) {
    return now != null && now.device().getIndex() == former.device().getIndex();
  }

  private List<Ear> open(LanInterface at) {
    List<Ear> ears = new ArrayList<>();
    List.of(StandardProtocolFamily.INET, StandardProtocolFamily.INET6)
        .forEach(
            family -> {
              try {
                ears.add(open(at, family));
              } catch (IOException | UnsupportedOperationException e) {
                LOG.debug("no {} beacons on {}: {}", family, at.name(), e.toString());
              }
            });
    return ears;
  }

  private Ear open(LanInterface at, ProtocolFamily family) throws IOException {
    InetAddress group =
        family == StandardProtocolFamily.INET
            ? InetAddress.getByAddress(GROUP_V4.toArray())
            : Inet6Address.getByAddress(null, GROUP_V6.toArray(), at.device());
    InetSocketAddress bound = new InetSocketAddress(group, port);
    DatagramChannel channel = DatagramChannel.open(family);
    try {
      channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      channel.bind(bound);
      channel.setOption(StandardSocketOptions.IP_MULTICAST_IF, at.device());
      channel.join(group, at.device());
      channel.configureBlocking(false);
      Ear ear = new Ear(channel, bound, at.network());
      channel.register(selector, SelectionKey.OP_READ, ear);
      return ear;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** The interfaces that are spoken on, by name. */
  List<LanInterface> interfaces() {
    return spoken.values().stream().map(Spoken::at).toList();
  }

  /** Sends by all sockets of each interface what is to be said there; what cannot be is not. */
  void send(Function<LanInterface, Bytes> packet) {
    for (Spoken each : spoken.values()) {
      ByteBuffer bytes = packet.apply(each.at()).asBuffer();
      for (Ear ear : each.ears()) {
        try {
          ear.channel.send(bytes.rewind(), ear.group);
        } catch (IOException e) {
          LOG.debug("no beacon on {}: {}", each.at().name(), e.toString());
        }
      }
    }
  }

  /** Who is told of a packet. */
  @FunctionalInterface
  interface Listener {
    void heard(Bytes packet, String source, Network network);
  }

  /** Reads what is there, a bounded number of packets a socket; one with more has to rest. */
  void read(Listener listener, long nowMillis) {
    for (SelectionKey key : selector.selectedKeys()) {
      if (key.isValid() && key.attachment() instanceof Ear ear) {
        try {
          if (read(ear, listener) == BeaconLimits.READS_MAX) {
            ear.restsUntilMillis = nowMillis + BeaconLimits.REST_MILLIS;
            key.interestOps(0);
          }
        } catch (IOException e) {
          LOG.debug("a beacon on {} not read: {}", ear.network.name(), e.toString());
        }
      }
    }
    selector.selectedKeys().clear();
  }

  private static int read(Ear ear, Listener listener) throws IOException {
    // One byte more, by which a packet that is too long is known.
    ByteBuffer buffer = ByteBuffer.allocate(BeaconLimits.PACKET_BYTES_MAX + 1);
    for (int packets = 0; packets < BeaconLimits.READS_MAX; packets++) {
      SocketAddress source = ear.channel.receive(buffer.clear());
      if (source == null) {
        return packets;
      }
      byte[] packet = new byte[buffer.flip().remaining()];
      buffer.get(packet);
      listener.heard(Bytes.wrap(packet), host(source), ear.network);
    }
    return BeaconLimits.READS_MAX;
  }

  private static String host(SocketAddress source) {
    return source instanceof InetSocketAddress internet && internet.getAddress() != null
        ? internet.getAddress().getHostAddress()
        : source.toString();
  }

  /** Wakes the sockets that have rested; when the next one is to be woken. */
  long wake(long nowMillis) {
    long next = Long.MAX_VALUE;
    for (SelectionKey key : selector.keys()) {
      if (key.isValid() && key.interestOps() == 0 && key.attachment() instanceof Ear ear) {
        if (nowMillis >= ear.restsUntilMillis) {
          key.interestOps(SelectionKey.OP_READ);
        } else {
          next = Math.min(next, ear.restsUntilMillis);
        }
      }
    }
    return next;
  }

  private static void close(Ear ear) {
    try {
      ear.channel.close();
    } catch (IOException e) {
      LOG.debug("closing", e);
    }
  }

  @Override
  public void close() {
    spoken.values().forEach(each -> each.ears().forEach(LanSockets::close));
    spoken.clear();
  }
}
