package sh.fazt.mesh.store;

import java.util.ArrayList;
import java.util.List;
import sh.fazt.mesh.schema.Identifier;
import sh.fazt.mesh.schema.Value;

/** The triggers that a database has, ours and the application's. Confined. */
public final class TriggerTable {
  private final Database database;

  public TriggerTable(Database database) {
    this.database = database;
  }

  /** A trigger and the statement that made it. */
  public record Trigger(String name, String sql) {
    public boolean isOurs() {
      return name.startsWith(Identifier.OWN_PREFIX);
    }
  }

  /** The triggers of a table, the oldest first; of two, SQLite fires the newer first. */
  public List<Trigger> of(String table) {
    List<Trigger> triggers = new ArrayList<>();
    String sql =
        """
        SELECT name, sql FROM sqlite_schema
        WHERE type = 'trigger' AND tbl_name = ? COLLATE NOCASE ORDER BY rowid""";
    try (Rows rows = database.query(sql, Value.of(table))) {
      while (rows.next()) {
        triggers.add(new Trigger(rows.text(0), rows.text(1)));
      }
    }
    return triggers;
  }

  public void drop(String name) {
    database.run("DROP TRIGGER IF EXISTS " + Identifier.quoted(name));
  }

  public void create(String sql) {
    database.run(sql);
  }
}
