package sh.fazt.mesh.node;

import java.util.List;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.identity.VerifyKey;
import sh.fazt.mesh.roster.Member;
import sh.fazt.mesh.roster.Roster;

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
   * @throws MeshException PEER_UNKNOWN if there is none, or several of that name
   */
  public static Member named(Roster roster, VerifyKey self, String peer) {
    return Names.members(of(roster, self), peer).get(0);
  }
}
