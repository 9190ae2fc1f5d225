package sh.fazt.mesh;

import sh.fazt.mesh.clock.Stamp;
import sh.fazt.mesh.identity.NodeId;
import sh.fazt.mesh.identity.VerifyKey;
import sh.fazt.mesh.roster.KnownAs;
import sh.fazt.mesh.roster.Roster;

/**
 * By whom something was written, and when, for people.
 *
 * @param by the node's name, with the beginning of its id where two have one name; its id if the
 *     roster has none
 * @param atMillis Unix milliseconds; 0 for what was there before the mesh
 */
public record Write(String by, NodeId node, long atMillis) {
  static Write of(Stamp stamp, Roster roster) {
    VerifyKey node = stamp.site().node();
    return new Write(name(node, roster), NodeId.of(node), stamp.hlc().millis());
  }

  static String name(VerifyKey node, Roster roster) {
    return KnownAs.in(roster).node(node);
  }
}
