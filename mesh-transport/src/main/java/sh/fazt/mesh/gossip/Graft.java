package sh.fazt.mesh.gossip;

import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.identity.VerifyKey;

/**
 * Asks for every fresh batch of one author as soon as the listener has it, unasked.
 *
 * <p>Leitão et al., "Epidemic Broadcast Trees", SRDS 2007, §3.4, with one tree for each author.
 *
 * @param author the node whose batches are meant
 */
public record Graft(VerifyKey author) implements Message {
  public static final int TYPE = 0x0b;

  @Override
  public int type() {
    return TYPE;
  }

  @Override
  public void writeTo(ByteWriter out) {
    out.raw(author.value());
  }

  public static Graft readFrom(ByteReader in) throws MalformedException {
    return new Graft(VerifyKey.readFrom(in));
  }
}
