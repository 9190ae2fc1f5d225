package sh.fazt.mesh.gossip;

import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.MalformedException;

/**
 * Asks for a piece of the listener's whole state.
 *
 * @param id the speaker's name for the snapshot
 * @param piece 0 begins a new one; then each in turn
 */
public record SnapshotAsk(long id, long piece) implements Message {
  public static final int TYPE = 0x16;

  public SnapshotAsk {
    if (id < 0
        || id > MessageLimits.WANT_ID_MAX
        || piece < 0
        || piece > MessageLimits.WANT_ID_MAX) {
      throw new IllegalArgumentException("piece " + piece + " of snapshot " + id);
    }
  }

  @Override
  public int type() {
    return TYPE;
  }

  /** Id (u32), piece (u32). */
  @Override
  public void writeTo(ByteWriter out) {
    out.u32(id).u32(piece);
  }

  public static SnapshotAsk readFrom(ByteReader in) throws MalformedException {
    return new SnapshotAsk(in.u32(), in.u32());
  }
}
