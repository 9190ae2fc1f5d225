package sh.fazt.mesh.apply;

import java.util.stream.Stream;
import sh.fazt.mesh.capture.Catalog;
import sh.fazt.mesh.change.RowKey;
import sh.fazt.mesh.clock.Stamp;
import sh.fazt.mesh.crdt.CellState;
import sh.fazt.mesh.crdt.RowState;
import sh.fazt.mesh.delta.Trimmed;
import sh.fazt.mesh.projection.ShadowRow;
import sh.fazt.mesh.schema.TrackedTable;
import sh.fazt.mesh.store.ConflictTable;
import sh.fazt.mesh.store.Database;
import sh.fazt.mesh.store.SiteBook;
import sh.fazt.mesh.store.TableAccess;

/**
 * Whether a row is dead, by writes that were all trimmed, and nothing here needs to remember it:
 * batches that are still in the log aside. Only reads. Confined.
 */
public final class Forgettable {
  private final Catalog catalog;
  private final ConflictTable conflicts;
  private final Trimmed trimmed;

  /**
   * @param trimmed the batches of which every member was on record to show all
   */
  public Forgettable(Database database, Catalog catalog, SiteBook sites, Trimmed trimmed) {
    this.catalog = catalog;
    this.conflicts = new ConflictTable(database, sites);
    this.trimmed = trimmed;
  }

  /** Whether that row is such a one. */
  public boolean is(TableAccess access, RowKey key, ShadowRow row) {
    TrackedTable table = access.table();
    return !row.merged().isAlive()
        && !row.merged().equals(RowState.NONE)
        && !row.shown().present()
        && !row.unsent()
        && stamps(row.merged()).allMatch(trimmed::covers)
        && access.rows().find(key).isEmpty()
        && catalog.aside().held(table, key).isEmpty()
        && catalog.held().released(table, key).isEmpty()
        && !conflicts.hasOpen(table.name(), key);
  }

  private static Stream<Stamp> stamps(RowState state) {
    Stream<Stamp> cells =
        state.cells().values().stream()
            .flatMap(each -> each.writes().stream())
            .map(CellState.Write::stamp);
    return Stream.concat(Stream.concat(state.alive().stream(), state.dead().stream()), cells);
  }
}
