package sh.fazt.mesh.roster;

import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.identity.VerifyKey;

/**
 * Ends the membership of a node for good. Signed by a persona that owns another full member. What
 * the removed node, or its persona where it has no other node, did without the signer's knowing has
 * no effect.
 *
 * @param heads what the signer's node held of the removed node's batches: these count
 */
public record Remove(VerifyKey node, Heads heads) implements Operation {
  static final int KIND = 8;

  @Override
  public int kind() {
    return KIND;
  }

  @Override
  public void writeTo(ByteWriter out) {
    out.raw(node.value());
    heads.writeTo(out);
  }

  static Remove readFrom(ByteReader in) throws MalformedException {
    return new Remove(VerifyKey.readFrom(in), Heads.readFrom(in));
  }
}
