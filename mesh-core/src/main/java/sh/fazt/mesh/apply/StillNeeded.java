package sh.fazt.mesh.apply;

import java.util.Map;
import java.util.Optional;
import sh.fazt.mesh.capture.Catalog;
import sh.fazt.mesh.change.Batch;
import sh.fazt.mesh.change.Cell;
import sh.fazt.mesh.change.Change;
import sh.fazt.mesh.clock.HybridClock;
import sh.fazt.mesh.clock.Stamp;
import sh.fazt.mesh.crdt.CellState;
import sh.fazt.mesh.crdt.MergedCell;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.projection.ShadowRow;
import sh.fazt.mesh.projection.ValueDigest;
import sh.fazt.mesh.schema.Column;
import sh.fazt.mesh.schema.TrackedTable;
import sh.fazt.mesh.schema.Value;
import sh.fazt.mesh.store.BranchBook;
import sh.fazt.mesh.store.CellTable;
import sh.fazt.mesh.store.ChangeLog;
import sh.fazt.mesh.store.ConflictTable;
import sh.fazt.mesh.store.Database;
import sh.fazt.mesh.store.ParkedTable;
import sh.fazt.mesh.store.SiteBook;
import sh.fazt.mesh.store.TableAccess;

/**
 * Whether this node still needs what a stable batch holds. It does not, if every value that it gave
 * and that counts still stands in the table, exactly; all else keeps the batch. Only reads.
 * Confined.
 */
public final class StillNeeded {
  private final Database database;
  private final Catalog catalog;
  private final SiteBook sites;
  private final BranchBook branches;
  private final ParkedTable parked;
  private final ConflictTable conflicts;
  private final ValueDigest digest;

  public StillNeeded(Database database, Catalog catalog, SiteBook sites, ValueDigest digest) {
    this.database = database;
    this.catalog = catalog;
    this.sites = sites;
    this.branches = new BranchBook(database, sites);
    this.parked = new ParkedTable(database);
    this.conflicts = new ConflictTable(database, sites);
    this.digest = digest;
  }

  /**
   * @param logged a batch that is shown and that every member is on record to show
   */
  public boolean is(ChangeLog.Logged logged, long nowMillis) {
    Batch batch = logged.batch();
    SiteId site = batch.header().dot().site();
    return batch.carried().isPresent()
        || branches.carries(logged.number())
        || sites.forkedAt(site).isPresent()
        || HybridClock.isEarly(batch.header().high(), nowMillis)
        || parked.count(logged.number()) > 0
        || batch.changes().stream().anyMatch(change -> is(change, batch.stampOf(change)));
  }

  private boolean is(Change change, Stamp stamp) {
    Optional<TableAccess> access = catalog.find(change.table());
    if (access.isEmpty()
        || access.get().table().shape().key().size() != change.key().values().size()) {
      return true;
    }
    TrackedTable table = access.get().table();
    Incoming incoming = Incoming.of(change, stamp, table, false);
    return !change.cells().stream().allMatch(cell -> isKnown(table, cell))
        || incoming.values().keySet().stream()
            .anyMatch(column -> mayStart(access.get(), incoming, column))
        || catalog.aside().held(table, incoming.key()).isPresent()
        || catalog.held().released(table, incoming.key()).isPresent()
        || conflicts.hasOpen(table.name(), incoming.key())
        || !standsOnlyAsShown(incoming, access.get());
  }

  /** Whether operations may yet start from what it wrote, which nothing but the log keeps. */
  private boolean mayStart(TableAccess access, Incoming incoming, Column column) {
    TrackedTable table = access.table();
    int number = table.columnNumber(column);
    return catalog.policy().of(table.name(), column.name()).isPresent()
        && catalog.cells().find(table, incoming.key(), number).isEmpty()
        && access
            .shadows()
            .find(incoming.key())
            .merged()
            .cell(number)
            .map(CellState::winner)
            .equals(Optional.of(incoming.stamp()));
  }

  private static boolean isKnown(TrackedTable table, Cell cell) {
    return (cell.type() == Cell.LWW || Incoming.operations(cell).isPresent())
        && (table.column(cell.column()).isPresent()
            || table.formerNumber(cell.column()).isPresent());
  }

  /** Whether whatever counts of the write is in the table. */
  private boolean standsOnlyAsShown(Incoming incoming, TableAccess access) {
    ShadowRow row = access.shadows().find(incoming.key());
    // What operations started from and have come to is kept on its own.
    Map<Integer, MergedCell> cells =
        new CellTable(database, sites).ofRow(access.table(), incoming.key());
    for (Map.Entry<Integer, CellState> each : row.merged().cells().entrySet()) {
      boolean kept = cells.containsKey(each.getKey());
      boolean stands =
          !kept
              && each.getValue().writes().stream()
                  .anyMatch(write -> write.stamp().equals(incoming.stamp()));
      if (stands && !isShown(incoming, access.table(), row, each.getKey(), each.getValue())) {
        return false;
      }
    }
    return true;
  }

  private boolean isShown(
      Incoming incoming, TrackedTable table, ShadowRow row, int column, CellState cell) {
    Optional<Value> value =
        table.shape().columns().stream()
            .filter(each -> table.columnNumber(each) == column)
            .findFirst()
            .map((Column each) -> incoming.values().get(each));
    Long shown = row.shown().digests().get(column);
    return row.merged().isAlive()
        && row.shown().present()
        && cell.winner().equals(incoming.stamp())
        && value.isPresent()
        && shown != null
        && shown == digest.of(value.get());
  }
}
