package sh.fazt.mesh.gossip;

import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.MalformedException;

/**
 * Ends the answer to a {@link Want}: all that its speaker can give of it was sent.
 *
 * @param id the want's
 */
public record Done(long id) implements Message {
  public static final int TYPE = 0x07;

  public Done {
    if (id < 0 || id > MessageLimits.WANT_ID_MAX) {
      throw new IllegalArgumentException("no such want: " + id);
    }
  }

  @Override
  public int type() {
    return TYPE;
  }

  /** Id (u32). */
  @Override
  public void writeTo(ByteWriter out) {
    out.u32(id);
  }

  public static Done readFrom(ByteReader in) throws MalformedException {
    return new Done(in.u32());
  }
}
