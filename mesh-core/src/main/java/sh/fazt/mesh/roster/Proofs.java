package sh.fazt.mesh.roster;

import java.util.HashMap;
import java.util.Map;
import sh.fazt.mesh.identity.MeshId;

/** Which admissions hold their invitation's proof; each is checked once. Confined. */
final class Proofs {
  private final Map<SignedOp, Boolean> checked = new HashMap<>();

  /**
   * @param terms of the invitation that {@code add} names by its hash
   */
  boolean proves(MeshId mesh, SignedOp signed, Operation.Add add, Operation.Invite terms) {
    return checked.computeIfAbsent(
        signed,
        any ->
            new JoinTranscript(
                    Purpose.JOIN, mesh, terms.id(), signed.signer(), add.applicant(), add.nonces())
                .proves(terms.key(), add.proof()));
  }
}
