package sh.fazt.mesh.node;

import java.util.List;
import java.util.Optional;
import sh.fazt.mesh.Mesh;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.identity.SigningKey;
import sh.fazt.mesh.roster.Invitation;
import sh.fazt.mesh.roster.InviteId;
import sh.fazt.mesh.roster.InviteToken;
import sh.fazt.mesh.roster.Member;
import sh.fazt.mesh.roster.Role;
import sh.fazt.mesh.roster.Roster;

/** Makes and revokes invitations, with or without a node that runs. */
public final class Invites {
  private Invites() {}

  /**
   * Makes an invitation.
   *
   * @param persona the key of a persona that owns a full member
   * @param addresses where this node is reached, {@code HOST:PORT}
   * @throws MeshException NOT_A_MEMBER if the persona owns none; TABLE_UNSUPPORTED if no joiner can
   *     be told of a table, for its text is too long
   */
  public static InviteCode make(
      Mesh mesh, SigningKey persona, long ttlMillis, Role role, List<String> addresses) {
    Roster roster = mesh.membership().roster();
    boolean owner =
        roster.members().stream()
            .filter(Member::active)
            .anyMatch(
                member ->
                    member.role() == Role.FULL && member.persona().equals(persona.verifyKey()));
    if (!owner) {
      throw new MeshException(
          ErrorCode.NOT_A_MEMBER,
          "the persona of this machine owns no full member of this mesh and cannot invite",
          "fazt identity show");
    }
    mesh.preview();
    long expires = mesh.ambient().now() + ttlMillis;
    InviteToken token =
        mesh.membership()
            .invite(persona, mesh.nodeKey().verifyKey(), expires, role, mesh.ambient());
    List<String> urls = addresses.stream().map(address -> "https://" + address).toList();
    return new InviteCode(token, urls, expires);
  }

  /**
   * Takes an invitation back.
   *
   * @throws MeshException TOKEN_UNKNOWN if it is not open
   */
  public static InviteId revoke(Mesh mesh, InviteId invite, SigningKey persona) {
    return revoke(mesh, Optional.of(invite), persona);
  }

  /**
   * Takes the latest open invitation back.
   *
   * @throws MeshException TOKEN_UNKNOWN if none is open
   */
  public static InviteId revokeLatest(Mesh mesh, SigningKey persona) {
    return revoke(mesh, Optional.empty(), persona);
  }

  private static InviteId revoke(Mesh mesh, Optional<InviteId> named, SigningKey persona) {
    List<Invitation> open =
        mesh.membership().roster().invitations().stream()
            .filter(invitation -> invitation.state() == Invitation.State.OPEN)
            .filter(invitation -> invitation.issuer().equals(persona.verifyKey()))
            .filter(invitation -> named.map(invitation.terms().id()::equals).orElse(true))
            .toList();
    if (open.isEmpty()) {
      throw new MeshException(
          ErrorCode.TOKEN_UNKNOWN,
          "no open invitation" + named.map(id -> " " + id).orElse(""),
          "fazt mesh invite");
    }
    InviteId revoked = open.get(open.size() - 1).terms().id();
    mesh.membership().revoke(revoked, persona);
    return revoked;
  }
}
