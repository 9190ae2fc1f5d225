package sh.fazt.mesh.roster;

import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.identity.MeshId;
import sh.fazt.mesh.identity.SigningKey;
import sh.fazt.mesh.identity.VerifyKey;

/**
 * Everything that an invitation's key signs, so that a proof fits one joiner, one server, one
 * exchange and one purpose.
 *
 * @param server the node key that the link leads to
 */
public record JoinTranscript(
    Purpose purpose,
    MeshId mesh,
    InviteId invite,
    VerifyKey server,
    Applicant applicant,
    Nonces nonces) {
  static final String CONTEXT = "invite";

  private static final int VERSION = 1;

  /** The proof: 64 bytes. */
  public Bytes sign(SigningKey proofKey) {
    return proofKey.sign(CONTEXT, encoded());
  }

  /** Whether {@code proof} was made with the private half of {@code inviteKey}. */
  public boolean proves(VerifyKey inviteKey, Bytes proof) {
    return inviteKey.verifies(CONTEXT, encoded(), proof);
  }

  /** The signed bytes. */
  Bytes encoded() {
    return new ByteWriter()
        .u8(VERSION)
        .u8(purpose.code())
        .raw(mesh.founding().value())
        .raw(invite.value())
        .raw(server.value())
        .raw(applicant.node().value())
        .raw(applicant.persona().value())
        .raw(nonces.server())
        .raw(nonces.joiner())
        .text(applicant.nodeName())
        .text(applicant.personaName())
        .toBytes();
  }
}
