package sh.fazt.mesh.node;

import java.util.List;
import java.util.Optional;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.identity.NodeId;

/**
 * How a node shows itself on its local networks, and whom it has found there; immutable.
 *
 * @param name what it is called there
 * @param silence why it sends no beacons and hears none, if that is so
 * @param interfaces those it speaks on, by name
 * @param udpPort of the beacons
 * @param found the members that were heard within five minutes
 * @param dropped packets that were heard and meant nothing, its own aside
 */
public record BeaconStatus(
    NodeId id,
    String name,
    Optional<MeshException> silence,
    List<String> interfaces,
    int udpPort,
    List<Found> found,
    long dropped) {

  public BeaconStatus {
    interfaces = List.copyOf(interfaces);
    found = List.copyOf(found);
  }

  /**
   * A member on a local network.
   *
   * @param member its name in the mesh
   * @param name what it calls itself there
   * @param addresses where it can be dialled, {@code HOST:PORT}, the likeliest first
   * @param foundMillis when it was first heard, Unix milliseconds
   * @param heardMillis when it was last heard
   */
  public record Found(
      NodeId id,
      String member,
      String name,
      List<String> addresses,
      long foundMillis,
      long heardMillis) {
    public Found {
      addresses = List.copyOf(addresses);
    }
  }
}
