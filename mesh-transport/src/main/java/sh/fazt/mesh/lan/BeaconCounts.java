package sh.fazt.mesh.lan;

import java.util.EnumMap;
import java.util.Map;

/**
 * What has been heard so far, in packets; immutable.
 *
 * @param signatures how many signatures were checked
 * @param dropped how many packets were, and why
 */
public record BeaconCounts(long heard, long signatures, Map<Drop, Long> dropped) {
  /** Why a packet was dropped, in the order in which it is asked: what costs least comes first. */
  public enum Drop {
    /** Too long, or nothing that begins like a beacon of this version. */
    NO_BEACON,
    /** Its source sends too many. */
    SOURCE,
    /** All sources together do. */
    FLOOD,
    /** Sealed by another mesh, or by none. */
    SEAL,
    /** Well sealed, and no beacon. */
    MALFORMED,
    /** This node's own. */
    OWN,
    /** Of a node that is no member. */
    STRANGER,
    /** Heard before, or older than what was. */
    OLD,
    /** It names no address of the network that it came by. */
    ELSEWHERE,
    /** There are {@link BeaconLimits#NEIGHBOURS_MAX} already. */
    FULL,
    /** Too many in the name of that member, or of all. */
    TOO_OFTEN,
    /** Not signed by the node in whose name it speaks. */
    SIGNATURE
  }

  public BeaconCounts {
    dropped = Map.copyOf(dropped);
  }

  /** How many were dropped for {@code reason}. */
  public long dropped(Drop reason) {
    return dropped.getOrDefault(reason, 0L);
  }

  /** Counts; confined. */
  static final class Tally {
    private final Map<Drop, Long> dropped = new EnumMap<>(Drop.class);
    private long heard;
    private long signatures;

    void heard() {
      heard++;
    }

    void verifying() {
      signatures++;
    }

    void dropped(Drop reason) {
      dropped.merge(reason, 1L, Long::sum);
    }

    BeaconCounts counts() {
      return new BeaconCounts(heard, signatures, dropped);
    }
  }
}
