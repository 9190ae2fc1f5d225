package sh.fazt.mesh.fingerprint;

import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.bytes.MalformedException;

/**
 * A range of rows in brief: equal fingerprints, equal rows.
 *
 * @param rows how many
 * @param hash see {@link StateSet}
 */
public record Fingerprint(long rows, Hash hash) {
  public Fingerprint {
    if (rows < 0) {
      throw new IllegalArgumentException("rows: " + rows);
    }
  }

  void writeTo(ByteWriter out) {
    out.varint(rows).raw(hash.value());
  }

  static Fingerprint readFrom(ByteReader in) throws MalformedException {
    return new Fingerprint(in.count("rows", Integer.MAX_VALUE), Hash.readFrom(in));
  }
}
