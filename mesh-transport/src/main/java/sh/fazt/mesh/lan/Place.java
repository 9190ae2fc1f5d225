package sh.fazt.mesh.lan;

import java.util.StringJoiner;
import sh.fazt.mesh.bytes.Bytes;

/**
 * Where a member can be dialled on a local network.
 *
 * @param address 4 or 16 bytes
 * @param network the interface through which that is
 */
record Place(Bytes address, int port, String network) {
  /** {@code 192.168.1.22:8443}, {@code [fe80:0:0:0:1:2:3:4%eth0]:8443}. */
  String text() {
    return (address.size() == Beacon.IPV4_BYTES ? ipv4() : "[" + ipv6() + "]") + ":" + port;
  }

  private String ipv4() {
    StringJoiner host = new StringJoiner(".");
    for (int i = 0; i < address.size(); i++) {
      host.add(String.valueOf(address.at(i)));
    }
    return host.toString();
  }

  /** As Java writes it: without a gap for zeros, and with the interface where it is needed. */
  private String ipv6() {
    StringJoiner host = new StringJoiner(":");
    for (int i = 0; i < address.size(); i += 2) {
      host.add(Integer.toHexString(address.at(i) << Byte.SIZE | address.at(i + 1)));
    }
    boolean linkLocal = address.at(0) == 0xfe && (address.at(1) & 0xc0) == 0x80;
    return host + (linkLocal ? "%" + network : "");
  }
}
