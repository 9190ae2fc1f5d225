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
 * @param vain how often it was found to wait for what is in the log
 * @param sinceMillis when it came
 */
record Arrival(
    VerifyKey from, Dot dot, Bytes envelope, Optional<Dot> needed, int vain, long sinceMillis) {

  Arrival waitingFor(Dot missing) {
    return new Arrival(from, dot, envelope, Optional.of(missing), vain, sinceMillis);
  }

  Arrival tried() {
    return new Arrival(from, dot, envelope, Optional.empty(), vain, sinceMillis);
  }

  Arrival again() {
    return new Arrival(from, dot, envelope, needed, vain + 1, sinceMillis);
  }
}
