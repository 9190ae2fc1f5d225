package sh.fazt.mesh.store;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import sh.fazt.mesh.schema.Value;

/**
 * Delivered changes that cannot show yet, each as a place in the change log. Nothing waits for
 * them. Confined.
 */
public final class ParkedTable {
  private final Database database;

  public ParkedTable(Database database) {
    this.database = database;
  }

  /** Why a change waits. */
  public enum Reason {
    UNKNOWN_TABLE,
    UNKNOWN_COLUMN,
    UNKNOWN_COLUMN_TYPE,
    OTHER_KEY,
    UNKEPT_KEY,
    FROM_THE_FUTURE,
    /** It is part of a mass delete, and nobody has said yet what becomes of it. */
    HELD
  }

  /** The due time of what waits for a person. */
  public static final long NEVER = -1;

  /**
   * One parked change.
   *
   * @param batch the batch's number in the change log
   * @param position the change's place in the batch, from 0
   * @param dueMillis when to look again, Unix milliseconds; 0 for when the schema moves, {@link
   *     #NEVER} for when a person says
   */
  public record Parked(
      long batch, int position, String table, Reason reason, String detail, long dueMillis) {}

  public void put(Parked parked) {
    database.execute(
        """
        INSERT INTO _mesh_parked (batch, position, tbl, reason, detail, due)
        VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT (batch, position) DO UPDATE SET
          reason = excluded.reason, detail = excluded.detail, due = excluded.due""",
        Value.of(parked.batch()),
        Value.of(parked.position()),
        Value.of(parked.table()),
        Value.of(parked.reason().name()),
        Value.of(parked.detail()),
        Value.of(parked.dueMillis()));
  }

  public void remove(Parked parked) {
    database.execute(
        "DELETE FROM _mesh_parked WHERE batch = ? AND position = ?",
        Value.of(parked.batch()),
        Value.of(parked.position()));
  }

  /** The first of those whose time has come, in the order of delivery. */
  public List<Parked> due(long nowMillis, int limit) {
    return list(
        "WHERE due > 0 AND due <= ? ORDER BY batch, position LIMIT ?",
        Value.of(nowMillis),
        Value.of(limit));
  }

  /** Makes those that wait for the schema due. */
  public void wake() {
    database.run("UPDATE _mesh_parked SET due = 1 WHERE due = 0");
  }

  /**
   * The held deletes of a table, in the order of delivery.
   *
   * @param newest the number of the last batch that may have brought them
   */
  public List<Parked> held(String table, long newest, int limit) {
    return list(
        "WHERE reason = 'HELD' AND tbl = ? COLLATE NOCASE AND batch <= ?"
            + " ORDER BY batch, position LIMIT ?",
        Value.of(table),
        Value.of(newest),
        Value.of(limit));
  }

  /**
   * Held deletes of one table by one site.
   *
   * @param site the author's number in {@link SiteBook}
   * @param sinceMillis when the first of them came, Unix milliseconds
   */
  public record Held(String table, int site, long changes, long sinceMillis) {}

  /** All held deletes, by table and author. */
  public List<Held> held() {
    List<Held> held = new ArrayList<>();
    String sql =
        """
        SELECT p.tbl, b.site, count(*), min(b.received_at)
        FROM _mesh_parked AS p JOIN _mesh_batch AS b ON b.id = p.batch
        WHERE p.reason = 'HELD' GROUP BY p.tbl COLLATE NOCASE, b.site
        ORDER BY p.tbl COLLATE NOCASE, b.site""";
    try (Rows rows = database.query(sql)) {
      while (rows.next()) {
        held.add(new Held(rows.text(0), (int) rows.integer(1), rows.integer(2), rows.integer(3)));
      }
    }
    return held;
  }

  public List<Parked> all(int limit) {
    return list("ORDER BY batch, position LIMIT ?", Value.of(limit));
  }

  /** Those of one table, in the order of delivery. */
  public List<Parked> of(String table, int limit) {
    return list(
        "WHERE tbl = ? COLLATE NOCASE ORDER BY batch, position LIMIT ?",
        Value.of(table),
        Value.of(limit));
  }

  /** The places of one batch's parked changes in it. */
  public Set<Integer> positions(long batch) {
    Set<Integer> positions = new HashSet<>();
    String sql = "SELECT position FROM _mesh_parked WHERE batch = ?";
    try (Rows rows = database.query(sql, Value.of(batch))) {
      while (rows.next()) {
        positions.add((int) rows.integer(0));
      }
    }
    return positions;
  }

  /** How many changes of one batch are parked. */
  public long count(long batch) {
    return database.scalar("SELECT count(*) FROM _mesh_parked WHERE batch = ?", Value.of(batch));
  }

  public long count() {
    return database.scalar("SELECT count(*) FROM _mesh_parked");
  }

  /**
   * Parked changes of one table and one reason.
   *
   * @param sinceMillis when the first of them was delivered, Unix milliseconds
   * @param dueMillis when to look at the first of them again; 0 for when the schema moves
   */
  public record Group(
      String table, Reason reason, String detail, long changes, long sinceMillis, long dueMillis) {}

  /** All of them, by table. */
  public List<Group> groups() {
    List<Group> groups = new ArrayList<>();
    String sql =
        """
        SELECT tbl, reason, detail, count(*), min(received_at), min(due)
        FROM _mesh_parked AS p JOIN _mesh_batch AS b ON b.id = p.batch
        GROUP BY tbl COLLATE NOCASE, reason, detail COLLATE NOCASE
        ORDER BY tbl COLLATE NOCASE, reason, detail""";
    try (Rows rows = database.query(sql)) {
      while (rows.next()) {
        groups.add(
            new Group(
                rows.text(0),
                Reason.valueOf(rows.text(1)),
                rows.text(2),
                rows.integer(3),
                rows.integer(4),
                rows.integer(5)));
      }
    }
    return groups;
  }

  private List<Parked> list(String condition, Value... arguments) {
    List<Parked> parked = new ArrayList<>();
    String sql = "SELECT batch, position, tbl, reason, detail, due FROM _mesh_parked " + condition;
    try (Rows rows = database.query(sql, arguments)) {
      while (rows.next()) {
        parked.add(
            new Parked(
                rows.integer(0),
                (int) rows.integer(1),
                rows.text(2),
                Reason.valueOf(rows.text(3)),
                rows.text(4),
                rows.integer(5)));
      }
    }
    return parked;
  }
}
