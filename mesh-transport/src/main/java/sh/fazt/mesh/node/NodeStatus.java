package sh.fazt.mesh.node;

import java.nio.file.Path;
import java.util.List;
import sh.fazt.mesh.Fork;
import sh.fazt.mesh.MeshView;
import sh.fazt.mesh.identity.MeshId;
import sh.fazt.mesh.identity.NodeId;
import sh.fazt.mesh.roster.Role;

/**
 * A node at one moment; immutable.
 *
 * @param role what it may do; full for one that is no member any more
 * @param startedMillis when it was started, Unix milliseconds
 * @param listen where it listens, {@code HOST:PORT}
 * @param peers the other members, seniors first
 * @param forks the nodes that were found to have signed twice
 * @param hindrances what keeps it from a part of its work
 * @param toGo batches and rows still to be fetched, sent or taken in
 * @param rowsReceived changes that peers' batches brought since the start
 * @param rowsSent changes made here that were given to the mesh since the start
 */
public record NodeStatus(
    NodeId id,
    String name,
    MeshId mesh,
    Role role,
    Verdict verdict,
    long startedMillis,
    Path database,
    String listen,
    MeshView.Figures figures,
    List<PeerStatus> peers,
    List<Fork> forks,
    List<Hindrance> hindrances,
    long toGo,
    long rowsReceived,
    long rowsSent) {

  public NodeStatus {
    peers = List.copyOf(peers);
    forks = List.copyOf(forks);
    hindrances = List.copyOf(hindrances);
  }

  /** In one word. */
  public enum Verdict {
    IN_SYNC,
    SYNCING,
    /** A mass delete waits until a person says what becomes of it; else in sync. */
    HELD,
    /** No peer is reachable. */
    ALONE,
    /** Somebody removed this node: it belongs to no mesh any more. */
    REMOVED
  }
}
