package sh.fazt.mesh.roster;

import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.identity.VerifyKey;

/**
 * Says how far a full member had taken in the batches of a node that may write no more, so that the
 * others take in as much. Signed by the full member's node key.
 *
 * @param node whose batches
 */
public record Retire(VerifyKey node, Heads heads) implements Operation {
  static final int KIND = 9;

  @Override
  public int kind() {
    return KIND;
  }

  @Override
  public void writeTo(ByteWriter out) {
    out.raw(node.value());
    heads.writeTo(out);
  }

  static Retire readFrom(ByteReader in) throws MalformedException {
    return new Retire(VerifyKey.readFrom(in), Heads.readFrom(in));
  }
}
