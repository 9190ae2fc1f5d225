package sh.fazt.mesh.roster;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import sh.fazt.mesh.identity.VerifyKey;

/**
 * Removals and restrictions taken as effective: what they leave of the acts of those whom they
 * concern. Immutable.
 */
final class Removals {
  private final Lineage lineage;
  private final Map<VerifyKey, List<SignedOp>> byNode = new HashMap<>();
  private final Map<SignedOp, BitSet> known;

  /**
   * @param known what each signer knew of, as {@link Lineage#known} tells; kept from one to the
   *     next
   */
  Removals(Lineage lineage, Iterable<SignedOp> effective, Map<SignedOp, BitSet> known) {
    this.lineage = lineage;
    this.known = known;
    for (SignedOp removal : effective) {
      target(removal)
          .ifPresent(node -> byNode.computeIfAbsent(node, any -> new ArrayList<>()).add(removal));
    }
  }

  /** The node that an operation removes or restricts, if it does. */
  static Optional<VerifyKey> target(SignedOp operation) {
    if (operation.operation() instanceof Remove remove) {
      return Optional.of(remove.node());
    } else if (operation.operation() instanceof ChangeRole change && change.restricts()) {
      return Optional.of(change.node());
    }
    return Optional.empty();
  }

  boolean has(SignedOp removal) {
    return target(removal).filter(node -> of(node).contains(removal)).isPresent();
  }

  /** The removals of {@code node} whose signers did not know of {@code act}. */
  boolean removesUnknown(VerifyKey node, SignedOp act) {
    return unaware(node, act).anyMatch(each -> each.operation() instanceof Remove);
  }

  /** What was done to {@code node} by signers who did not know of {@code act}. */
  Stream<SignedOp> unaware(VerifyKey node, SignedOp act) {
    return of(node).stream().filter(each -> !knows(each, act));
  }

  /** The restrictions of {@code node} of which {@code act} does not know, nor they of it. */
  boolean restrictsBeside(VerifyKey node, SignedOp act) {
    return unaware(node, act).anyMatch(each -> !lineage.follows(act, each));
  }

  private boolean knows(SignedOp removal, SignedOp act) {
    return known.computeIfAbsent(removal, lineage::known).get(lineage.place(act));
  }

  private List<SignedOp> of(VerifyKey node) {
    return byNode.getOrDefault(node, List.of());
  }
}
