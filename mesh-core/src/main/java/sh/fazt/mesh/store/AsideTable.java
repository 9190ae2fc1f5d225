package sh.fazt.mesh.store;

import java.util.ArrayList;
import java.util.List;
import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.change.RowKey;
import sh.fazt.mesh.schema.TrackedTable;
import sh.fazt.mesh.schema.Value;

/** Living rows that a rule of their table keeps from showing what is merged. Confined. */
public final class AsideTable {
  private final Database database;
  private boolean empty;

  public AsideTable(Database database) {
    this.database = database;
    this.empty = count() == 0;
  }

  public void put(TrackedTable table, RowKey key, String reason, long nowMillis) {
    empty = false;
    database.execute(
        """
        INSERT INTO _mesh_aside (tbl, key, reason, since) VALUES (?, ?, ?, ?)
        ON CONFLICT (tbl, key) DO UPDATE SET reason = excluded.reason""",
        Value.of(table.number()),
        Value.of(key.encoded()),
        Value.of(reason),
        Value.of(nowMillis));
  }

  public boolean holds(TrackedTable table, RowKey key) {
    return !empty
        && database.scalar(
                "SELECT count(*) FROM _mesh_aside WHERE tbl = ? AND key = ?",
                Value.of(table.number()),
                Value.of(key.encoded()))
            > 0;
  }

  public void remove(TrackedTable table, RowKey key) {
    if (empty) {
      return;
    }
    database.execute(
        "DELETE FROM _mesh_aside WHERE tbl = ? AND key = ?",
        Value.of(table.number()),
        Value.of(key.encoded()));
  }

  /** The rows of a table that are set aside, the longest waiting first. */
  public List<RowKey> keys(TrackedTable table, int limit) {
    List<RowKey> keys = new ArrayList<>();
    String sql = "SELECT key FROM _mesh_aside WHERE tbl = ? ORDER BY since LIMIT ?";
    try (Rows rows = database.query(sql, Value.of(table.number()), Value.of(limit))) {
      while (rows.next()) {
        ByteReader in = new ByteReader(rows.blob(0));
        List<Value> values = new ArrayList<>();
        while (in.remaining() > 0) {
          values.add(Value.readFrom(in));
        }
        keys.add(new RowKey(values));
      }
    } catch (MalformedException e) {
      throw new IllegalStateException("a stored key is malformed", e);
    }
    return keys;
  }

  public long count() {
    return database.scalar("SELECT count(*) FROM _mesh_aside");
  }
}
