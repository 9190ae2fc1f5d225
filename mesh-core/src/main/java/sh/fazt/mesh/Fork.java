package sh.fazt.mesh;

import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.clock.Dot;
import sh.fazt.mesh.identity.NodeId;

/**
 * A node signed two batches of which its chain can hold but one: its key is in two places, or it
 * lies. Nothing more of that incarnation is taken in here. Immutable.
 *
 * @param node who signed
 * @param name its name in the roster, {@code ?} if it has none
 * @param held the batch that this replica holds
 * @param foundMillis Unix milliseconds
 */
public record Fork(NodeId node, String name, Dot held, long foundMillis) {
  /**
   * What proves it to anybody, from {@link MeshView#proof}.
   *
   * @param ours the batch that this replica holds, as signed
   * @param theirs another batch with the same dot, or one with the next dot that does not follow
   */
  public record Proof(Bytes ours, Bytes theirs) {}
}
