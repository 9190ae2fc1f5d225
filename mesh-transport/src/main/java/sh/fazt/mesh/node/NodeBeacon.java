package sh.fazt.mesh.node;

import java.util.concurrent.CompletableFuture;
import sh.fazt.mesh.fault.MeshException;

/**
 * A running node on its local networks. Thread-safe; {@link #status} and {@link #name} wait for the
 * mesh thread and must not be called on it.
 */
public final class NodeBeacon {
  private final NodeLife life;

  NodeBeacon(NodeLife life) {
    this.life = life;
  }

  /** As it is now. */
  public BeaconStatus status() {
    return life.get(core -> core.nearby().status());
  }

  /**
   * Asks who is there, and listens for five seconds.
   *
   * @return whom was found by then, those found before included; fails with a {@link MeshException}
   *     BEACON_OFF if this node sends no beacons
   */
  public CompletableFuture<BeaconStatus> scan() {
    return life.ask(core -> core.nearby().scan()).thenCompose(answer -> answer);
  }

  /**
   * Calls this node so on local networks, now and after a restart. In the mesh its name stays.
   *
   * @throws MeshException USAGE if it is empty, over 64 bytes, or holds what does not show
   */
  public void name(String name) {
    life.run(core -> core.nearby().rename(name));
  }
}
