package sh.fazt.mesh.roster;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.crdt.MergePolicy;
import sh.fazt.mesh.identity.MeshId;
import sh.fazt.mesh.identity.SigningKey;
import sh.fazt.mesh.identity.VerifyKey;

/**
 * Who is a member: the fold of a set of signed operations. Equal sets give equal rosters, whatever
 * the order in which they came. Immutable.
 *
 * <p>Two adds by one invitation admit one node, the first by depth in the DAG, then by hash. A
 * revocation beats an add that it did not know of. A removal is for good, and beats whatever the
 * removed did that it did not know of; where two members remove each other, the senior stays.
 */
public final class Roster {
  private final MeshId mesh;
  private final Lineage lineage;
  private final Fold fold;
  private final Authors authors;

  private Roster(MeshId mesh, Lineage lineage, Fold fold) {
    this.mesh = mesh;
    this.lineage = lineage;
    this.fold = fold;
    this.authors = Authors.of(fold);
  }

  public static Roster fold(MeshId mesh, Collection<SignedOp> operations) {
    Lineage lineage = new Lineage(operations);
    return new Roster(mesh, lineage, new Contest(mesh, lineage).settle());
  }

  public MeshId mesh() {
    return mesh;
  }

  /** Everyone ever admitted, seniors first, those who left included. */
  public List<Member> members() {
    return List.copyOf(fold.members().values());
  }

  /** The member with this node key, also if it has left. */
  public Optional<Member> member(VerifyKey node) {
    return Optional.ofNullable(fold.members().get(node));
  }

  /** Whether {@code node} is in the mesh now. */
  public boolean admits(VerifyKey node) {
    return member(node).filter(Member::active).isPresent();
  }

  /** Whether {@code node} is in the mesh now, in this role. */
  public boolean admits(VerifyKey node, Role role) {
    return member(node).filter(member -> member.active() && member.role() == role).isPresent();
  }

  /** Whether a node that is in the mesh now is called so, in capitals or not. */
  public boolean hasNamed(String name) {
    return fold.members().values().stream()
        .anyMatch(member -> member.active() && member.name().equalsIgnoreCase(name));
  }

  /** What {@code node} may do; {@link Role#FULL} if it is no member, and goes on by itself. */
  public Role roleOf(VerifyKey node) {
    return member(node).filter(Member::active).map(Member::role).orElse(Role.FULL);
  }

  /** Whether {@code node} was removed: it can never come back. */
  public boolean hasRemoved(VerifyKey node) {
    return fold.removed().contains(node);
  }

  /** How columns merge. */
  public MergePolicy policy() {
    return fold.policy();
  }

  /** Whose batches count, and of those who may write no more, how far. */
  public Authors authors() {
    return authors;
  }

  /** The name of a persona that removed {@code node}, if one did. */
  public Optional<String> removerOf(VerifyKey node) {
    return removalsOf(node)
        .flatMap(removal -> members().stream().filter(member -> hasSigned(member, removal, node)))
        .map(Member::personaName)
        .findFirst();
  }

  /** Whoever replaces the key of a persona is that persona. */
  private static boolean hasSigned(Member member, SignedOp removal, VerifyKey node) {
    return removal.operation() instanceof Rotate
        ? member.node().equals(node)
        : member.persona().equals(removal.signer());
  }

  private Stream<SignedOp> removalsOf(VerifyKey node) {
    Stream<SignedOp> removals =
        lineage.ordered().stream()
            .filter(each -> !fold.ignored().containsKey(each))
            .filter(
                each -> each.operation() instanceof Remove remove && remove.node().equals(node));
    return Stream.concat(removals, fold.putOutBy(node).stream());
  }

  /** What shows whoever knows this mesh that {@code node} was removed, in causal order. */
  public List<SignedOp> proofOfRemoval(VerifyKey node) {
    BitSet needed = new BitSet();
    List<SignedOp> ordered = lineage.ordered();
    removalsOf(node).forEach(removal -> needed.or(lineage.known(removal)));
    return needed.stream().mapToObj(ordered::get).toList();
  }

  /** Every invitation ever made, in order. */
  public List<Invitation> invitations() {
    return List.copyOf(fold.invitations().values());
  }

  public Optional<Invitation> invitation(InviteId id) {
    return Optional.ofNullable(fold.invitations().get(id));
  }

  /** The operations, each behind all that it follows; those that wait are not among them. */
  public List<SignedOp> operations() {
    return lineage.ordered();
  }

  /** The operations without effect, and why. */
  public Map<SignedOp, String> ignored() {
    return Map.copyOf(fold.ignored());
  }

  /** The operations that follow something not known yet. */
  public List<SignedOp> waiting() {
    return lineage.waiting();
  }

  /** The founding persona's key as it is now, and who may replace it. */
  public Optional<Recoverable> recoverable() {
    return fold.recoverable();
  }

  /**
   * Signs a replacement of a persona's key. It follows all that is known here but what the old key
   * did to the nodes that are kept, and what follows that.
   *
   * @param recovery the key that was committed to
   */
  public SignedOp next(Rotate rotate, SigningKey recovery) {
    Set<Hash> passedOver = new HashSet<>();
    for (SignedOp operation : lineage.ordered()) {
      boolean against =
          operation.signer().equals(rotate.persona())
              && Removals.target(operation).filter(rotate::keeps).isPresent();
      if (against || operation.needs().stream().anyMatch(passedOver::contains)) {
        passedOver.add(operation.hash());
      }
    }
    return SignedOp.sign(mesh, heads(passedOver), rotate, recovery);
  }

  /** Signs {@code operation} so that it follows all that is known here. */
  public SignedOp next(Operation operation, SigningKey signer) {
    return SignedOp.sign(mesh, heads(Set.of()), operation, signer);
  }

  /** This with one operation more. */
  public Roster with(SignedOp operation) {
    List<SignedOp> more = new ArrayList<>(lineage.ordered());
    more.addAll(lineage.waiting());
    more.add(operation);
    return fold(mesh, more);
  }

  /** The operations that nothing effective follows; the latest of them if they are too many. */
  private List<Hash> heads(Set<Hash> passedOver) {
    Set<Hash> followed = new HashSet<>();
    List<Hash> heads = new ArrayList<>();
    List<SignedOp> ordered = lineage.ordered();
    for (int i = ordered.size() - 1; i >= 0; i--) {
      SignedOp operation = ordered.get(i);
      if (fold.ignored().containsKey(operation) || passedOver.contains(operation.hash())) {
        continue;
      }
      if (!followed.contains(operation.hash()) && heads.size() < RosterLimits.PARENTS_MAX) {
        heads.add(operation.hash());
      }
      followed.addAll(operation.needs());
    }
    return heads;
  }

  /** Rosters are equal if the same operations have the same effect. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Roster that
        && mesh.equals(that.mesh)
        && operations().equals(that.operations())
        && waiting().equals(that.waiting());
  }

  @Override
  public int hashCode() {
    return operations().hashCode();
  }

  @Override
  public String toString() {
    return "roster of mesh " + mesh + ": " + members();
  }
}
