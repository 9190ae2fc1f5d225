package sh.fazt.mesh.change;

import java.util.List;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.clock.Dot;
import sh.fazt.mesh.clock.Hlc;
import sh.fazt.mesh.identity.MeshId;

/**
 * What a batch says of itself.
 *
 * @param previous the hash of the same site's batch before it, {@link Hash#ZERO} for the first
 * @param part 0, 1, 2 … where one transaction travels as several batches
 * @param last whether the transaction ends with this batch
 * @param policyEpoch the epoch of the merge policy that its author followed
 * @param low the lowest stamp of its changes, genesis aside; {@link Hlc#ZERO} if there is none
 * @param high the highest stamp of its changes; every stamp of the site's next batch is higher
 * @param seen what its author had delivered of others, where that moved since its last batch
 */
public record BatchHeader(
    MeshId mesh,
    Dot dot,
    Hash previous,
    int part,
    boolean last,
    long policyEpoch,
    Hlc low,
    Hlc high,
    List<Seen> seen) {

  public BatchHeader {
    seen = List.copyOf(seen);
    if (part < 0 || policyEpoch < 0 || high.compareTo(low) < 0) {
      throw new IllegalArgumentException("no such header: " + dot);
    }
  }

  /** One entry of the causal context: a batch of another site, and with it all before it. */
  public record Seen(Dot dot, Hash hash) {}
}
