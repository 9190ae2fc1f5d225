package sh.fazt.mesh.delta;

import sh.fazt.mesh.bytes.Hash;

/**
 * The last batch of a site that a node holds without a gap before it.
 *
 * @param seq at least 1
 * @param hash that batch's hash, which vouches for all before it
 */
public record Head(long seq, Hash hash) {
  public Head {
    if (seq < 1) {
      throw new IllegalArgumentException("seq starts at 1: " + seq);
    }
  }
}
