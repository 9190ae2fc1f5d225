package sh.fazt.mesh.capture;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sh.fazt.mesh.change.Cell;
import sh.fazt.mesh.change.Change;
import sh.fazt.mesh.change.RowKey;
import sh.fazt.mesh.schema.TrackedTable;
import sh.fazt.mesh.store.ConflictTable;
import sh.fazt.mesh.store.TableAccess;
import sh.fazt.mesh.wire.VerifiedBatch;

/** Finds the lost values that the application has written again. Confined to one harvest. */
final class Settling {
  private final Catalog catalog;
  private final ConflictTable conflicts;
  private final Map<String, Boolean> open = new HashMap<>();

  Settling(Catalog catalog, ConflictTable conflicts) {
    this.catalog = catalog;
    this.conflicts = conflicts;
  }

  /** Closes the conflicts that local writes have made good; inside a write transaction. */
  void settle(List<VerifiedBatch> written, long nowMillis) {
    for (VerifiedBatch batch : written) {
      for (Change change : batch.batch().changes()) {
        if (!change.hlc().isGenesis() && open.computeIfAbsent(change.table(), conflicts::hasOpen)) {
          settle(change, nowMillis);
        }
      }
    }
  }

  private void settle(Change change, long nowMillis) {
    Optional<TrackedTable> table = catalog.find(change.table()).map(TableAccess::table);
    if (table.isEmpty()) {
      return;
    }
    RowKey key = new RowKey(table.get().shape().folded(change.key().values()));
    if (conflicts.hasOpen(change.table(), key)) {
      change.cells().stream()
          .filter(cell -> cell.type() == Cell.LWW)
          .forEach(
              cell ->
                  conflicts.settle(change.table(), key, cell.column(), cell.value(), nowMillis));
    }
  }
}
