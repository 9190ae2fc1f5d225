package sh.fazt.mesh.node;

import java.util.OptionalLong;
import sh.fazt.mesh.identity.NodeId;
import sh.fazt.mesh.roster.Role;

/**
 * How another member is reached and how far apart the two are; immutable.
 *
 * @param path {@code direct}; {@code lan} to where its beacons say that it is; {@code -} without a
 *     link
 * @param address {@code HOST:PORT}, or {@code -}
 * @param behind batches that it holds and this node lacks, as far as is known: where there is no
 *     link, as it was with the last one, 0 if there never was one
 * @param ahead batches that this node holds and it lacks, as far as is known; the same
 * @param lastSyncMillis when the two last held the same, Unix milliseconds; 0 for never
 * @param clockOffsetMillis its clock less ours
 * @param version of its program, empty until it was met
 */
public record PeerStatus(
    NodeId id,
    String name,
    String owner,
    Role role,
    State state,
    String path,
    String address,
    OptionalLong rttMillis,
    long behind,
    long ahead,
    long lastSyncMillis,
    OptionalLong clockOffsetMillis,
    String version) {

  /** The same of a member whose owner is called so. */
  PeerStatus ownedBy(String called) {
    return new PeerStatus(
        id,
        name,
        called,
        role,
        state,
        path,
        address,
        rttMillis,
        behind,
        ahead,
        lastSyncMillis,
        clockOffsetMillis,
        version);
  }

  /** Whether there is a link. */
  public enum State {
    CONNECTED,
    /**
     * There is none, nor need there be: in a mesh of more than 32 nodes each is linked with a few,
     * and what is written travels through these.
     */
    NOT_LINKED,
    OFFLINE
  }
}
