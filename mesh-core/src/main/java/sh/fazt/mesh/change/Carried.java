package sh.fazt.mesh.change;

import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.Hash;

/**
 * A batch of a forked site, on its way within a batch of somebody who holds it: its own site's
 * chain has no place for it.
 *
 * @param signed the bytes that its author signed and the signature, verbatim
 * @param hash SHA-256 of the bytes that its author signed
 * @param batch what they say; carries nothing itself
 */
public record Carried(Bytes signed, Hash hash, Batch batch) {
  public Carried {
    if (batch.carried().isPresent()) {
      throw new IllegalArgumentException(batch.header().dot() + " carries a batch itself");
    }
  }
}
