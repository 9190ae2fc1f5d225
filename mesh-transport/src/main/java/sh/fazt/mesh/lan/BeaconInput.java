package sh.fazt.mesh.lan;

import java.util.Set;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.identity.VerifyKey;

/** What happens to a {@link BeaconCache}. */
sealed interface BeaconInput {
  /**
   * A packet came, of whatever length and content.
   *
   * @param source the sender's address, as far as it is true
   * @param network on which it came
   */
  record Heard(Bytes packet, String source, Network network) implements BeaconInput {}

  /** Who the other members are from now on. */
  record Members(Set<VerifyKey> nodes) implements BeaconInput {
    public Members {
      nodes = Set.copyOf(nodes);
    }
  }

  /** Time has passed. */
  record Passed() implements BeaconInput {}
}
