package sh.fazt.mesh.capture;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import sh.fazt.mesh.change.Cell;
import sh.fazt.mesh.change.Change;
import sh.fazt.mesh.clock.Stamp;
import sh.fazt.mesh.crdt.CellState;
import sh.fazt.mesh.crdt.RowState;
import sh.fazt.mesh.schema.TrackedTable;
import sh.fazt.mesh.schema.Value;
import sh.fazt.mesh.store.ConflictTable;
import sh.fazt.mesh.store.ConflictTable.Conflict;
import sh.fazt.mesh.store.RowPair;

/** Finds the values of rows set aside that the application has overwritten unseen. Confined. */
final class OverwrittenAside {
  private final Catalog catalog;
  private final OwnSite own;

  OverwrittenAside(Catalog catalog, OwnSite own) {
    this.catalog = catalog;
    this.own = own;
  }

  /** What was set aside, out of the application's sight, when it made a row of that key anew. */
  List<Conflict> by(Found found, Change change) {
    RowPair pair = found.pair();
    RowState merged = pair.shadow().merged();
    TrackedTable table = found.access().table();
    List<Conflict> lost = new ArrayList<>();
    if (found.difference().kind() == RowDifference.Kind.CAME && merged.isAlive()) {
      SortedMap<Integer, Value> cells =
          catalog.aside().find(table, pair.key()).orElse(new TreeMap<>());
      Stamp kept = new Stamp(change.hlc(), own.site());
      for (Cell cell : change.cells()) {
        int number = table.column(cell.column()).map(table::columnNumber).orElse(-1);
        Value held = cells.getOrDefault(number, cell.value());
        if (!held.equals(cell.value())) {
          merged
              .cell(number)
              .map(CellState::winner)
              .filter(stamp -> !stamp.site().equals(own.site()))
              .map(stamp -> conflict(table, pair, cell, held, stamp, kept))
              .ifPresent(lost::add);
        }
      }
    }
    return lost;
  }

  private static Conflict conflict(
      TrackedTable table, RowPair pair, Cell cell, Value held, Stamp lost, Stamp kept) {
    return new Conflict(
        table.name(), pair.key(), cell.column(), held, lost, kept, ConflictTable.Rule.LWW);
  }
}
