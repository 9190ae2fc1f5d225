package sh.fazt.mesh.node;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
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
    List<String> addresses = new ArrayList<>();
    try {
      for (NetworkInterface each : NetworkInterface.networkInterfaces().toList()) {
        if (each.isUp() && !each.isLoopback()) {
          each.inetAddresses()
              .filter(address -> !address.isLinkLocalAddress())
              .map(address -> new ListenAddress(address.getHostAddress(), listen.port()))
              .forEach(address -> addresses.add(address.toString()));
        }
      }
    } catch (SocketException e) {
      return List.of(listen.toString());
    }
    return addresses.isEmpty() ? List.of("127.0.0.1:" + listen.port()) : addresses;
  }
}
