package sh.fazt.mesh.lan;

import sh.fazt.mesh.roster.RosterLimits;

/** The limits and paces of beacons, each with its unit. */
public final class BeaconLimits {
  /** Bytes of a packet; a longer one is not looked at. */
  public static final int PACKET_BYTES_MAX = 512;

  /** Bytes of the name that a node announces, as UTF-8. */
  public static final int NAME_BYTES_MAX = RosterLimits.NAME_BYTES_MAX;

  /** Addresses in one beacon, and kept of one member. */
  public static final int ADDRESSES_MAX = 8;

  /** Members that are remembered at a time; one more is not taken in. */
  public static final int NEIGHBOURS_MAX = 100;

  /** Milliseconds between two announcements, less up to a tenth. */
  public static final long ANNOUNCE_MILLIS = 30_000;

  /** Milliseconds at least between two announcements that were asked for. */
  public static final long GAP_MILLIS = 1_000;

  /** Milliseconds within which a question is answered, so that not all speak at once. */
  public static final long ANSWER_MILLIS = 100;

  /** Milliseconds that a scan listens. */
  public static final long SCAN_MILLIS = 5_000;

  /** Milliseconds without a word after which a member is lost. */
  public static final long LOST_MILLIS = 300_000;

  /** Packets of one source that are looked into. */
  static final Rate SOURCE = new Rate(64, 16);

  /**
   * Sources whose packets are counted; the one that was silent longest is forgotten for another.
   */
  static final int SOURCES_MAX = 256;

  /** Packets of all sources that are looked into. */
  static final Rate ALL = new Rate(1_024, 256);

  /** Beacons in the name of one member whose signature is checked. */
  static final Rate MEMBER = new Rate(8, 1);

  /** Signatures that are checked at all. */
  static final Rate SIGNATURES = new Rate(256, 64);

  /** Interfaces that are spoken on. */
  static final int INTERFACES_MAX = 16;

  /** Packets that are read of one socket before it has to rest. */
  static final int READS_MAX = 64;

  /** Milliseconds that a socket rests which had so many; the system drops what comes meanwhile. */
  static final long REST_MILLIS = 25;

  private BeaconLimits() {}

  /**
   * How many are let through.
   *
   * @param burst at once
   * @param perSecond in the long run
   */
  record Rate(int burst, int perSecond) {}
}
