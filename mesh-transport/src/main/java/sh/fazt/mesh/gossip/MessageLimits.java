package sh.fazt.mesh.gossip;

import sh.fazt.mesh.roster.RosterLimits;
import sh.fazt.mesh.wire.WireLimits;

/** The limits of a message, the same on every node; a message beyond any of them is malformed. */
public final class MessageLimits {
  /** The version of this protocol; links are kept between equal versions only. */
  public static final int PROTOCOL_VERSION = 1;

  /** Bytes of an envelope that travels in one {@link Batch} or one {@link BatchPart}. */
  public static final int PART_BYTES_MAX = 256 << 10;

  /** Bytes of a {@link BatchPart} that is not the last of its batch. */
  public static final int PART_BYTES_MIN = 16 << 10;

  /** Bytes of an envelope. */
  public static final int ENVELOPE_BYTES_MAX = WireLimits.ENVELOPE_BYTES_MAX;

  /** Parts of an envelope. */
  public static final int PARTS_MAX = ENVELOPE_BYTES_MAX / PART_BYTES_MIN + 1;

  /** The highest id of a {@link Want}. */
  public static final long WANT_ID_MAX = 0xffff_ffffL;

  /** Ranges in a {@link Want}. */
  public static final int WANT_RANGES_MAX = 10_000;

  /** Bytes of an encoded roster operation. */
  public static final int ROSTER_OP_BYTES_MAX = RosterLimits.OPERATION_BYTES_MAX;

  /** Operations in one {@link RosterOps}. */
  public static final int ROSTER_OPS_MAX = 1_024;

  /** Bytes of the operations in one {@link RosterOps}. */
  public static final int ROSTER_BYTES_MAX = 512 << 10;

  /** Bytes of a node's name or a program's version, as UTF-8. */
  public static final int NAME_BYTES_MAX = 128;

  /** Listen addresses in a {@link Hello}. */
  public static final int ADDRESSES_MAX = 16;

  /** Bytes of a listen address, as UTF-8. */
  public static final int ADDRESS_BYTES_MAX = 280;

  /** Locations in one {@link Locations}. */
  public static final int LOCATIONS_MAX = 128;

  /** Incarnations of one node that a {@link Hello} may speak of. */
  public static final int INCARNATIONS_MAX = 1_000;

  /** Bytes of the code in a {@link Refuse}, as UTF-8. */
  public static final int CODE_BYTES_MAX = 64;

  /** Bytes of a text meant for people, as UTF-8. */
  public static final int TEXT_BYTES_MAX = 512;

  /** Bytes of what an application broadcasts. */
  public static final int BROADCAST_BYTES_MAX = 16 << 10;

  /** Nodes over which a broadcast may come. */
  public static final int BROADCAST_HOPS_MAX = 32;

  private MessageLimits() {}
}
