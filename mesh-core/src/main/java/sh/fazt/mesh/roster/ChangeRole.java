package sh.fazt.mesh.roster;

import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.identity.VerifyKey;

/**
 * Gives a member another role. Signed by a persona that owns another full member. One that takes
 * the role {@link Role#FULL} away beats, like a removal, what its node did without the signer's
 * knowing.
 */
public record ChangeRole(VerifyKey node, Role role) implements Operation {
  static final int KIND = 6;

  /** Whether the node may do less from now on than a full member. */
  boolean restricts() {
    return role != Role.FULL;
  }

  @Override
  public int kind() {
    return KIND;
  }

  @Override
  public void writeTo(ByteWriter out) {
    out.raw(node.value()).u8(role.code());
  }

  static ChangeRole readFrom(ByteReader in) throws MalformedException {
    return new ChangeRole(VerifyKey.readFrom(in), Role.ofCode(in.u8()));
  }
}
