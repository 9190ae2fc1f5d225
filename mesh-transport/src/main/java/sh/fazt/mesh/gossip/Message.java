package sh.fazt.mesh.gossip;

import sh.fazt.mesh.bytes.ByteWriter;

/**
 * What one node says to another over a link. On the wire a message is its type, one byte from 0x01
 * to 0x3f, and its fields; the fields of each stand in its own file.
 */
public sealed interface Message
    permits Acknowledged,
        Batch,
        BatchPart,
        Broadcast,
        Bye,
        Done,
        Floors,
        Graft,
        Grant,
        Have,
        Hello,
        Locations,
        Ping,
        Pong,
        Prune,
        Refuse,
        RosterHash,
        RosterOps,
        SnapshotAsk,
        SnapshotTell,
        StateAsk,
        StateTell,
        Stop,
        SummaryHash,
        SummaryVector,
        Want {

  /** The first byte on the wire. */
  int type();

  /** Appends the fields, without the type. */
  void writeTo(ByteWriter out);
}
