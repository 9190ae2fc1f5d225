package sh.fazt.mesh.store;

import java.util.LinkedHashMap;
import java.util.Map;
import sh.fazt.mesh.change.MassDelete;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.schema.TrackedTable;
import sh.fazt.mesh.schema.Value;

/** How many rows of each table each site has deleted of late, minute by minute. Confined. */
public final class GoneTable {
  private static final long MINUTE_MILLIS = 60_000;

  private final Database database;
  private final SiteBook sites;

  public GoneTable(Database database, SiteBook sites) {
    this.database = database;
    this.sites = sites;
  }

  /** How many rows of a table a site has deleted within the window that ends at that time. */
  public long lately(TrackedTable table, SiteId site, long atMillis) {
    return database.scalar(
        """
        SELECT sum(gone) FROM _mesh_gone
        WHERE tbl = ? AND site = ? AND minute > ? AND minute <= ?""",
        Value.of(table.number()),
        sites.find(site),
        Value.of(atMillis / MINUTE_MILLIS - MassDelete.WINDOW_MINUTES),
        Value.of(atMillis / MINUTE_MILLIS));
  }

  /** How many rows of all tables a site is known to have deleted, of late and longer ago. */
  public long known(SiteId site) {
    return database.scalar("SELECT sum(gone) FROM _mesh_gone WHERE site = ?", sites.find(site));
  }

  /** How many deletes a site's batches hold, from one to another. */
  public long inBatches(SiteId site, long fromSeq, long toSeq) {
    return database.scalar(
        "SELECT sum(deletes) FROM _mesh_batch WHERE site = ? AND seq BETWEEN ? AND ?",
        sites.find(site),
        Value.of(fromSeq),
        Value.of(toSeq));
  }

  /**
   * Takes note of deletes that have passed; inside a write transaction.
   *
   * @param gone how many rows went
   * @param came how many came in their place; those beyond make up for what went before
   */
  public void note(TrackedTable table, SiteId site, long atMillis, long gone, long came) {
    if (gone > came) {
      forgetUpTo(table, site, atMillis / MINUTE_MILLIS - MassDelete.WINDOW_MINUTES);
      database.execute(
          """
          INSERT INTO _mesh_gone (tbl, site, minute, gone) VALUES (?, ?, ?, ?)
          ON CONFLICT (tbl, site, minute) DO UPDATE SET gone = gone + excluded.gone""",
          Value.of(table.number()),
          Value.of(sites.number(site)),
          Value.of(atMillis / MINUTE_MILLIS),
          Value.of(gone - came));
    } else if (came > gone) {
      makeUp(table, site, came - gone);
    }
  }

  private void forgetUpTo(TrackedTable table, SiteId site, long minute) {
    database.execute(
        "DELETE FROM _mesh_gone WHERE tbl = ? AND site = ? AND minute <= ?",
        Value.of(table.number()),
        Value.of(sites.number(site)),
        Value.of(minute));
  }

  private void makeUp(TrackedTable table, SiteId site, long came) {
    Map<Long, Long> minutes = new LinkedHashMap<>();
    try (Rows rows =
        database.query(
            "SELECT minute, gone FROM _mesh_gone WHERE tbl = ? AND site = ? ORDER BY minute DESC",
            Value.of(table.number()),
            Value.of(sites.number(site)))) {
      while (rows.next()) {
        minutes.put(rows.integer(0), rows.integer(1));
      }
    }
    long rest = came;
    for (Map.Entry<Long, Long> each : minutes.entrySet()) {
      long less = Math.min(rest, each.getValue());
      rest -= less;
      database.execute(
          "UPDATE _mesh_gone SET gone = gone - ? WHERE tbl = ? AND site = ? AND minute = ?",
          Value.of(less),
          Value.of(table.number()),
          Value.of(sites.number(site)),
          Value.of(each.getKey()));
    }
  }

  /** Begins to count anew for a table: a person has looked; inside a write transaction. */
  public void forget(TrackedTable table) {
    database.execute("DELETE FROM _mesh_gone WHERE tbl = ?", Value.of(table.number()));
  }
}
