package sh.fazt.mesh.node;

import java.nio.file.Path;
import java.util.Optional;
import sh.fazt.mesh.Ambient;

/**
 * How a node is run.
 *
 * @param listen where to listen, {@code HOST:PORT}, in place of what init or join was told; port 0
 *     lets the system choose
 */
public record NodeConfig(Path database, Optional<String> listen, Ambient ambient) {
  /** Where a node listens that nobody told otherwise. */
  public static final String LISTEN_DEFAULT = "0.0.0.0:8443";

  /** The version of this program. */
  public static final String VERSION = "0.1.0";

  /** A node over {@code database} with the machine's own clock and randomness. */
  public static NodeConfig of(Path database) {
    return new NodeConfig(database, Optional.empty(), Ambient.system());
  }

  public NodeConfig listeningOn(String address) {
    return new NodeConfig(database, Optional.of(address), ambient);
  }
}
