package sh.fazt.mesh.roster;

import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.identity.Chance;
import sh.fazt.mesh.identity.SigningKey;

/**
 * Admits a node as two do it over a link, without one.
 *
 * @param server the key of the member that admits
 */
public record Admitter(SigningKey server, Chance chance) {
  /** The operation by which the joiner becomes a member, with a token that the roster knows. */
  public SignedOp add(Roster roster, InviteToken token, Applicant joiner) {
    return add(roster, token, joiner, Purpose.JOIN);
  }

  SignedOp add(Roster roster, InviteToken token, Applicant joiner, Purpose purpose) {
    Nonces nonces = new Nonces(chance.bytes(32), chance.bytes(32));
    JoinTranscript transcript =
        new JoinTranscript(
            purpose, roster.mesh(), token.invite(), server.verifyKey(), joiner, nonces);
    Hash invite = roster.invitation(token.invite()).orElseThrow().operation();
    return roster.next(
        new Operation.Add(invite, joiner, nonces, transcript.sign(token.proofKey())), server);
  }
}
