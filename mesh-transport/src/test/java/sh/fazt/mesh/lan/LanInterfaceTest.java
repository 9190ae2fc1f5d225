package sh.fazt.mesh.lan;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LanInterfaceTest {
  @Test
  void ofMoreInterfacesThanTheLimitTheFirstByNameAreSpokenOn() throws Exception {
    NetworkInterface device = NetworkInterface.getByInetAddress(InetAddress.getLoopbackAddress());
    List<LanInterface> found = new ArrayList<>();
    for (int i = 0; i <= BeaconLimits.INTERFACES_MAX; i++) {
      Network network = new Network("net%02d".formatted(i), List.of());
      found.add(new LanInterface(device, network, List.of()));
    }
    List<LanInterface> wanted = List.copyOf(found.subList(0, BeaconLimits.INTERFACES_MAX));
    Collections.reverse(found);
    assertThat(LanInterface.first(found)).isEqualTo(wanted);
  }
}
