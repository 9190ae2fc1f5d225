package sh.fazt.mesh.fingerprint;

import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;

/**
 * One row in brief.
 *
 * @param id the first 64 bits of the SHA-256 of its table and key
 * @param digest the first 24 bytes of the SHA-256 of all that is compared of it
 */
public record StateItem(long id, Bytes digest) {
  public static final int DIGEST_BYTES = 24;

  public StateItem {
    if (digest.size() != DIGEST_BYTES) {
      throw new IllegalArgumentException("a digest has 24 bytes: " + digest.size());
    }
  }

  void writeTo(ByteWriter out) {
    out.u64(id).raw(digest);
  }

  static StateItem readFrom(ByteReader in) throws MalformedException {
    return new StateItem(in.u64(), in.fixed(DIGEST_BYTES));
  }
}
