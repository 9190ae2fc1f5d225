package sh.fazt.mesh.gossip;

import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.MalformedException;

/**
 * The last message to a node that is turned away.
 *
 * @param code a stable name, such as {@code NOT_A_MEMBER}
 * @param message for people, at most 512 bytes
 */
public record Refuse(String code, String message) implements Message {
  public static final int TYPE = 0x12;

  public Refuse {
    PlainText.check(code, MessageLimits.CODE_BYTES_MAX);
    message = PlainText.fit(message, MessageLimits.TEXT_BYTES_MAX);
  }

  @Override
  public int type() {
    return TYPE;
  }

  @Override
  public void writeTo(ByteWriter out) {
    out.text(code).text(message);
  }

  public static Refuse readFrom(ByteReader in) throws MalformedException {
    String code = PlainText.readFrom(in, MessageLimits.CODE_BYTES_MAX);
    return new Refuse(code, PlainText.readFrom(in, MessageLimits.TEXT_BYTES_MAX));
  }
}
