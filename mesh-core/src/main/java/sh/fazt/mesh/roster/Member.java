package sh.fazt.mesh.roster;

import sh.fazt.mesh.identity.NodeId;
import sh.fazt.mesh.identity.VerifyKey;

/**
 * A node that was admitted.
 *
 * @param node its key
 * @param persona its owner's key
 * @param seniority 0 for the founder, then in the order in which members were added
 * @param left whether it has left since
 */
public record Member(
    VerifyKey node,
    String name,
    VerifyKey persona,
    String personaName,
    Role role,
    int seniority,
    boolean left) {
  public NodeId id() {
    return NodeId.of(node);
  }

  /** Whether it is in the mesh now. */
  public boolean active() {
    return !left;
  }

  Member gone() {
    return new Member(node, name, persona, personaName, role, seniority, true);
  }
}
