package sh.fazt.mesh.gossip;

import java.util.Optional;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.clock.Dot;
import sh.fazt.mesh.identity.VerifyKey;

/**
 * A batch that came and is not in the log yet.
 *
 * @param dot what its sender says it holds
 * @param needed what it waits for; none while the log is being asked to take it
 * @param attempts how often it was found to wait
 * @param sinceMillis when it came
 */
record Arrival(
    VerifyKey from, Dot dot, Bytes envelope, Optional<Dot> needed, int attempts, long sinceMillis) {

  Arrival waitingFor(Dot missing) {
    return new Arrival(from, dot, envelope, Optional.of(missing), attempts + 1, sinceMillis);
  }

  Arrival tried() {
    return new Arrival(from, dot, envelope, Optional.empty(), attempts, sinceMillis);
  }
}
