package sh.fazt.mesh.roster;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import sh.fazt.mesh.identity.VerifyKey;

/** Removals taken as effective: what they leave of the acts of those they remove. Immutable. */
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
      byNode
          .computeIfAbsent(((Remove) removal.operation()).node(), node -> new ArrayList<>())
          .add(removal);
    }
  }

  boolean has(SignedOp removal) {
    return of(((Remove) removal.operation()).node()).contains(removal);
  }

  /** Whether an act for {@code node} stands: whoever removed that node knew of it. */
  boolean spares(VerifyKey node, SignedOp act) {
    return of(node).stream()
        .allMatch(
            removal -> known.computeIfAbsent(removal, lineage::known).get(lineage.place(act)));
  }

  private List<SignedOp> of(VerifyKey node) {
    return byNode.getOrDefault(node, List.of());
  }
}
