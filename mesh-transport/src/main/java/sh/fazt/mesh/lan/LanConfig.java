package sh.fazt.mesh.lan;

import java.net.InetAddress;
import java.util.Set;

/**
 * Where a node shows itself.
 *
 * @param listen the address that it can be dialled at; one of all zeros means all that it has
 * @param tcpPort where it listens there
 * @param interfaces the names of those to speak on; if empty, all that reach other machines
 * @param udpPort of the beacons
 */
public record LanConfig(InetAddress listen, int tcpPort, Set<String> interfaces, int udpPort) {
  /** The port on which beacons are sent and heard. */
  public static final int UDP_PORT = 7790;

  public LanConfig {
    interfaces = Set.copyOf(interfaces);
    if (tcpPort < 1 || tcpPort > 0xffff || udpPort < 1 || udpPort > 0xffff) {
      throw new IllegalArgumentException("ports " + tcpPort + " and " + udpPort);
    }
  }
}
