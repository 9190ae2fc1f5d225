package sh.fazt.mesh.gossip;

import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.fingerprint.StateAnswer;

/**
 * Tells of the speaker's state: the answer to a {@link StateAsk}.
 *
 * @param id the question's
 */
public record StateTell(long id, StateAnswer answer) implements Message {
  public static final int TYPE = 0x19;

  public StateTell {
    if (id < 0 || id > MessageLimits.WANT_ID_MAX) {
      throw new IllegalArgumentException("question " + id);
    }
  }

  @Override
  public int type() {
    return TYPE;
  }

  /** Id (u32), then the answer. */
  @Override
  public void writeTo(ByteWriter out) {
    answer.writeTo(out.u32(id));
  }

  public static StateTell readFrom(ByteReader in) throws MalformedException {
    return new StateTell(in.u32(), StateAnswer.readFrom(in));
  }
}
