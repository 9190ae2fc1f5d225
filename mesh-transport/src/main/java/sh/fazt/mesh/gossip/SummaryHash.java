package sh.fazt.mesh.gossip;

import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.bytes.MalformedException;

/**
 * The hash of the speaker's summary.
 *
 * @param asks whether an answer is due: the same hash, not asking, from a listener that holds the
 *     same, else its {@link SummaryVector}
 */
public record SummaryHash(Hash hash, boolean asks) implements Message {
  public static final int TYPE = 0x02;

  @Override
  public int type() {
    return TYPE;
  }

  /** 1 for asks or 0, then the hash. */
  @Override
  public void writeTo(ByteWriter out) {
    out.u8(asks ? 1 : 0).raw(hash.value());
  }

  public static SummaryHash readFrom(ByteReader in) throws MalformedException {
    int asks = in.u8();
    if (asks > 1) {
      throw new MalformedException("neither question nor answer: " + asks);
    }
    return new SummaryHash(Hash.readFrom(in), asks == 1);
  }
}
