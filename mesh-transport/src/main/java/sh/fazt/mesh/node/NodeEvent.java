package sh.fazt.mesh.node;

/**
 * Something that happened on a node; immutable.
 *
 * @param subject the node that it is about, by name
 * @param count how many rows or batches it concerns
 */
public record NodeEvent(Kind kind, String subject, long count, long atMillis) {
  /** What happened. */
  public enum Kind {
    PEER_CONNECTED,
    PEER_DISCONNECTED,
    /**
     * Changes came from that peer, or in a bundle that it made, whoever made them; they show, or
     * wait for what they need.
     */
    ROWS_RECEIVED,
    /** Rows that were changed here are signed and on their way. */
    ROWS_SENT,
    MEMBER_ADMITTED,
    /** That member's beacon was heard on a local network: {@code beacon.peer.found}. */
    BEACON_PEER_FOUND,
    /** It was heard no more for five minutes, or has left the mesh: {@code beacon.peer.lost}. */
    BEACON_PEER_LOST
  }
}
