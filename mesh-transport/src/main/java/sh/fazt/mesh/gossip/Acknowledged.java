package sh.fazt.mesh.gossip;

import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.delta.Acknowledgement;

/** What a member says that its tables show, from itself or passed on. */
public record Acknowledged(Acknowledgement said) implements Message {
  public static final int TYPE = 0x14;

  @Override
  public int type() {
    return TYPE;
  }

  /** The acknowledgement. */
  @Override
  public void writeTo(ByteWriter out) {
    said.writeTo(out);
  }

  public static Acknowledged readFrom(ByteReader in) throws MalformedException {
    return new Acknowledged(Acknowledgement.readFrom(in));
  }
}
