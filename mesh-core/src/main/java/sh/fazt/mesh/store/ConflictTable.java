package sh.fazt.mesh.store;

import java.util.ArrayList;
import java.util.List;
import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;
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

  /**
   * A conflict and when it was found here.
   *
   * @param atMillis Unix milliseconds
   */
  public record Found(long atMillis, Conflict conflict) {}

  /** Those that were found last, the latest first. */
  public List<Found> latest(int limit) {
    List<Found> latest = new ArrayList<>();
    String sql =
        """
        SELECT at, tbl, key, col, lost, lost_site, lost_hlc, kept_site, kept_hlc, rule
        FROM _mesh_conflict ORDER BY id DESC LIMIT ?""";
    try (Rows rows = database.query(sql, Value.of(limit))) {
      while (rows.next()) {
        Conflict conflict =
            new Conflict(
                rows.text(1),
                new RowKey(values(rows.blob(2))),
                rows.text(3),
                values(rows.blob(4)).get(0),
                stamp(rows, 5),
                stamp(rows, 7),
                Rule.valueOf(rows.text(9)));
        latest.add(new Found(rows.integer(0), conflict));
      }
    } catch (MalformedException e) {
      throw new IllegalStateException("a stored conflict is malformed", e);
    }
    return latest;
  }

  private Stamp stamp(Rows rows, int column) {
    return new Stamp(
        StoredHlc.of(rows.integer(column + 1)), sites.site((int) rows.integer(column)));
  }

  private static List<Value> values(Bytes encoded) throws MalformedException {
    ByteReader in = new ByteReader(encoded);
    List<Value> values = new ArrayList<>();
    while (in.remaining() > 0) {
      values.add(Value.readFrom(in));
    }
    return values;
  }

  /** How many were found since {@code sinceMillis}, Unix milliseconds. */
  public long countSince(long sinceMillis) {
    return database.scalar(
        "SELECT count(*) FROM _mesh_conflict WHERE at >= ?", Value.of(sinceMillis));
  }
}
