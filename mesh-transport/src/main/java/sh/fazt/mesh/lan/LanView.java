package sh.fazt.mesh.lan;

import java.util.List;

/**
 * What beacons have told so far; immutable.
 *
 * @param interfaces that are spoken on, by name
 * @param neighbours who is here, by key
 */
public record LanView(List<String> interfaces, List<Neighbour> neighbours, BeaconCounts counts) {
  public LanView {
    interfaces = List.copyOf(interfaces);
    neighbours = List.copyOf(neighbours);
  }
}
