package sh.fazt.mesh.store;

import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.change.RowKey;
import sh.fazt.mesh.clock.Stamp;
import sh.fazt.mesh.schema.Value;

/** Values that lost to a write whose author had not seen them. Confined. */
public final class ConflictTable {
  private final Database database;
  private final SiteBook sites;

  public ConflictTable(Database database, SiteBook sites) {
    this.database = database;
    this.sites = sites;
  }

  /** What decided. */
  public enum Rule {
    LWW,
    DELETED
  }

  /**
   * One lost value.
   *
   * @param kept the stamp of what stands in its place
   */
  public record Conflict(
      String table,
      RowKey key,
      String column,
      Value lostValue,
      Stamp lost,
      Stamp kept,
      Rule rule) {}

  /** Keeps a lost value, once, however often its loss is found. */
  public void put(Conflict conflict, long nowMillis) {
    database.execute(
        """
        INSERT INTO _mesh_conflict
          (at, tbl, key, col, lost, lost_site, lost_hlc, kept_site, kept_hlc, rule)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT DO NOTHING""",
        Value.of(nowMillis),
        Value.of(conflict.table()),
        Value.of(conflict.key().encoded()),
        Value.of(conflict.column()),
        Value.of(encoded(conflict.lostValue())),
        Value.of(sites.number(conflict.lost().site())),
        StoredHlc.value(conflict.lost().hlc()),
        Value.of(sites.number(conflict.kept().site())),
        StoredHlc.value(conflict.kept().hlc()),
        Value.of(conflict.rule().name()));
  }

  private static Bytes encoded(Value value) {
    ByteWriter out = new ByteWriter(64);
    value.writeTo(out);
    return out.toBytes();
  }

  /** How many were found since {@code sinceMillis}, Unix milliseconds. */
  public long countSince(long sinceMillis) {
    return database.scalar(
        "SELECT count(*) FROM _mesh_conflict WHERE at >= ?", Value.of(sinceMillis));
  }
}
