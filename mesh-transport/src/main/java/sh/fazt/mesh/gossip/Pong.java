package sh.fazt.mesh.gossip;

import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.MalformedException;

/**
 * The answer to a {@link Ping}.
 *
 * @param nonce the ping's
 * @param nowMillis the speaker's wall clock, Unix milliseconds
 */
public record Pong(long nonce, long nowMillis) implements Message {
  public static final int TYPE = 0x10;

  public Pong {
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

  public static Pong readFrom(ByteReader in) throws MalformedException {
    long nonce = in.u64();
    long now = in.u64();
    if (now < 0) {
      throw new MalformedException("no such time: " + now);
    }
    return new Pong(nonce, now);
  }
}
