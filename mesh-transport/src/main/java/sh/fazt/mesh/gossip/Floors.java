package sh.fazt.mesh.gossip;

import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.delta.Summary;

/**
 * Up to where the speaker has trimmed its log: of each site the last batch that it cannot give any
 * more, though it holds what came of it.
 */
public record Floors(Summary floors) implements Message {
  public static final int TYPE = 0x15;

  @Override
  public int type() {
    return TYPE;
  }

  /** A summary. */
  @Override
  public void writeTo(ByteWriter out) {
    floors.writeTo(out);
  }

  public static Floors readFrom(ByteReader in) throws MalformedException {
    return new Floors(Summary.readFrom(in));
  }
}
