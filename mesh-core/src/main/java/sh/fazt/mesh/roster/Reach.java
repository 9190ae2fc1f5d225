package sh.fazt.mesh.roster;

import java.util.SortedSet;
import java.util.TreeSet;
import sh.fazt.mesh.bytes.Hash;

/**
 * How far a site's chain counts: up to a batch that has one of these hashes. Two, if the site
 * signed twice in that place and both were held.
 */
record Reach(long seq, SortedSet<Hash> hashes) {
  static Reach of(Heads.Last last) {
    SortedSet<Hash> hashes = new TreeSet<>();
    hashes.add(last.hash());
    return new Reach(last.seq(), hashes);
  }

  /** The farther of the two. */
  Reach join(Reach other) {
    if (seq != other.seq) {
      return seq > other.seq ? this : other;
    }
    SortedSet<Hash> both = new TreeSet<>(hashes);
    both.addAll(other.hashes);
    return new Reach(seq, both);
  }

  /** Whether a batch is within, as far as its place tells. */
  boolean has(long batch, Hash hash) {
    return batch < seq || (batch == seq && hashes.contains(hash));
  }
}
