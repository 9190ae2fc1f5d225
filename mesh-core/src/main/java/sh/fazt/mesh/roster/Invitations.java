package sh.fazt.mesh.roster;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.identity.VerifyKey;

/** The invitations that one walk over the operations has met, and what became of them. Confined. */
final class Invitations {
  private final Lineage lineage;
  private final Rotations rotations;
  private final Map<Hash, Invitation> invitations = new LinkedHashMap<>();
  private final Map<InviteId, Hash> operationOf = new HashMap<>();
  private final Map<InviteId, List<SignedOp>> revocations = new HashMap<>();

  Invitations(Lineage lineage, Rotations rotations) {
    this.lineage = lineage;
    this.rotations = rotations;
    for (SignedOp operation : lineage.ordered()) {
      if (operation.operation() instanceof Operation.Revoke revoke
          && !rotations.voids(operation.signer(), operation)) {
        revocations.computeIfAbsent(revoke.invite(), any -> new ArrayList<>()).add(operation);
      }
    }
  }

  /** By id, in the order of the operations. */
  Map<InviteId, Invitation> byId() {
    Map<InviteId, Invitation> named = new LinkedHashMap<>();
    invitations.values().forEach(invitation -> named.put(invitation.terms().id(), invitation));
    return named;
  }

  /** The invitation that an operation made. */
  Optional<Invitation> of(Hash operation) {
    return Optional.ofNullable(invitations.get(operation));
  }

  @Nullable String open(SignedOp signed, Operation.Invite invite) {
    if (operationOf.putIfAbsent(invite.id(), signed.hash()) != null) {
      return "its id is taken";
    }
    Invitation.State state = Invitation.State.OPEN;
    invitations.put(signed.hash(), new Invitation(signed.hash(), invite, signed.signer(), state));
    return null;
  }

  void spend(Invitation invitation) {
    invitations.put(invitation.operation(), invitation.in(Invitation.State.SPENT));
  }

  /** Whether {@code add} may be made by {@code invitation}. */
  boolean isGood(Invitation invitation, SignedOp add) {
    return invitation.state() == Invitation.State.OPEN
        && !rotations.voids(invitation.issuer(), add)
        && revocations.getOrDefault(invitation.terms().id(), List.of()).stream()
            .filter(revocation -> revocation.signer().equals(invitation.issuer()))
            .allMatch(revocation -> lineage.follows(revocation, add));
  }

  @Nullable String revoke(SignedOp signed, Operation.Revoke revoke) {
    Hash operation = operationOf.get(revoke.invite());
    Invitation invitation = operation == null ? null : invitations.get(operation);
    if (invitation == null || !signed.signer().equals(invitation.issuer())) {
      return "not signed by who invited";
    } else if (rotations.voids(signed.signer(), signed)) {
      return "its signer's key was replaced";
    }
    close(invitation);
    return null;
  }

  /** Closes what {@code issuer} has left open. */
  void closeAll(VerifyKey issuer) {
    for (Invitation invitation : List.copyOf(invitations.values())) {
      if (invitation.issuer().equals(issuer)) {
        close(invitation);
      }
    }
  }

  private void close(Invitation invitation) {
    if (invitation.state() == Invitation.State.OPEN) {
      invitations.put(invitation.operation(), invitation.in(Invitation.State.REVOKED));
    }
  }
}
