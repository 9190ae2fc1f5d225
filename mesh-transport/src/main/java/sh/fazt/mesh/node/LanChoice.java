package sh.fazt.mesh.node;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import sh.fazt.mesh.lan.LanConfig;

/**
 * Whether a node shows itself on its local networks, and looks for other members there.
 *
 * @param interfaces the names of those to do so on; if empty, all that reach other machines
 * @param udpPort of the beacons, 1 to 65,535, the same on all nodes that are to find each other
 */
public record LanChoice(boolean on, Set<String> interfaces, int udpPort) {
  /** On all networks; on none for a node that listens on a loopback address alone. */
  public static final LanChoice USUAL = new LanChoice(true, Set.of(), LanConfig.UDP_PORT);

  /** Neither seen nor seeing. */
  public static final LanChoice OFF = new LanChoice(false, Set.of(), LanConfig.UDP_PORT);

  public LanChoice {
    interfaces = Set.copyOf(interfaces);
  }

  /** On these interfaces alone, such as {@code eth0}; {@code lo} reaches nodes on this machine. */
  public static LanChoice on(String... interfaces) {
    return new LanChoice(true, new TreeSet<>(List.of(interfaces)), LanConfig.UDP_PORT);
  }
}
