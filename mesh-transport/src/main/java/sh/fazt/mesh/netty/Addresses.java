package sh.fazt.mesh.netty;

import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** Socket addresses as people see them. */
final class Addresses {
  private Addresses() {}

  /** {@code 203.0.113.7:8443} or {@code [2001:db8::7]:8443}. */
  static String text(SocketAddress address) {
    if (address instanceof InetSocketAddress internet && internet.getAddress() != null) {
      String host = internet.getAddress().getHostAddress();
      return new ListenAddress(host, internet.getPort()).toString();
    }
    return String.valueOf(address);
  }
}
