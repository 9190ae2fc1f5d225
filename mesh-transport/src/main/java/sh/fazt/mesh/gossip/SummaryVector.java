package sh.fazt.mesh.gossip;

import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.delta.Summary;

/** All that the speaker holds: the answer to a {@link SummaryHash} that differs. */
public record SummaryVector(Summary summary) implements Message {
  public static final int TYPE = 0x03;

  @Override
  public int type() {
    return TYPE;
  }

  @Override
  public void writeTo(ByteWriter out) {
    summary.writeTo(out);
  }

  public static SummaryVector readFrom(ByteReader in) throws MalformedException {
    return new SummaryVector(Summary.readFrom(in));
  }
}
