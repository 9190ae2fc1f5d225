package sh.fazt.mesh.lan;

import java.util.List;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.identity.VerifyKey;
import sh.fazt.mesh.roster.Printable;

/**
 * What a node says of itself on one local network.
 *
 * @param kind whether others are to answer
 * @param sequence grows from beacon to beacon of a node, also over restarts: its clock's Unix
 *     milliseconds, or one more than the last. Beacons that are sent at once on several networks
 *     share it
 * @param name what the node is to be called here
 * @param port of TCP, where it can be dialled
 * @param addresses that it has on this network, 4 or 16 bytes each, the likeliest first
 */
record Beacon(
    Kind kind, VerifyKey node, long sequence, String name, int port, List<Bytes> addresses) {
  static final int IPV4_BYTES = 4;
  static final int IPV6_BYTES = 16;

  /** What a beacon is for. */
  enum Kind {
    ANNOUNCEMENT(1),
    /** An announcement whose hearers are to announce themselves at once. */
    QUESTION(2);

    final int code;

    Kind(int code) {
      this.code = code;
    }

    static Kind of(int code) throws MalformedException {
      for (Kind kind : values()) {
        if (kind.code == code) {
          return kind;
        }
      }
      throw new MalformedException("beacon of kind " + code);
    }
  }

  Beacon {
    if (sequence < 1 || port < 1 || port > 0xffff) {
      throw new IllegalArgumentException("sequence " + sequence + ", port " + port);
    }
    Printable.require("a beacon's name", name, BeaconLimits.NAME_BYTES_MAX);
    addresses = List.copyOf(addresses);
    if (addresses.size() > BeaconLimits.ADDRESSES_MAX) {
      throw new IllegalArgumentException(addresses.size() + " addresses");
    }
    for (Bytes address : addresses) {
      if (address.size() != IPV4_BYTES && address.size() != IPV6_BYTES) {
        throw new IllegalArgumentException("an address of " + address.size() + " bytes");
      }
    }
  }

  /** Kind, node, sequence (u64), port (u16), name, addresses. */
  Bytes encoded() {
    ByteWriter out = new ByteWriter(BeaconLimits.PACKET_BYTES_MAX);
    out.u8(kind.code).raw(node.value()).u64(sequence).u16(port).text(name);
    out.varint(addresses.size());
    addresses.forEach(out::bytes);
    return out.toBytes();
  }
}
