package sh.fazt.mesh.lan;

import java.util.List;
import sh.fazt.mesh.bytes.Bytes;

/**
 * A local network as one of our interfaces sees it.
 *
 * @param name of the interface
 */
record Network(String name, List<Prefix> prefixes) {
  Network {
    prefixes = List.copyOf(prefixes);
  }

  /** Whether {@code address} is of this network. */
  boolean holds(Bytes address) {
    return prefixes.stream().anyMatch(prefix -> prefix.holds(address));
  }

  /**
   * All addresses whose first bits are those of {@code address}.
   *
   * @param address our own, 4 or 16 bytes
   * @param bits how many
   */
  record Prefix(Bytes address, int bits) {
    Prefix {
      if (bits < 0 || bits > address.size() * Byte.SIZE) {
        throw new IllegalArgumentException("a prefix of " + bits + " bits");
      }
    }

    boolean holds(Bytes other) {
      if (other.size() != address.size()) {
        return false;
      }
      for (int bit = 0; bit < bits; bit++) {
        int mask = 0x80 >> (bit % Byte.SIZE);
        if (((other.at(bit / Byte.SIZE) ^ address.at(bit / Byte.SIZE)) & mask) != 0) {
          return false;
        }
      }
      return true;
    }
  }
}
