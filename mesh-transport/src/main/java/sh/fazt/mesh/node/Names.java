package sh.fazt.mesh.node;

import java.util.List;
import java.util.stream.Collectors;
import sh.fazt.mesh.Mesh;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
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

  /**
   * The member of that name or id, alone.
   *
   * @throws MeshException PEER_UNKNOWN
   */
  static List<Member> members(List<Member> all, String peer) {
    List<Member> named =
        all.stream().filter(m -> m.name().equals(peer) || m.id().text().equals(peer)).toList();
    if (named.isEmpty()) {
      throw new MeshException(
          ErrorCode.PEER_UNKNOWN,
          "no member is called "
              + peer
              + "; there are: "
              + all.stream().map(Member::name).collect(Collectors.joining(", ")),
          "fazt mesh peers");
    }
    if (named.size() > 1) {
      throw new MeshException(
          ErrorCode.PEER_UNKNOWN,
          "%s members are called %s; name one by its id: ".formatted(named.size(), peer)
              + named.stream().map(member -> member.id().text()).collect(Collectors.joining(", ")),
          "fazt mesh peers");
    }
    return named;
  }
}
