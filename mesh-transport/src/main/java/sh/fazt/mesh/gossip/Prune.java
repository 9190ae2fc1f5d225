package sh.fazt.mesh.gossip;

import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.identity.VerifyKey;

/**
 * Takes a {@link Graft} back: the author's batches come by a better way.
 *
 * @param author the node whose batches are meant
 */
public record Prune(VerifyKey author) implements Message {
  public static final int TYPE = 0x0c;

  @Override
  public int type() {
    return TYPE;
  }

  @Override
  public void writeTo(ByteWriter out) {
    out.raw(author.value());
  }

  public static Prune readFrom(ByteReader in) throws MalformedException {
    return new Prune(VerifyKey.readFrom(in));
  }
}
