package sh.fazt.mesh.wire;

import sh.fazt.mesh.schema.Value;

/** The limits of a batch; a batch beyond any of them is malformed. */
public final class WireLimits {
  /** Bytes of a batch before compression: one value of the largest size and its surroundings. */
  public static final int BATCH_BYTES_MAX = Value.BYTES_MAX + (1 << 20);

  /** Bytes of a batch before compression if it carries another site's. */
  public static final int CARRIER_BYTES_MAX = BATCH_BYTES_MAX + (1 << 20);

  /** Bytes of a compressed batch. */
  public static final int ENVELOPE_BYTES_MAX = CARRIER_BYTES_MAX + (1 << 16);

  /** Changes in a batch. */
  public static final int CHANGES_MAX = 100_000;

  /** Bytes before compression at which a harvest ends a batch and begins the next. */
  public static final int BATCH_BYTES_TARGET = 256 << 10;

  /** Changes at which a harvest ends a batch and begins the next. */
  public static final int BATCH_CHANGES_TARGET = 4_096;

  /** Bytes of a table's or column's name. */
  public static final int NAME_BYTES_MAX = 1_024;

  /** Columns of a table; SQLite's own limit is 32,767. */
  public static final int COLUMNS_MAX = 2_000;

  /** Tables in a batch. */
  public static final int TABLES_MAX = 10_000;

  /** Sites that a batch may name. */
  public static final int SITES_MAX = 10_000;

  private WireLimits() {}
}
