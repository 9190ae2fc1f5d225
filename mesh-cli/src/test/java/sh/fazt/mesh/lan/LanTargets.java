package sh.fazt.mesh.lan;

import java.util.List;
import java.util.Optional;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.fuzz.Target;
import sh.fazt.mesh.identity.MeshId;

/** Beacons: packets as they come, and what was in a seal of our mesh. */
public final class LanTargets {
  private static final BeaconSeal SEAL = BeaconSeal.ofFounding(Bytes.utf8("founding"));

  private LanTargets() {}

  public static List<Target> all() {
    return List.of(
        Target.oneWay("beacon", LanTargets::readClaim),
        Target.oneWay("beacon-packet", LanTargets::readPacket));
  }

  private static void readClaim(Bytes input) throws MalformedException {
    BeaconClaim.read(input).verified(new MeshId(Hash.ZERO));
  }

  private static void readPacket(Bytes input) throws MalformedException {
    if (BeaconSeal.isPacket(input)) {
      Optional<Bytes> content = SEAL.open(input);
      if (content.isPresent()) {
        readClaim(content.get());
      }
    }
  }
}
