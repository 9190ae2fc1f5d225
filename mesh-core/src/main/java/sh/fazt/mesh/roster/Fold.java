package sh.fazt.mesh.roster;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.identity.MeshId;
import sh.fazt.mesh.identity.VerifyKey;

/**
 * The rules of membership: one walk over the operations in the order of their {@link Lineage}. An
 * operation that its signer may not do is ignored with a reason. Confined.
 */
final class Fold {
  /* Why one walk is enough. Every rule looks at what stands earlier in the order, which every node
   * finds alike, but for one: a revocation that did not know of an admission beats it, though
   * it may stand later. That needs no more than the signature of the invitation's own issuer, so it
   * rests on nothing that the admission could change. */

  private final MeshId mesh;
  private final Lineage lineage;
  private final Map<VerifyKey, Member> members = new LinkedHashMap<>();
  private final Map<Hash, Invitation> invitations = new LinkedHashMap<>();
  private final Map<InviteId, Hash> invitationOf = new HashMap<>();
  private final Map<InviteId, List<SignedOp>> revocations = new HashMap<>();
  private final Map<SignedOp, String> ignored = new LinkedHashMap<>();
  private int added;

  Fold(MeshId mesh, Lineage lineage) {
    this.mesh = mesh;
    this.lineage = lineage;
  }

  void run() {
    for (SignedOp operation : lineage.ordered()) {
      if (operation.operation() instanceof Operation.Revoke revoke) {
        revocations.computeIfAbsent(revoke.invite(), any -> new ArrayList<>()).add(operation);
      }
    }
    for (SignedOp operation : lineage.ordered()) {
      String objection = operation.mesh().equals(mesh) ? take(operation) : "of another mesh";
      if (objection != null) {
        ignored.put(operation, objection);
      }
    }
  }

  /** By node key, seniors first. */
  Map<VerifyKey, Member> members() {
    return members;
  }

  /** By id, in the order of the operations. */
  Map<InviteId, Invitation> invitations() {
    Map<InviteId, Invitation> named = new LinkedHashMap<>();
    invitations.values().forEach(invitation -> named.put(invitation.terms().id(), invitation));
    return named;
  }

  Map<SignedOp, String> ignored() {
    return ignored;
  }

  /** Lets one operation act, or says why it may not. */
  private @Nullable String take(SignedOp signed) {
    Operation operation = signed.operation();
    if (operation instanceof Operation.Found found) {
      return found(signed, found);
    } else if (operation instanceof Operation.Invite invite) {
      return invite(signed, invite);
    } else if (operation instanceof Operation.Add add) {
      return add(signed, add);
    } else if (operation instanceof Operation.Leave) {
      return leave(signed);
    } else if (operation instanceof Operation.Revoke revoke) {
      return revoke(signed, revoke);
    } else if (operation instanceof Operation.Unknown unknown) {
      return "of kind " + unknown.kind() + ", which this version does not know";
    }
    throw new AssertionError("unhandled " + operation);
  }

  private @Nullable String found(SignedOp signed, Operation.Found found) {
    if (!signed.signer().equals(found.persona())) {
      return "not signed by the founding persona";
    }
    seat(found.node(), found.nodeName(), found.persona(), found.personaName(), Role.FULL);
    return null;
  }

  private @Nullable String invite(SignedOp signed, Operation.Invite invite) {
    if (members.values().stream().noneMatch(member -> mayAdmit(member, signed.signer()))) {
      return "not signed by the persona of a full member";
    }
    if (invitationOf.putIfAbsent(invite.id(), signed.hash()) != null) {
      return "its id is taken";
    }
    Invitation.State state = Invitation.State.OPEN;
    invitations.put(signed.hash(), new Invitation(signed.hash(), invite, signed.signer(), state));
    return null;
  }

  private static boolean mayAdmit(Member member, VerifyKey persona) {
    return member.active() && member.role() == Role.FULL && member.persona().equals(persona);
  }

  private @Nullable String add(SignedOp signed, Operation.Add add) {
    Invitation invitation = invitations.get(add.invite());
    if (invitation == null) {
      return "without an invitation";
    }
    Optional<String> objection = objection(signed, add, invitation);
    if (objection.isPresent()) {
      return objection.get();
    }
    invitations.put(add.invite(), invitation.in(Invitation.State.SPENT));
    Applicant joiner = add.applicant();
    Role role = invitation.terms().role();
    seat(joiner.node(), joiner.nodeName(), joiner.persona(), joiner.personaName(), role);
    return null;
  }

  private Optional<String> objection(SignedOp signed, Operation.Add add, Invitation invitation) {
    Member server = members.get(signed.signer());
    if (server == null || !server.active() || server.role() != Role.FULL) {
      return Optional.of("not signed by a full member");
    }
    if (invitation.state() != Invitation.State.OPEN || revokedUnseen(signed, invitation)) {
      return Optional.of("its invitation is spent or revoked");
    }
    Member known = members.get(add.applicant().node());
    if (known != null && known.active()) {
      return Optional.of("already a member");
    }
    InviteId id = invitation.terms().id();
    JoinTranscript transcript =
        new JoinTranscript(Purpose.JOIN, mesh, id, signed.signer(), add.applicant(), add.nonces());
    return transcript.proves(invitation.terms().key(), add.proof())
        ? Optional.empty()
        : Optional.of("without the invitation's proof");
  }

  /** Whether the issuer took the invitation back without knowing of {@code add}. */
  private boolean revokedUnseen(SignedOp add, Invitation invitation) {
    return revocations.getOrDefault(invitation.terms().id(), List.of()).stream()
        .anyMatch(
            revocation ->
                revocation.signer().equals(invitation.issuer())
                    && !lineage.follows(revocation, add));
  }

  private @Nullable String leave(SignedOp signed) {
    Member member = members.get(signed.signer());
    if (member == null || !member.active()) {
      return "not signed by a member";
    }
    members.put(member.node(), member.gone());
    return null;
  }

  private @Nullable String revoke(SignedOp signed, Operation.Revoke revoke) {
    Hash operation = invitationOf.get(revoke.invite());
    Invitation invitation = operation == null ? null : invitations.get(operation);
    if (invitation == null || !signed.signer().equals(invitation.issuer())) {
      return "not signed by who invited";
    }
    if (invitation.state() == Invitation.State.OPEN) {
      invitations.put(invitation.operation(), invitation.in(Invitation.State.REVOKED));
    }
    return null;
  }

  private void seat(VerifyKey node, String name, VerifyKey persona, String personaName, Role role) {
    members.remove(node);
    members.put(node, new Member(node, name, persona, personaName, role, added++, false));
  }
}
