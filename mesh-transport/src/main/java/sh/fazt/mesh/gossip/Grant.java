package sh.fazt.mesh.gossip;

import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.MalformedException;

/**
 * Widens the window of a {@link Want} by what its speaker has dealt with since.
 *
 * @param id the want's
 * @param bytes at least 1
 */
public record Grant(long id, int bytes) implements Message {
  public static final int TYPE = 0x05;

  public Grant {
    if (id < 0 || id > MessageLimits.WANT_ID_MAX || bytes < 1) {
      throw new IllegalArgumentException("grant " + id + " of " + bytes + " bytes");
    }
  }

  @Override
  public int type() {
    return TYPE;
  }

  /** Id (u32), bytes (u32). */
  @Override
  public void writeTo(ByteWriter out) {
    out.u32(id).u32(bytes);
  }

  public static Grant readFrom(ByteReader in) throws MalformedException {
    long id = in.u32();
    long bytes = in.u32();
    if (bytes < 1 || bytes > Integer.MAX_VALUE) {
      throw new MalformedException("a grant of " + bytes + " bytes");
    }
    return new Grant(id, (int) bytes);
  }
}
