package sh.fazt.mesh.roster;

import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;

/** The random numbers of one admission exchange, 32 bytes from either side. */
public record Nonces(Bytes server, Bytes joiner) {
  public Nonces {
    require(server);
    require(joiner);
  }

  static Bytes require(Bytes nonce) {
    if (nonce.size() != RosterLimits.NONCE_BYTES) {
      throw new IllegalArgumentException("a nonce has 32 bytes: " + nonce.size());
    }
    return nonce;
  }

  void writeTo(ByteWriter out) {
    out.raw(server).raw(joiner);
  }

  static Nonces readFrom(ByteReader in) throws MalformedException {
    return new Nonces(in.fixed(RosterLimits.NONCE_BYTES), in.fixed(RosterLimits.NONCE_BYTES));
  }
}
