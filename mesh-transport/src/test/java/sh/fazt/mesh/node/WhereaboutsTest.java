package sh.fazt.mesh.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;

class WhereaboutsTest {
  private static InetAddress literal(String address) throws UnknownHostException {
    return InetAddress.getAllByName(address)[0];
  }

  @Test
  void likeliestAddressComesFirstAndNoneNamesAnInterface() throws UnknownHostException {
    byte[] local = literal("fd00::2").getAddress();
    List<InetAddress> own =
        List.of(
            Inet6Address.getByAddress(null, local, 3),
            literal("fe80::1"),
            literal("192.168.1.5"),
            literal("2001:db8::7"),
            literal("203.0.113.9"),
            literal("127.0.0.1"));
    assertThat(Whereabouts.likeliestFirst(own))
        .extracting(InetAddress::getHostAddress)
        .containsExactly(
            "203.0.113.9", "2001:db8:0:0:0:0:0:7", "192.168.1.5", "fd00:0:0:0:0:0:0:2");
  }
}
