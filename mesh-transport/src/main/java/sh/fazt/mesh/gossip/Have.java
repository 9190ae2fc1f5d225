package sh.fazt.mesh.gossip;

import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.delta.Summary;

/**
 * Says that the speaker holds these heads, and all before them: the notice of a fresh batch, and
 * the acknowledgement of one received.
 *
 * @param heads of some sites
 */
public record Have(Summary heads) implements Message {
  public static final int TYPE = 0x0a;

  @Override
  public int type() {
    return TYPE;
  }

  @Override
  public void writeTo(ByteWriter out) {
    heads.writeTo(out);
  }

  public static Have readFrom(ByteReader in) throws MalformedException {
    return new Have(Summary.readFrom(in));
  }
}
