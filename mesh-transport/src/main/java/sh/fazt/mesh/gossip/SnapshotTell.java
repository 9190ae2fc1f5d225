package sh.fazt.mesh.gossip;

import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;

/**
 * A piece of the speaker's whole state.
 *
 * @param last whether it is the last
 * @param bytes none, if there is no such snapshot: not now, or not any more
 */
public record SnapshotTell(long id, long piece, boolean last, Bytes bytes) implements Message {
  public static final int TYPE = 0x17;

  public SnapshotTell {
    if (bytes.size() > MessageLimits.PART_BYTES_MAX) {
      throw new IllegalArgumentException("a piece of " + bytes.size() + " bytes");
    }
  }

  @Override
  public int type() {
    return TYPE;
  }

  /** Id (u32), piece (u32), last (u8), the bytes. */
  @Override
  public void writeTo(ByteWriter out) {
    out.u32(id).u32(piece).u8(last ? 1 : 0).raw(bytes);
  }

  public static SnapshotTell readFrom(ByteReader in) throws MalformedException {
    long id = in.u32();
    long piece = in.u32();
    int last = in.u8();
    Bytes bytes = in.rest();
    if (last > 1 || bytes.size() > MessageLimits.PART_BYTES_MAX) {
      throw new MalformedException("a piece of " + bytes.size() + " bytes, last " + last);
    }
    return new SnapshotTell(id, piece, last == 1, bytes);
  }
}
