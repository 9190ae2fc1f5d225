package sh.fazt.mesh.gossip;

import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.clock.Dot;

/**
 * A whole batch, verbatim.
 *
 * @param dot what the envelope is said to hold
 * @param envelope as its author sealed it, 1 byte to {@link MessageLimits#PART_BYTES_MAX}
 */
public record Batch(Dot dot, Bytes envelope) implements Message {
  public static final int TYPE = 0x08;

  public Batch {
    if (envelope.isEmpty() || envelope.size() > MessageLimits.PART_BYTES_MAX) {
      throw new IllegalArgumentException(dot + " of " + envelope.size() + " bytes");
    }
  }

  @Override
  public int type() {
    return TYPE;
  }

  /** The dot, then the envelope to the end of the frame. */
  @Override
  public void writeTo(ByteWriter out) {
    dot.writeTo(out);
    out.raw(envelope);
  }

  public static Batch readFrom(ByteReader in) throws MalformedException {
    Dot dot = Dot.readFrom(in);
    Bytes envelope = in.rest();
    if (envelope.isEmpty() || envelope.size() > MessageLimits.PART_BYTES_MAX) {
      throw new MalformedException(dot + " of " + envelope.size() + " bytes");
    }
    return new Batch(dot, envelope);
  }
}
