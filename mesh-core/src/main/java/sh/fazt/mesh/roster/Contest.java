package sh.fazt.mesh.roster;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import sh.fazt.mesh.identity.MeshId;

/**
 * Finds which removals, and which restrictions of a role, are effective, from the set of operations
 * alone. One use.
 *
 * <p>A removal is, if its signer may remove even were all others effective that might be. It is
 * not, if its signer may not though only those are that certainly are. What is left contradicts
 * itself, as two members that remove each other: then the most senior signer's is effective, by the
 * order of adds, then by the order of the operations; and so on.
 */
final class Contest {
  private final MeshId mesh;
  private final Lineage lineage;
  private final Rotations rotations;
  private final Proofs proofs = new Proofs();
  private final Map<SignedOp, BitSet> known = new HashMap<>();
  private final Set<SignedOp> effective = new LinkedHashSet<>();
  private final List<SignedOp> open = new ArrayList<>();

  Contest(MeshId mesh, Lineage lineage) {
    this.mesh = mesh;
    this.lineage = lineage;
    this.rotations = new Rotations(mesh, lineage);
    for (SignedOp operation : lineage.ordered()) {
      if (Removals.target(operation).isPresent() && operation.mesh().equals(mesh)) {
        open.add(operation);
      }
    }
  }

  /** The walk with just the effective removals. */
  Fold settle() {
    int picks = 0;
    while (!open.isEmpty() && picks < RosterLimits.CONTESTED_MAX) {
      int before = open.size();
      List<SignedOp> all = new ArrayList<>(effective);
      all.addAll(open);
      Fold worst = walk(all);
      Fold best = walk(effective);
      effective.addAll(
          open.stream().filter(removal -> worst.authority(removal).isPresent()).toList());
      open.removeIf(effective::contains);
      open.removeIf(removal -> best.authority(removal).isEmpty());
      if (open.size() == before) {
        picks++;
        senior(best).ifPresent(effective::add);
        open.removeIf(effective::contains);
      }
    }
    return walk(effective);
  }

  private Optional<SignedOp> senior(Fold fold) {
    return open.stream()
        .min(
            Comparator.comparingInt((SignedOp removal) -> fold.authority(removal).orElseThrow())
                .thenComparingInt(lineage::place));
  }

  private Fold walk(Iterable<SignedOp> removals) {
    Removals chosen = new Removals(lineage, removals, known);
    return new Fold(mesh, lineage, chosen, rotations, proofs).run();
  }
}
