package sh.fazt.mesh.roster;

import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.identity.Chance;
import sh.fazt.mesh.identity.MeshId;
import sh.fazt.mesh.identity.SigningKey;
import sh.fazt.mesh.identity.VerifyKey;

/**
 * What the inviter hands over: whom to call, and the secret that opens the door once. {@link #text}
 * is the secret itself and belongs in no log; {@link #toString} is harmless.
 *
 * @param meshPrefix the first 16 bytes of the mesh id
 * @param server the node that must answer
 * @param seed 16 secret bytes
 */
public record InviteToken(Bytes meshPrefix, Pin server, InviteId invite, Bytes seed) {
  private static final int VERSION = 1;
  private static final int PART = 16;

  public InviteToken {
    if (meshPrefix.size() != PART || server.prefix().size() != PART || seed.size() != PART) {
      throw new IllegalArgumentException("each part of a token has 16 bytes");
    }
  }

  /** A token for one more node of {@code mesh}, to be shown to {@code server}. */
  public static InviteToken draw(MeshId mesh, VerifyKey server, Chance chance) {
    return new InviteToken(
        mesh.founding().value().slice(0, PART),
        new Pin(server.fingerprint().value().slice(0, PART)),
        new InviteId(chance.bytes(PART)),
        chance.bytes(PART));
  }

  /**
   * Reads a token as a person typed it: capitals, blanks, missing hyphens, o for 0 and i or l for 1
   * are put right.
   *
   * @throws MeshException TOKEN_MALFORMED, which names the group with the typing mistake
   */
  public static InviteToken parse(String typed) {
    ByteReader in = new ByteReader(TokenText.parse(typed));
    try {
      int version = in.u8();
      if (version != VERSION) {
        throw new MeshException(
            ErrorCode.TOKEN_MALFORMED,
            "the token is of version " + version + ", this program reads version " + VERSION,
            "Update fazt on this machine");
      }
      Bytes meshPrefix = in.fixed(PART);
      Pin server = new Pin(in.fixed(PART));
      return new InviteToken(meshPrefix, server, InviteId.readFrom(in), in.fixed(PART));
    } catch (MalformedException e) {
      throw new IllegalStateException("a token's text has a fixed size", e);
    }
  }

  /** As people copy it: {@code fmj1-} and 27 groups of 5. */
  public String text() {
    return TokenText.of(
        new ByteWriter()
            .u8(VERSION)
            .raw(meshPrefix)
            .raw(server.prefix())
            .raw(invite.value())
            .raw(seed)
            .toBytes());
  }

  /** The key that proves this token was held; only its public half is published. */
  public SigningKey proofKey() {
    Hash secret = Hash.of(Bytes.utf8("fazt mesh invite"), seed, invite.value());
    return SigningKey.ofSeed(secret.value());
  }

  /** Whether this token is for {@code mesh}. */
  public boolean isFor(MeshId mesh) {
    return mesh.founding().value().slice(0, PART).equals(meshPrefix);
  }

  /** The invitation that this token redeems. */
  public Operation.Invite terms(long expiresAtMillis, Role role) {
    return new Operation.Invite(invite, proofKey().verifyKey(), expiresAtMillis, role);
  }

  @Override
  public String toString() {
    return "token of " + invite;
  }
}
