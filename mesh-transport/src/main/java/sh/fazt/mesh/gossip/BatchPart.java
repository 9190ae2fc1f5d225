package sh.fazt.mesh.gossip;

import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.clock.Dot;

/**
 * A piece of a batch that is too large for one frame. The pieces of a batch come in order; batches
 * of several requests may alternate.
 *
 * @param index 0, 1, 2 …
 * @param last whether the batch ends with it
 * @param bytes {@link MessageLimits#PART_BYTES_MIN} to {@link MessageLimits#PART_BYTES_MAX}, the
 *     last from 1
 */
public record BatchPart(Dot dot, int index, boolean last, Bytes bytes) implements Message {
  public static final int TYPE = 0x09;

  public BatchPart {
    if (index < 0 || index >= MessageLimits.PARTS_MAX || !fits(last, bytes.size())) {
      throw new IllegalArgumentException("part " + index + ": " + bytes.size() + " bytes");
    }
  }

  @Override
  public int type() {
    return TYPE;
  }

  /** The dot, the index, 1 for last or 0, then bytes to the end of the frame. */
  @Override
  public void writeTo(ByteWriter out) {
    dot.writeTo(out);
    out.varint(index).u8(last ? 1 : 0).raw(bytes);
  }

  public static BatchPart readFrom(ByteReader in) throws MalformedException {
    Dot dot = Dot.readFrom(in);
    int index = in.count("part", MessageLimits.PARTS_MAX - 1);
    int last = in.u8();
    Bytes bytes = in.rest();
    if (last > 1 || !fits(last == 1, bytes.size())) {
      throw new MalformedException("part " + index + " of " + dot + ": " + bytes.size() + " bytes");
    }
    return new BatchPart(dot, index, last == 1, bytes);
  }

  private static boolean fits(boolean last, int size) {
    return size >= (last ? 1 : MessageLimits.PART_BYTES_MIN)
        && size <= MessageLimits.PART_BYTES_MAX;
  }
}
