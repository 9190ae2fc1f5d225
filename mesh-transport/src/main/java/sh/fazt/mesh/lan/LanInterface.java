package sh.fazt.mesh.lan;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.lan.Network.Prefix;

/**
 * One of this machine's interfaces to a local network, as it was when it was looked at; immutable.
 *
 * @param own what a node can be dialled at through it, the likeliest first
 */
record LanInterface(NetworkInterface device, Network network, List<Bytes> own) {
  LanInterface {
    own = List.copyOf(own);
  }

  /** Those to speak on now, by name. */
  static List<LanInterface> current(LanConfig config) throws SocketException {
    List<LanInterface> current = new ArrayList<>();
    for (NetworkInterface device : NetworkInterface.networkInterfaces().toList()) {
      if (isChosen(device, config)) {
        LanInterface found = of(device, config.listen());
        if (!found.own.isEmpty()) {
          current.add(found);
        }
      }
    }
    return first(current);
  }

  /** As many of them as are spoken on, by name. */
  static List<LanInterface> first(List<LanInterface> found) {
    return found.stream()
        .sorted(Comparator.comparing(LanInterface::name))
        .limit(BeaconLimits.INTERFACES_MAX)
        .toList();
  }

  private static boolean isChosen(NetworkInterface device, LanConfig config)
      throws SocketException {
    if (!device.isUp()) {
      return false;
    }
    return config.interfaces().isEmpty()
        ? device.supportsMulticast() && !device.isLoopback() && !device.isPointToPoint()
        : config.interfaces().contains(device.getName());
  }

  private static LanInterface of(NetworkInterface device, InetAddress listen) {
    List<Prefix> prefixes = new ArrayList<>();
    List<InetAddress> own = new ArrayList<>();
    for (InterfaceAddress each : device.getInterfaceAddresses()) {
      InetAddress address = each.getAddress();
      prefixes.add(new Prefix(bytes(address), each.getNetworkPrefixLength()));
      if (listen.isAnyLocalAddress() || bytes(address).equals(bytes(listen))) {
        own.add(address);
      }
    }
    List<Bytes> likeliestFirst =
        own.stream()
            .sorted(
                Comparator.comparing((InetAddress address) -> !(address instanceof Inet4Address))
                    .thenComparing(InetAddress::isLinkLocalAddress))
            .map(LanInterface::bytes)
            .limit(BeaconLimits.ADDRESSES_MAX)
            .toList();
    return new LanInterface(device, new Network(device.getName(), prefixes), likeliestFirst);
  }

  private static Bytes bytes(InetAddress address) {
    return Bytes.wrap(address.getAddress());
  }

  String name() {
    return network.name();
  }
}
