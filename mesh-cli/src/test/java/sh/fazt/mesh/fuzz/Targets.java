package sh.fazt.mesh.fuzz;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import sh.fazt.mesh.control.ControlTargets;
import sh.fazt.mesh.delta.DeltaTargets;
import sh.fazt.mesh.fingerprint.StateTargets;
import sh.fazt.mesh.frame.FrameTargets;
import sh.fazt.mesh.identity.IdentityTargets;
import sh.fazt.mesh.lan.LanTargets;
import sh.fazt.mesh.netty.NettyTargets;
import sh.fazt.mesh.roster.RosterTargets;
import sh.fazt.mesh.store.StoreTargets;
import sh.fazt.mesh.wire.WireTargets;

/** All decoders of bytes from outside. */
public final class Targets {
  private Targets() {}

  /**
   * @param folder where those that read files may put one
   */
  public static List<Target> all(Path folder) {
    List<Target> all = new ArrayList<>();
    all.addAll(WireTargets.all());
    all.addAll(RosterTargets.all());
    all.addAll(DeltaTargets.all());
    all.addAll(StateTargets.all());
    all.addAll(IdentityTargets.all());
    all.addAll(StoreTargets.all(folder));
    all.addAll(FrameTargets.all());
    all.addAll(LanTargets.all());
    all.addAll(NettyTargets.all());
    all.addAll(ControlTargets.all());
    return all;
  }
}
