package sh.fazt.mesh.node;

import java.util.List;
import sh.fazt.mesh.identity.NodeId;

/**
 * What a sync came to.
 *
 * @param rowsReceived changes that came in meanwhile
 * @param rowsSent changes made here that were given to the mesh meanwhile
 */
public record SyncReport(
    List<PeerSync> peers, long rowsReceived, long rowsSent, long elapsedMillis) {
  public SyncReport {
    peers = List.copyOf(peers);
  }

  /** How many other nodes are known to hold all that this node holds. */
  public int holders() {
    return (int) peers.stream().filter(peer -> peer.state() == State.SYNCED).count();
  }

  /** How a peer came out of it. */
  public enum State {
    SYNCED,
    /** It could not be reached. */
    OFFLINE,
    /** There is no link with it, nor need there be: see {@link PeerStatus.State#NOT_LINKED}. */
    NOT_LINKED,
    /** Time ran out. */
    UNFINISHED
  }

  /**
   * One peer.
   *
   * @param received batches fetched that it had and this node lacked
   * @param sent batches that it lacked and has now
   * @param queued batches that it still lacks
   */
  public record PeerSync(
      NodeId id,
      String name,
      State state,
      long received,
      long sent,
      long queued,
      long elapsedMillis) {

    /** Whether there was a link with it. */
    boolean isReached() {
      return state == State.SYNCED || state == State.UNFINISHED;
    }
  }
}
