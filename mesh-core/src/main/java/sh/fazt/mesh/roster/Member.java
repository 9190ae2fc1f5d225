package sh.fazt.mesh.roster;

import sh.fazt.mesh.identity.NodeId;
import sh.fazt.mesh.identity.VerifyKey;

/**
 * A node that was admitted.
 *
 * @param node its key
 * @param persona its owner's key
 * @param seniority 0 for the founder, then in the order in which members were added
 * @param standing whether it has gone since
 */
public record Member(
    VerifyKey node,
    String name,
    VerifyKey persona,
    String personaName,
    Role role,
    int seniority,
    Standing standing) {
  public NodeId id() {
    return NodeId.of(node);
  }

  /** Whether it is in the mesh now. */
  public boolean active() {
    return standing == Standing.PRESENT;
  }

  /** Whether it was removed, for good. */
  public boolean removed() {
    return standing == Standing.REMOVED;
  }

  Member as(Role next) {
    return new Member(node, name, persona, personaName, next, seniority, standing);
  }

  Member ownedBy(VerifyKey next) {
    return new Member(node, name, next, personaName, role, seniority, standing);
  }

  Member in(Standing next) {
    return new Member(node, name, persona, personaName, role, seniority, next);
  }
}
