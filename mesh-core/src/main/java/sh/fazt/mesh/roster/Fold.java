package sh.fazt.mesh.roster;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import sh.fazt.mesh.crdt.MergePolicy;
import sh.fazt.mesh.identity.MeshId;
import sh.fazt.mesh.identity.VerifyKey;

/**
 * The rules of membership: one walk over the operations in the order of their {@link Lineage}, with
 * those removals effective that {@link Contest} has found to be. An operation that its signer may
 * not do is ignored with a reason. Confined.
 */
final class Fold {
  /* Why one walk is enough. Every rule looks at what stands earlier in the order, which every node
   * finds alike, but for two. A revocation that did not know of an admission beats it, though it
   * may stand later; that needs no more than the signature of the invitation's own issuer, so it
   * rests on nothing that the admission could change. And a removal beats what the removed node did
   * without the remover's knowing, as a replacement of a persona's key beats what that key did;
   * which of these are effective is known before the walk. */

  private final MeshId mesh;
  private final Lineage lineage;
  private final Removals removals;
  private final Rotations rotations;
  private final Proofs proofs;
  private final Map<VerifyKey, Member> members = new LinkedHashMap<>();
  private final Invitations invitations;
  private final Map<SignedOp, String> ignored = new LinkedHashMap<>();
  private final Map<SignedOp, Integer> authorities = new HashMap<>();
  private final Map<VerifyKey, List<Heads>> heads = new HashMap<>();
  private final Map<MergePolicy.Name, Integer> merges = new HashMap<>();
  private final Set<VerifyKey> removed = new HashSet<>();
  private final Map<VerifyKey, SignedOp> putOut = new HashMap<>();
  private final Map<VerifyKey, List<SignedOp>> restored = new HashMap<>();
  private int added;

  Fold(MeshId mesh, Lineage lineage, Removals removals, Rotations rotations, Proofs proofs) {
    this.mesh = mesh;
    this.lineage = lineage;
    this.removals = removals;
    this.rotations = rotations;
    this.proofs = proofs;
    this.invitations = new Invitations(lineage, rotations);
  }

  Fold run() {
    for (SignedOp operation : lineage.ordered()) {
      String objection = operation.mesh().equals(mesh) ? take(operation) : "of another mesh";
      if (objection != null) {
        ignored.put(operation, objection);
      }
    }
    return this;
  }

  /** By node key, seniors first. */
  Map<VerifyKey, Member> members() {
    return members;
  }

  /** By id, in the order of the operations. */
  Map<InviteId, Invitation> invitations() {
    return invitations.byId();
  }

  Map<SignedOp, String> ignored() {
    return ignored;
  }

  /** How columns merge. */
  MergePolicy policy() {
    return new MergePolicy(merges);
  }

  /** The nodes that were removed, also those whose admission has no effect. */
  Set<VerifyKey> removed() {
    return removed;
  }

  /** The replacement of its persona's key by which a node was removed, if one did. */
  Optional<SignedOp> putOutBy(VerifyKey node) {
    return Optional.ofNullable(putOut.get(node));
  }

  /** The founding persona's key as it is now, and what may replace it. */
  Optional<Recoverable> recoverable() {
    return rotations.current();
  }

  /**
   * The seniority of the member for which a removal was signed; none if its signer may not remove.
   */
  OptionalInt authority(SignedOp removal) {
    Integer seniority = authorities.get(removal);
    return seniority == null ? OptionalInt.empty() : OptionalInt.of(seniority);
  }

  /** What full members are on record to have held of a node's batches. */
  List<Heads> heads(VerifyKey node) {
    return heads.getOrDefault(node, List.of());
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
      return invitations.revoke(signed, revoke);
    } else if (operation instanceof Remove remove) {
      return remove(signed, remove);
    } else if (operation instanceof ChangeRole change) {
      return role(signed, change);
    } else if (operation instanceof Retire retire) {
      return retire(signed, retire);
    } else if (operation instanceof Rotate rotate) {
      return rotate(signed, rotate);
    } else if (operation instanceof ChooseMerge choice) {
      return choose(signed, choice);
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
    if (fullMembersOf(signed).findAny().isEmpty()) {
      return "not signed by the persona of a full member";
    }
    return invitations.open(signed, invite);
  }

  /** The members for which the persona that signed may act, as far as who removed them knew. */
  private Stream<Member> fullMembersOf(SignedOp act) {
    return members.values().stream()
        .filter(member -> member.persona().equals(act.signer()) && mayAct(member, act))
        .filter(member -> !rotations.voids(member.persona(), act));
  }

  private boolean mayAct(Member member, SignedOp act) {
    return member.active()
        && member.role() == Role.FULL
        && !rotations.voids(member, act)
        && removals.unaware(member.node(), act).allMatch(each -> isOver(each, member.node(), act));
  }

  /** Whether {@code act} follows an operation that gave a restricted node its rights back. */
  private boolean isOver(SignedOp removal, VerifyKey node, SignedOp act) {
    return removal.operation() instanceof ChangeRole
        && restored.getOrDefault(node, List.of()).stream()
            .anyMatch(given -> lineage.follows(given, removal) && lineage.follows(act, given));
  }

  private @Nullable String add(SignedOp signed, Operation.Add add) {
    Optional<Invitation> named = invitations.of(add.invite());
    if (named.isEmpty()) {
      return "without an invitation";
    }
    Invitation invitation = named.get();
    Optional<String> objection = objection(signed, add, invitation);
    if (objection.isPresent()) {
      return objection.get();
    }
    invitations.spend(invitation);
    Applicant joiner = add.applicant();
    Role role = invitation.terms().role();
    seat(joiner.node(), joiner.nodeName(), joiner.persona(), joiner.personaName(), role);
    restore(joiner.node(), role, signed);
    return null;
  }

  private void restore(VerifyKey node, Role role, SignedOp by) {
    if (role == Role.FULL) {
      restored.computeIfAbsent(node, any -> new ArrayList<>()).add(by);
    }
  }

  private Optional<String> objection(SignedOp signed, Operation.Add add, Invitation invitation) {
    Member server = members.get(signed.signer());
    if (server == null || !mayAct(server, signed)) {
      return Optional.of("not signed by a full member");
    }
    if (!invitations.isGood(invitation, signed)) {
      return Optional.of("its invitation is spent or revoked");
    }
    if (rotations.voids(add.applicant().persona(), signed)) {
      return Optional.of("of a persona whose key was replaced");
    }
    if (removals.removesUnknown(add.applicant().node(), signed) || wasPutOut(add, signed)) {
      return Optional.of("of a node that was removed for good");
    }
    Member known = members.get(add.applicant().node());
    if (known != null && known.active()) {
      return Optional.of("already a member");
    }
    return proofs.proves(mesh, signed, add, invitation.terms())
        ? Optional.empty()
        : Optional.of("without the invitation's proof");
  }

  private boolean wasPutOut(Operation.Add add, SignedOp signed) {
    return putOutBy(add.applicant().node())
        .filter(rotation -> !rotations.knows(rotation, signed))
        .isPresent();
  }

  private @Nullable String leave(SignedOp signed) {
    Member member = members.get(signed.signer());
    if (member == null || !member.active()) {
      return "not signed by a member";
    }
    members.put(member.node(), member.in(Standing.LEFT));
    return null;
  }

  private @Nullable String remove(SignedOp signed, Remove remove) {
    Member member = members.get(remove.node());
    noteAuthority(signed, remove.node());
    if (!removals.has(signed)) {
      return member == null
          ? "of a node that was never a member"
          : "not signed by the persona of another full member";
    }
    if (member != null) {
      members.put(member.node(), member.in(Standing.REMOVED));
    }
    removed.add(remove.node());
    heads.computeIfAbsent(remove.node(), node -> new ArrayList<>()).add(remove.heads());
    return null;
  }

  /** Takes note of whether, and with which seniority, a persona may act on that node. */
  private void noteAuthority(SignedOp signed, VerifyKey node) {
    OptionalInt authority =
        fullMembersOf(signed)
            .filter(owned -> !owned.node().equals(node))
            .mapToInt(Member::seniority)
            .min();
    if (members.containsKey(node) && authority.isPresent()) {
      authorities.put(signed, authority.getAsInt());
    }
  }

  private @Nullable String role(SignedOp signed, ChangeRole change) {
    Member member = members.get(change.node());
    noteAuthority(signed, change.node());
    if (member == null || !member.active()) {
      return "of a node that is no member";
    } else if (change.restricts() ? !removals.has(signed) : authority(signed).isEmpty()) {
      return "not signed by the persona of another full member";
    } else if (!change.restricts() && removals.restrictsBeside(change.node(), signed)) {
      return "its node was restricted meanwhile";
    }
    members.put(member.node(), member.as(change.role()));
    restore(member.node(), change.role(), signed);
    return null;
  }

  private @Nullable String retire(SignedOp signed, Retire retire) {
    Member member = members.get(signed.signer());
    if (member == null || !mayAct(member, signed)) {
      return "not signed by a full member";
    }
    heads.computeIfAbsent(retire.node(), node -> new ArrayList<>()).add(retire.heads());
    return null;
  }

  private @Nullable String choose(SignedOp signed, ChooseMerge choice) {
    Member member = members.get(signed.signer());
    if (member == null || !mayAct(member, signed)) {
      return "not signed by a full member";
    }
    merges.put(MergePolicy.Name.of(choice.table(), choice.column()), choice.type());
    return null;
  }

  private @Nullable String rotate(SignedOp signed, Rotate rotate) {
    if (!rotations.has(signed)) {
      return "not signed by the key that was committed to, or another was before it";
    }
    for (Member member : List.copyOf(members.values())) {
      if (member.persona().equals(rotate.persona())) {
        boolean kept = rotate.keeps(member.node());
        Member next = kept ? member.ownedBy(rotate.next()) : member.in(Standing.REMOVED);
        members.put(member.node(), next);
        if (!kept) {
          removed.add(member.node());
          putOut.put(member.node(), signed);
        }
      }
    }
    invitations.closeAll(rotate.persona());
    return null;
  }

  private void seat(VerifyKey node, String name, VerifyKey persona, String personaName, Role role) {
    members.remove(node);
    Member member = new Member(node, name, persona, personaName, role, added++, Standing.PRESENT);
    members.put(node, member);
  }
}
