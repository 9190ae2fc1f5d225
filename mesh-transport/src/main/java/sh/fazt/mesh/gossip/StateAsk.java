package sh.fazt.mesh.gossip;

import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.fingerprint.StateQuestion;

/**
 * Asks about the listener's state; it answers with a {@link StateTell}.
 *
 * @param id the speaker's name for this question
 */
public record StateAsk(long id, StateQuestion question) implements Message {
  public static final int TYPE = 0x18;

  public StateAsk {
    if (id < 0 || id > MessageLimits.WANT_ID_MAX) {
      throw new IllegalArgumentException("question " + id);
    }
  }

  @Override
  public int type() {
    return TYPE;
  }

  /** Id (u32), then the question. */
  @Override
  public void writeTo(ByteWriter out) {
    question.writeTo(out.u32(id));
  }

  public static StateAsk readFrom(ByteReader in) throws MalformedException {
    return new StateAsk(in.u32(), StateQuestion.readFrom(in));
  }
}
