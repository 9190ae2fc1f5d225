package sh.fazt.mesh.node;

import sh.fazt.mesh.Mesh;
import sh.fazt.mesh.identity.NodeId;
import sh.fazt.mesh.identity.VerifyKey;
import sh.fazt.mesh.roster.Member;

/** What nodes are called. */
final class Names {
  private Names() {}

  /** The member's name, or the id of a node that is none. */
  static String of(Mesh mesh, VerifyKey node) {
    return mesh.membership()
        .roster()
        .member(node)
        .map(Member::name)
        .orElseGet(() -> NodeId.of(node).text());
  }
}
