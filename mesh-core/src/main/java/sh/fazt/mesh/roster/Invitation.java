package sh.fazt.mesh.roster;

import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.identity.VerifyKey;

/**
 * An invitation as the roster knows it.
 *
 * @param operation the hash of the operation that made it
 * @param issuer the persona that signed it
 * @param state whether it can still admit anybody; its time is for the server's clock to judge
 */
public record Invitation(Hash operation, Operation.Invite terms, VerifyKey issuer, State state) {

  /** What became of an invitation. */
  public enum State {
    OPEN,
    SPENT,
    REVOKED
  }

  Invitation in(State next) {
    return new Invitation(operation, terms, issuer, next);
  }
}
