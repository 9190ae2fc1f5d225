package sh.fazt.mesh.node;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import sh.fazt.mesh.Mesh;
import sh.fazt.mesh.clock.HybridClock;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.gossip.PeerView;
import sh.fazt.mesh.identity.VerifyKey;

/** Signs again what a clock has stamped ahead, if peers bear out that it is right by now. */
final class Restamping {
  private Restamping() {}

  /**
   * On the mesh thread.
   *
   * @return how many rows are concerned; if any, the replica must be opened again
   * @throws MeshException PEER_UNREACHABLE, CLOCK_SKEW
   */
  static long of(Mesh mesh, Iterable<PeerView> views, Function<VerifyKey, String> name) {
    List<PeerView> timed = new ArrayList<>();
    for (PeerView view : views) {
      if (view.connected() && view.clockOffsetMillis().isPresent()) {
        timed.add(view);
      }
    }
    if (timed.isEmpty()) {
      throw new MeshException(
          ErrorCode.PEER_UNREACHABLE,
          "no peer can be reached to compare the clocks with",
          "fazt mesh peers");
    }
    for (PeerView view : timed) {
      long offset = view.clockOffsetMillis().getAsLong();
      if (Math.abs(offset) > HybridClock.AHEAD_MAX_MILLIS) {
        throw new MeshException(
            ErrorCode.CLOCK_SKEW,
            "the clock of %s is %s s %s this machine's; one of the two is wrong"
                .formatted(
                    name.apply(view.peer()),
                    Math.abs(offset) / 1_000,
                    offset > 0 ? "ahead of" : "behind"),
            "timedatectl");
      }
    }
    return mesh.restamp();
  }
}
