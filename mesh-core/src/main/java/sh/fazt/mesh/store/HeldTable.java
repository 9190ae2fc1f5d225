package sh.fazt.mesh.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.change.RowKey;
import sh.fazt.mesh.schema.TrackedTable;
import sh.fazt.mesh.schema.Value;

/**
 * Rows that the application has deleted in such numbers that nobody is told before a person says
 * so. Their shadows show them still. Confined.
 */
public final class HeldTable {
  private final Database database;

  public HeldTable(Database database) {
    this.database = database;
  }

  /**
   * A row that is gone and not told of.
   *
   * @param touchedMillis when it went, Unix milliseconds
   */
  public record Held(RowKey key, long touchedMillis) {}

  /** Holds the delete of a row; inside a write transaction. */
  public void put(TrackedTable table, Held held, long nowMillis) {
    database.execute(
        """
        INSERT INTO _mesh_held (tbl, key, at, since) VALUES (?, ?, ?, ?)
        ON CONFLICT (tbl, key) DO UPDATE SET at = excluded.at""",
        Value.of(table.number()),
        Value.of(held.key().encoded()),
        Value.of(held.touchedMillis()),
        Value.of(nowMillis));
  }

  /** Whether the delete of a row is held, and if so, whether it was let go. */
  public Optional<Boolean> released(TrackedTable table, RowKey key) {
    return database
        .first(
            "SELECT released FROM _mesh_held WHERE tbl = ? AND key = ?",
            Value.of(table.number()),
            Value.of(key.encoded()))
        .map(value -> !value.equals(Value.of(0)));
  }

  /** Since when the delete of a row was held, Unix milliseconds, if it was let go. */
  public OptionalLong letGo(TrackedTable table, RowKey key) {
    return database
        .first(
            "SELECT since FROM _mesh_held WHERE tbl = ? AND key = ? AND released <> 0",
            Value.of(table.number()),
            Value.of(key.encoded()))
        .map(since -> OptionalLong.of(((Value.Int) since).value()))
        .orElse(OptionalLong.empty());
  }

  public void remove(TrackedTable table, RowKey key) {
    database.execute(
        "DELETE FROM _mesh_held WHERE tbl = ? AND key = ?",
        Value.of(table.number()),
        Value.of(key.encoded()));
  }

  /** Whether there is any of that table, let go or not. */
  public boolean isEmpty(TrackedTable table) {
    return database
        .first("SELECT 1 FROM _mesh_held WHERE tbl = ? LIMIT 1", Value.of(table.number()))
        .isEmpty();
  }

  /** How many wait. */
  public long count(TrackedTable table) {
    return database.scalar(
        "SELECT count(*) FROM _mesh_held WHERE tbl = ? AND released = 0", Value.of(table.number()));
  }

  /** Since when the first of them has waited, Unix milliseconds; 0 if none does. */
  public long sinceMillis(TrackedTable table) {
    return database.scalar(
        "SELECT min(since) FROM _mesh_held WHERE tbl = ? AND released = 0",
        Value.of(table.number()));
  }

  /**
   * Those that wait, in the order of their keys.
   *
   * @param after the encoded key after which to begin; empty for the first
   * @param untilMillis those that wait since then or longer, Unix milliseconds
   */
  public List<Held> page(TrackedTable table, Bytes after, long untilMillis, int limit) {
    List<Held> page = new ArrayList<>();
    String sql =
        """
        SELECT key, at FROM _mesh_held
        WHERE tbl = ? AND key > ? AND released = 0 AND since <= ? ORDER BY key LIMIT ?""";
    try (Rows rows =
        database.query(
            sql,
            Value.of(table.number()),
            Value.of(after),
            Value.of(untilMillis),
            Value.of(limit))) {
      while (rows.next()) {
        page.add(new Held(RowKey.decoded(rows.blob(0)), rows.integer(1)));
      }
    }
    return page;
  }

  /** Lets a delete go: the next look at its row tells of it; inside a write transaction. */
  public void release(TrackedTable table, RowKey key) {
    database.execute(
        "UPDATE _mesh_held SET released = 1 WHERE tbl = ? AND key = ?",
        Value.of(table.number()),
        Value.of(key.encoded()));
  }

  /** Forgets all of a table; inside a write transaction. */
  public void clear(TrackedTable table) {
    database.execute("DELETE FROM _mesh_held WHERE tbl = ?", Value.of(table.number()));
  }
}
