package sh.fazt.mesh.roster;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.identity.MeshId;
import sh.fazt.mesh.identity.VerifyKey;

/**
 * Which replacements of the founding persona's key are effective, and what they leave of the acts
 * of those whom they concern. Immutable.
 *
 * <p>They form a chain: the founding names a key and commits to a recovery key; that one names the
 * next of either. Of several replacements of one key the first in the order of the {@link Lineage}
 * counts. So they follow from the operations alone, whoever is a member, and nothing beats them.
 */
final class Rotations {
  private final Lineage lineage;
  private final Map<VerifyKey, SignedOp> byPersona = new HashMap<>();
  private final Map<SignedOp, BitSet> known = new HashMap<>();
  private Optional<Recoverable> current = Optional.empty();

  Rotations(MeshId mesh, Lineage lineage) {
    this.lineage = lineage;
    for (SignedOp operation : lineage.ordered()) {
      if (operation.hash().equals(mesh.founding())
          && operation.operation() instanceof Operation.Found found
          && operation.signer().equals(found.persona())) {
        current = Optional.of(new Recoverable(found.persona(), found.recovery()));
      } else if (operation.mesh().equals(mesh)
          && operation.operation() instanceof Rotate rotate
          && continues(operation, rotate)) {
        known.put(operation, lineage.known(operation));
        byPersona.put(rotate.persona(), operation);
        current = Optional.of(new Recoverable(rotate.next(), rotate.recovery()));
      }
    }
  }

  /* One pass finds the chain, since each link stands behind the one that it follows. A key that was
   * replaced never comes back. */
  private boolean continues(SignedOp operation, Rotate rotate) {
    Hash revealed = operation.signer().fingerprint();
    return current
            .filter(now -> now.equals(new Recoverable(rotate.persona(), revealed)))
            .isPresent()
        && !byPersona.containsKey(rotate.next())
        && known.keySet().stream().allMatch(before -> lineage.follows(operation, before));
  }

  /** The founding persona's key as it is now, and what may replace it. */
  Optional<Recoverable> current() {
    return current;
  }

  boolean has(SignedOp operation) {
    return known.containsKey(operation);
  }

  /** Whether a persona's key was replaced by a signer who did not know of {@code act}. */
  boolean voids(VerifyKey persona, SignedOp act) {
    SignedOp replaced = byPersona.get(persona);
    return replaced != null && !knows(replaced, act);
  }

  /**
   * Whether a node was put out with its persona's key, then or later, by a signer who did not know
   * of {@code act}.
   *
   * @param member as it is where {@code act} stands
   */
  boolean voids(Member member, SignedOp act) {
    SignedOp replaced = byPersona.get(member.persona());
    while (replaced != null && replaced.operation() instanceof Rotate rotate) {
      if (!rotate.keeps(member.node())) {
        return !knows(replaced, act);
      }
      replaced = byPersona.get(rotate.next());
    }
    return false;
  }

  boolean knows(SignedOp rotation, SignedOp act) {
    BitSet places = known.get(rotation);
    return places != null && places.get(lineage.place(act));
  }
}
