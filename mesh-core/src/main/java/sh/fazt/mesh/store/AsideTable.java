package sh.fazt.mesh.store;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.change.RowKey;
import sh.fazt.mesh.schema.TrackedTable;
import sh.fazt.mesh.schema.Value;

/**
 * Living rows that a rule of their table keeps out of it, whole, with the values they would show.
 * Confined.
 */
public final class AsideTable {
  private final Database database;
  private boolean empty;

  /** For one transaction: that the table is empty is asked once. */
  public AsideTable(Database database) {
    this.database = database;
    this.empty = count() == 0;
  }

  /**
   * Keeps a row, in place of what was kept of it.
   *
   * @param cells the row's values by column number
   */
  public void put(
      TrackedTable table, RowKey key, Map<Integer, Value> cells, String reason, long nowMillis) {
    empty = false;
    database.execute(
        """
        INSERT INTO _mesh_aside (tbl, key, cells, reason, since, tried) VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT (tbl, key) DO UPDATE SET
          cells = excluded.cells, reason = excluded.reason, tried = excluded.tried""",
        Value.of(table.number()),
        Value.of(key.encoded()),
        Value.of(encoded(cells)),
        Value.of(reason),
        Value.of(nowMillis),
        Value.of(nowMillis));
  }

  /** The values that are kept of a row, if it is set aside. */
  public Optional<SortedMap<Integer, Value>> find(TrackedTable table, RowKey key) {
    return empty ? Optional.empty() : held(table, key).map(Held::cells);
  }

  /**
   * A row that is set aside.
   *
   * @param cells the values that it would show, by column number
   * @param reason the rule that keeps it out, in SQLite's words or ours
   * @param sinceMillis since when, Unix milliseconds
   */
  public record Held(SortedMap<Integer, Value> cells, String reason, long sinceMillis) {
    public Held {
      cells = Collections.unmodifiableSortedMap(new TreeMap<>(cells));
    }
  }

  /** A row, if it is set aside. */
  public Optional<Held> held(TrackedTable table, RowKey key) {
    String sql = "SELECT cells, reason, since FROM _mesh_aside WHERE tbl = ? AND key = ?";
    try (Rows rows = database.query(sql, Value.of(table.number()), Value.of(key.encoded()))) {
      return rows.next()
          ? Optional.of(new Held(decodedCells(rows.blob(0)), rows.text(1), rows.integer(2)))
          : Optional.empty();
    }
  }

  public void remove(TrackedTable table, RowKey key) {
    if (!empty) {
      database.execute(
          "DELETE FROM _mesh_aside WHERE tbl = ? AND key = ?",
          Value.of(table.number()),
          Value.of(key.encoded()));
    }
  }

  /** The rows of a table that are set aside, those first that were looked at the longest ago. */
  public List<RowKey> keys(TrackedTable table, int limit) {
    List<RowKey> keys = new ArrayList<>();
    if (empty) {
      return keys;
    }
    String sql = "SELECT key FROM _mesh_aside WHERE tbl = ? ORDER BY tried, key LIMIT ?";
    try (Rows rows = database.query(sql, Value.of(table.number()), Value.of(limit))) {
      while (rows.next()) {
        keys.add(RowKey.decoded(rows.blob(0)));
      }
    }
    return keys;
  }

  /** The rows of a table that are set aside, in the order of their keys, behind one of them. */
  public List<RowKey> keysAfter(TrackedTable table, Optional<RowKey> after, int limit) {
    List<RowKey> keys = new ArrayList<>();
    if (empty) {
      return keys;
    }
    String sql = "SELECT key FROM _mesh_aside WHERE tbl = ? AND key > ? ORDER BY key LIMIT ?";
    Bytes behind = after.map(RowKey::encoded).orElse(Bytes.EMPTY);
    try (Rows rows =
        database.query(sql, Value.of(table.number()), Value.of(behind), Value.of(limit))) {
      while (rows.next()) {
        keys.add(RowKey.decoded(rows.blob(0)));
      }
    }
    return keys;
  }

  /**
   * The row of a table that has been set aside for longest.
   *
   * @param sinceMillis Unix milliseconds
   */
  public record Eldest(RowKey key, String reason, long sinceMillis) {}

  /** That row, if any of the table is set aside. */
  public Optional<Eldest> eldest(TrackedTable table) {
    if (empty) {
      return Optional.empty();
    }
    String sql =
        "SELECT key, reason, since FROM _mesh_aside WHERE tbl = ? ORDER BY since, key LIMIT 1";
    try (Rows rows = database.query(sql, Value.of(table.number()))) {
      return rows.next()
          ? Optional.of(new Eldest(RowKey.decoded(rows.blob(0)), rows.text(1), rows.integer(2)))
          : Optional.empty();
    }
  }

  public long count() {
    return database.scalar("SELECT count(*) FROM _mesh_aside");
  }

  /** How many rows of one table are set aside. */
  public long count(TrackedTable table) {
    return database.scalar(
        "SELECT count(*) FROM _mesh_aside WHERE tbl = ?", Value.of(table.number()));
  }

  static Bytes encoded(Map<Integer, Value> cells) {
    ByteWriter out = new ByteWriter();
    cells.forEach(
        (column, value) -> {
          out.varint(column);
          value.writeTo(out);
        });
    return out.toBytes();
  }

  static SortedMap<Integer, Value> decodedCells(Bytes encoded) {
    SortedMap<Integer, Value> cells = new TreeMap<>();
    try {
      ByteReader in = new ByteReader(encoded);
      while (in.remaining() > 0) {
        cells.put((int) in.varint(), Value.readFrom(in));
      }
    } catch (MalformedException e) {
      throw new IllegalStateException("the values of a row set aside are malformed", e);
    }
    return cells;
  }
}
