package sh.fazt.mesh.lan;

import java.util.List;
import sh.fazt.mesh.identity.VerifyKey;

/**
 * A member on a local network, as its beacons say; immutable.
 *
 * @param name what it is called there
 * @param addresses where it can be dialled, {@code HOST:PORT}, the likeliest first
 * @param foundMillis when the first of its beacons came, in the time that the cache was told
 * @param heardMillis when the last one came
 */
public record Neighbour(
    VerifyKey node, String name, List<String> addresses, long foundMillis, long heardMillis) {
  public Neighbour {
    addresses = List.copyOf(addresses);
  }
}
