package sh.fazt.mesh.roster;

import java.util.List;
import java.util.stream.Collectors;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.fault.NearName;
import sh.fazt.mesh.identity.VerifyKey;

/** The members besides a node itself. */
public final class OtherMembers {
  private OtherMembers() {}

  /** Seniors first; nobody, for a node that was removed. */
  public static List<Member> of(Roster roster, VerifyKey self) {
    return roster.hasRemoved(self)
        ? List.of()
        : roster.members().stream()
            .filter(member -> member.active() && !member.node().equals(self))
            .toList();
  }

  /**
   * The one of that name or id.
   *
   * @throws MeshException PEER_UNKNOWN if there is none, or several of that name, or if it is the
   *     node itself
   */
  public static Member named(Roster roster, VerifyKey self, String peer) {
    List<Member> others = of(roster, self);
    List<Member> named = others.stream().filter(member -> isCalled(member, peer)).toList();
    if (named.isEmpty()) {
      throw unknown(
          isSelf(roster, self, peer) ? peer + " is this node itself" : nobody(peer, others));
    } else if (named.size() > 1) {
      throw unknown(
          "%s members are called %s; name one by its id: ".formatted(named.size(), peer)
              + named.stream().map(member -> member.id().text()).collect(Collectors.joining(", ")));
    }
    return named.get(0);
  }

  /** Whether the node itself is meant, and no other. */
  public static boolean isSelf(Roster roster, VerifyKey self, String peer) {
    return of(roster, self).stream().noneMatch(member -> isCalled(member, peer))
        && roster.member(self).filter(member -> isCalled(member, peer)).isPresent();
  }

  private static boolean isCalled(Member member, String peer) {
    return member.name().equals(peer) || member.id().text().equals(peer);
  }

  private static String nobody(String peer, List<Member> others) {
    List<String> names = others.stream().map(Member::name).toList();
    return "no member is called "
        + peer
        + (names.isEmpty() ? "; there is no other" : "; there are: " + String.join(", ", names))
        + NearName.among(names, peer).map(near -> "; did you mean " + near + "?").orElse("");
  }

  private static MeshException unknown(String message) {
    return new MeshException(ErrorCode.PEER_UNKNOWN, message, "fazt mesh peers");
  }
}
