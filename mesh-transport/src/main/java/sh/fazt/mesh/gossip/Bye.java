package sh.fazt.mesh.gossip;

import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.MalformedException;

/**
 * The last message of a node that stops or leaves.
 *
 * @param reason for people, at most 512 bytes
 */
public record Bye(String reason) implements Message {
  public static final int TYPE = 0x11;

  public Bye {
    PlainText.check(reason, MessageLimits.TEXT_BYTES_MAX);
  }

  @Override
  public int type() {
    return TYPE;
  }

  @Override
  public void writeTo(ByteWriter out) {
    out.text(reason);
  }

  public static Bye readFrom(ByteReader in) throws MalformedException {
    return new Bye(PlainText.readFrom(in, MessageLimits.TEXT_BYTES_MAX));
  }
}
