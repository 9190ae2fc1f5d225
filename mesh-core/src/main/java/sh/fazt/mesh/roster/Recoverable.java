package sh.fazt.mesh.roster;

import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.identity.VerifyKey;

/**
 * The key of the persona that founded a mesh, and who may replace it.
 *
 * @param persona as it is now
 * @param recovery the hash of the recovery key; {@link Hash#ZERO} if there is none
 */
public record Recoverable(VerifyKey persona, Hash recovery) {
  /** Whether there is a recovery key at all. */
  public boolean isPossible() {
    return !recovery.equals(Hash.ZERO);
  }
}
