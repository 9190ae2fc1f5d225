package sh.fazt.mesh.node;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import sh.fazt.mesh.netty.ListenAddress;

/** Where others can reach a node that listens. */
public final class Whereabouts {
  private Whereabouts() {}

  /** {@code HOST:PORT} for every address that {@code listen} covers, the most likely first. */
  public static List<String> of(ListenAddress listen) {
    InetAddress host = new InetSocketAddress(listen.host(), listen.port()).getAddress();
    if (host == null || !host.isAnyLocalAddress()) {
      return List.of(listen.toString());
    }
    try {
      List<InetAddress> own = new ArrayList<>();
      for (NetworkInterface each : NetworkInterface.networkInterfaces().toList()) {
        if (each.isUp() && !each.isLoopback()) {
          each.inetAddresses().forEach(own::add);
        }
      }
      List<InetAddress> known = likeliestFirst(own);
      return (known.isEmpty() ? List.of(InetAddress.getLoopbackAddress()) : known)
          .stream()
              .map(address -> new ListenAddress(address.getHostAddress(), listen.port()).toString())
              .toList();
    } catch (SocketException e) {
      return List.of(listen.toString());
    }
  }

  /**
   * Those that another machine may reach, the likeliest first: public before private ones, and IPv4
   * first of each, which more networks carry. The name of this machine's own interface, which an
   * IPv6 address may bear, means nothing elsewhere.
   */
  static List<InetAddress> likeliestFirst(List<InetAddress> own) {
    return own.stream()
        .filter(address -> !address.isLinkLocalAddress() && !address.isLoopbackAddress())
        .map(Whereabouts::withoutScope)
        .sorted(
            Comparator.comparing(Whereabouts::isPrivate)
                .thenComparing(address -> address instanceof Inet6Address))
        .distinct()
        .toList();
  }

  private static boolean isPrivate(InetAddress address) {
    boolean uniqueLocal =
        address instanceof Inet6Address && (address.getAddress()[0] & 0xfe) == 0xfc;
    return address.isSiteLocalAddress() || uniqueLocal;
  }

  private static InetAddress withoutScope(InetAddress address) {
    try {
      return InetAddress.getByAddress(address.getAddress());
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an address of an impossible length", e);
    }
  }
}
