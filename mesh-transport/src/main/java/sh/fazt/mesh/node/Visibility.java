package sh.fazt.mesh.node;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.lan.LanConfig;
import sh.fazt.mesh.netty.ListenAddress;

/**
 * How others get to know where this node can be dialled.
 *
 * @param listen where it listens, with the port that it really has
 */
record Visibility(ListenAddress listen, LanChoice lan) {
  /** What peers are told, {@code HOST:PORT}. */
  List<String> addresses() {
    return Whereabouts.of(listen);
  }

  /**
   * How to send beacons.
   *
   * @throws MeshException BEACON_OFF if none are to be sent
   */
  LanConfig beacons() {
    if (!lan.on()) {
      throw silent(
          "it was started with --no-beacon; stop it, and start it without",
          "fazt mesh daemon --stop");
    }
    try {
      InetAddress host = InetAddress.getByName(listen.host());
      if (host.isLoopbackAddress() && lan.interfaces().isEmpty()) {
        throw silent(
            "it listens on "
                + listen.host()
                + " alone, where no other machine can reach it; stop it, and start it with --listen"
                + " 0.0.0.0:8443",
            "fazt mesh daemon --stop");
      }
      return new LanConfig(host, listen.port(), lan.interfaces(), lan.udpPort());
    } catch (UnknownHostException e) {
      throw silent("the host " + listen.host() + " is unknown here", "fazt mesh doctor");
    }
  }

  static MeshException silent(String why, String remedy) {
    return new MeshException(ErrorCode.BEACON_OFF, "this node sends no beacons: " + why, remedy);
  }
}
