package sh.fazt.mesh.gossip;

import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.MalformedException;

/**
 * Asks for a {@link Pong}: shows that the link lives, how far the peer is and what its clock says.
 *
 * @param nonce the ping's
 * @param nowMillis the speaker's wall clock, Unix milliseconds
 */
public record Ping(long nonce, long nowMillis) implements Message {
  public static final int TYPE = 0x0f;

  public Ping {
    if (nowMillis < 0) {
      throw new IllegalArgumentException("no such time: " + nowMillis);
    }
  }

  @Override
  public int type() {
    return TYPE;
  }

  /** Nonce (u64), time (u64). */
  @Override
  public void writeTo(ByteWriter out) {
    out.u64(nonce).u64(nowMillis);
  }

  public static Ping readFrom(ByteReader in) throws MalformedException {
    long nonce = in.u64();
    long now = in.u64();
    if (now < 0) {
      throw new MalformedException("no such time: " + now);
    }
    return new Ping(nonce, now);
  }
}
