package sh.fazt.mesh.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.change.RowKey;
import sh.fazt.mesh.clock.Stamp;
import sh.fazt.mesh.schema.Value;

/**
 * Values that lost to a write whose author had not seen them, or were written where nobody may.
 * Confined.
 */
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
    DELETED,
    /** Nothing beat it: the node that wrote it may not write. */
    REFUSED
  }

  /**
   * One lost value.
   *
   * @param kept the stamp of what stands in its place; its own where nothing does
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
   * A conflict as it was found here.
   *
   * @param number its own, for good
   * @param atMillis when it was found, Unix milliseconds
   * @param settledMillis when the lost value came to stand again, Unix milliseconds; 0 while open
   */
  public record Found(long number, long atMillis, long settledMillis, Conflict conflict) {
    public boolean isOpen() {
      return settledMillis == 0;
    }
  }

  private static final String FOUND =
      """
      SELECT id, at, settled, tbl, key, col, lost, lost_site, lost_hlc, kept_site, kept_hlc, rule
      FROM _mesh_conflict\s""";

  /**
   * Those that were found last, the latest first.
   *
   * @param evenSettled whether settled ones are among them
   */
  public List<Found> latest(int limit, boolean evenSettled) {
    String which = evenSettled ? "" : "WHERE settled = 0 ";
    return list(which + "ORDER BY id DESC LIMIT ?", Value.of(limit));
  }

  public Optional<Found> find(long number) {
    return list("WHERE id = ?", Value.of(number)).stream().findFirst();
  }

  /** Those of one row, settled or not, the latest first. */
  public List<Found> ofRow(String table, RowKey key) {
    return list(
        "WHERE tbl = ? AND key = ? ORDER BY id DESC", Value.of(table), Value.of(key.encoded()));
  }

  private List<Found> list(String condition, Value... arguments) {
    List<Found> list = new ArrayList<>();
    try (Rows rows = database.query(FOUND + condition, arguments)) {
      while (rows.next()) {
        Conflict conflict =
            new Conflict(
                rows.text(3),
                new RowKey(values(rows.blob(4))),
                rows.text(5),
                values(rows.blob(6)).get(0),
                stamp(rows, 7),
                stamp(rows, 9),
                Rule.valueOf(rows.text(11)));
        list.add(new Found(rows.integer(0), rows.integer(1), rows.integer(2), conflict));
      }
    } catch (MalformedException e) {
      throw new IllegalStateException("a stored conflict is malformed", e);
    }
    return list;
  }

  /** Whether any conflict of the table is open. */
  public boolean hasOpen(String table) {
    return database
        .first(
            "SELECT 1 FROM _mesh_conflict WHERE tbl = ? AND settled = 0 LIMIT 1", Value.of(table))
        .isPresent();
  }

  /** Whether any conflict of the row is open. */
  public boolean hasOpen(String table, RowKey key) {
    return database
        .first(
            "SELECT 1 FROM _mesh_conflict WHERE tbl = ? AND key = ? AND settled = 0 LIMIT 1",
            Value.of(table),
            Value.of(key.encoded()))
        .isPresent();
  }

  /** Closes those of a cell whose lost value stands again; inside a write transaction. */
  public void settle(String table, RowKey key, String column, Value stands, long nowMillis) {
    database.execute(
        """
        UPDATE _mesh_conflict SET settled = ?
        WHERE tbl = ? AND key = ? AND col = ? AND lost = ? AND settled = 0""",
        Value.of(nowMillis),
        Value.of(table),
        Value.of(key.encoded()),
        Value.of(column),
        Value.of(encoded(stands)));
  }

  /** Closes one; inside a write transaction. */
  public void settle(long number, long nowMillis) {
    database.execute(
        "UPDATE _mesh_conflict SET settled = ? WHERE id = ? AND settled = 0",
        Value.of(nowMillis),
        Value.of(number));
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

  /** How many that lost to another write are open. */
  public long countOpen() {
    return countSince(Long.MIN_VALUE);
  }

  /** How many of these were found since {@code sinceMillis}, Unix milliseconds. */
  public long countSince(long sinceMillis) {
    return database.scalar(
        "SELECT count(*) FROM _mesh_conflict WHERE at >= ? AND settled = 0 AND rule <> 'REFUSED'",
        Value.of(sinceMillis));
  }
}
