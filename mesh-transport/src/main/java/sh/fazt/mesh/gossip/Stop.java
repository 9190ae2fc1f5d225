package sh.fazt.mesh.gossip;

import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.MalformedException;

/**
 * Takes back a {@link Want}: its speaker needs no more of it.
 *
 * @param id the want's
 */
public record Stop(long id) implements Message {
  public static final int TYPE = 0x06;

  public Stop {
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

  public static Stop readFrom(ByteReader in) throws MalformedException {
    return new Stop(in.u32());
  }
}
