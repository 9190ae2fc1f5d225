package sh.fazt.mesh.capture;

import java.util.HashMap;
import java.util.Map;
import sh.fazt.mesh.change.MassDelete;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.schema.TrackedTable;
import sh.fazt.mesh.store.Database;
import sh.fazt.mesh.store.GoneTable;
import sh.fazt.mesh.store.HeldTable;
import sh.fazt.mesh.store.Meta;
import sh.fazt.mesh.store.Meta.Fact;
import sh.fazt.mesh.store.SiteBook;
import sh.fazt.mesh.store.TableAccess;
import sh.fazt.mesh.store.TableBook;

/*
 To count a table's rows takes as long as the table is large, and deletes are common. So each table
 has a floor: a count, less all that has gone since. Only a number of deletes that reaches the floor
 gives reason to count again, which is seldom twice within half of a table's rows.
*/
/** Tells whether so many deletes are a mass delete, and rarely counts a table for it. Confined. */
public final class DeleteCounts {
  private final Meta meta;
  private final TableBook book;
  private final HeldTable held;
  private final GoneTable gone;
  private final Map<Integer, Long> floors = new HashMap<>();

  public DeleteCounts(Database database, TableBook book, SiteBook sites) {
    this.meta = new Meta(database);
    this.book = book;
    this.held = new HeldTable(database);
    this.gone = new GoneTable(database, sites);
  }

  /** Rows whose deletes are not told of. */
  public HeldTable held() {
    return held;
  }

  /** What each site has deleted of late. */
  public GoneTable gone() {
    return gone;
  }

  /**
   * Whether this node is new and has not met all that a peer holds: it takes the mesh as it is,
   * with whatever was deleted before.
   */
  public boolean isCatchingUp() {
    return meta.find(Fact.GENESIS_WAIT).isPresent();
  }

  /** Whether mass deletes of the table wait. */
  public boolean isGuarded(TrackedTable table) {
    return book.isGuarded(table);
  }

  /**
   * Whether so many deletes may outnumber what is left, without counting.
   *
   * @param going how many of them the table still has, or had when it was last counted
   */
  public boolean mayOutnumber(TableAccess access, long deletes, long going) {
    Long floor = floors.get(access.table().number());
    return MassDelete.mayBe(deletes) && (floor == null || deletes > floor - going);
  }

  /**
   * Counts a table.
   *
   * @param going how many rows more it had that {@link #shrunk} was not told of yet
   */
  public long count(TableAccess access, long going) {
    long rows = access.rows().count();
    floors.put(access.table().number(), rows + going);
    return rows;
  }

  /** Takes note that a table has lost rows, for whatever reason. */
  public void shrunk(TrackedTable table, long rows) {
    if (rows > 0) {
      floors.computeIfPresent(table.number(), (number, floor) -> floor - rows);
    }
  }

  /** Counts deletes that were not held; inside a write transaction. */
  public void passed(TrackedTable table, SiteId site, long atMillis, long went, long came) {
    if (went > 0 || came > 0) {
      gone.note(table, site, atMillis, went, came);
    }
  }

  /** Drops what is remembered outside the database, after a transaction was rolled back. */
  public void forget() {
    floors.clear();
  }
}
