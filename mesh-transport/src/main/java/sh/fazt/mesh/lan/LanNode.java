package sh.fazt.mesh.lan;

import java.util.Set;
import sh.fazt.mesh.identity.SigningKey;
import sh.fazt.mesh.identity.VerifyKey;
import sh.fazt.mesh.roster.Roster;

/**
 * In whose name beacons are sent, and whose are heard.
 *
 * @param name what the node is called on the network
 * @param roster of its mesh
 * @param others the members other than itself
 */
public record LanNode(SigningKey key, String name, Roster roster, Set<VerifyKey> others) {
  public LanNode {
    others = Set.copyOf(others);
  }
}
