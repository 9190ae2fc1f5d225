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
 * @param ours the envelope of that batch, as signed
 * @param theirs the envelope of the other batch, as signed
 */
public record Fork(
    NodeId node, String name, Dot held, long foundMillis, Bytes ours, Bytes theirs) {}
