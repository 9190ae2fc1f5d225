package sh.fazt.mesh.node;

import java.nio.file.Path;
import java.util.Optional;
import sh.fazt.mesh.Ambient;

/**
 * How a node is run.
 *
 * @param listen where to listen, {@code HOST:PORT}, in place of what init or join was told; port 0
 *     lets the system choose
 * @param gauge asked before what peers send is taken in
 * @param lan whether it shows itself on local networks, and looks for others there
 */
public record NodeConfig(
    Path database, Optional<String> listen, Ambient ambient, DiskGauge gauge, LanChoice lan) {
  /** Where a node listens that nobody told otherwise. */
  public static final String LISTEN_DEFAULT = "0.0.0.0:8443";

  /** The version of this program. */
  public static final String VERSION = "0.1.0";

  /** With a look at the disk itself. */
  public NodeConfig(Path database, Optional<String> listen, Ambient ambient) {
    this(database, listen, ambient, DiskGauge.of(database), LanChoice.USUAL);
  }

  /** A node over {@code database} with the machine's own clock and randomness. */
  public static NodeConfig of(Path database) {
    return new NodeConfig(database, Optional.empty(), Ambient.system());
  }

  public NodeConfig listeningOn(String address) {
    return new NodeConfig(database, Optional.of(address), ambient, gauge, lan);
  }

  /** Has {@code other} say how full the disk is. */
  public NodeConfig measuredBy(DiskGauge other) {
    return new NodeConfig(database, listen, ambient, other, lan);
  }

  /** Has it shown on local networks so. */
  public NodeConfig shownOn(LanChoice networks) {
    return new NodeConfig(database, listen, ambient, gauge, networks);
  }
}
