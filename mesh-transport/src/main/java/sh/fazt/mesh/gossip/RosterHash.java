package sh.fazt.mesh.gossip;

import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.bytes.MalformedException;

/**
 * The hash of the speaker's roster operations. A listener whose hash differs sends its own.
 *
 * @param hash SHA-256 of the hashes of all operations, in the order of these hashes
 */
public record RosterHash(Hash hash) implements Message {
  public static final int TYPE = 0x0d;

  @Override
  public int type() {
    return TYPE;
  }

  @Override
  public void writeTo(ByteWriter out) {
    out.raw(hash.value());
  }

  public static RosterHash readFrom(ByteReader in) throws MalformedException {
    return new RosterHash(Hash.readFrom(in));
  }
}
