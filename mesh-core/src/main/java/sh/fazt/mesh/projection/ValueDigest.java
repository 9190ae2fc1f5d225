package sh.fazt.mesh.projection;

import java.security.MessageDigest;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.schema.Value;

/**
 * Digests values exactly: storage class and bytes. The first 64 bits of SHA-256 over a secret of
 * this database and the value, so nobody can prepare two values that look alike. Confined.
 */
public final class ValueDigest {
  private static final int LENGTH_BYTES = 16;

  private final Bytes secret;
  private final MessageDigest sha256 = Hash.sha256();

  /**
   * @param secret random, kept with the database
   */
  public ValueDigest(Bytes secret) {
    this.secret = secret;
  }

  public long of(Value value) {
    // As large as it gets: of a large value there is to be one copy here.
    ByteWriter out = new ByteWriter(secret.size() + (int) value.bytes() + LENGTH_BYTES);
    out.raw(secret);
    value.writeTo(out);
    sha256.update(out.unsafeBuffer(), 0, out.size());
    return Bytes.wrap(sha256.digest()).asBuffer().getLong();
  }
}
