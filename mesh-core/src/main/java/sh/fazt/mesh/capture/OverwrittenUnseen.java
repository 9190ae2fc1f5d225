package sh.fazt.mesh.capture;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import sh.fazt.mesh.change.Cell;
import sh.fazt.mesh.change.Change;
import sh.fazt.mesh.clock.Stamp;
import sh.fazt.mesh.crdt.CellState;
import sh.fazt.mesh.crdt.RowState;
import sh.fazt.mesh.projection.ValueDigest;
import sh.fazt.mesh.schema.Column;
import sh.fazt.mesh.schema.TrackedTable;
import sh.fazt.mesh.schema.Value;
import sh.fazt.mesh.store.ConflictTable;
import sh.fazt.mesh.store.ConflictTable.Conflict;
import sh.fazt.mesh.store.RowPair;

/**
 * Finds the values that the application has overwritten unseen: of rows that were set aside, of
 * columns that were away, and of rows whose deletes were held meanwhile. Confined.
 */
final class OverwrittenUnseen {
  private final Catalog catalog;
  private final OwnSite own;
  private final ValueDigest digest;

  OverwrittenUnseen(Catalog catalog, OwnSite own, ValueDigest digest) {
    this.catalog = catalog;
    this.own = own;
    this.digest = digest;
  }

  /** What a change overwrites. */
  List<Conflict> by(Found found, Change change) {
    return switch (found.difference().kind()) {
      case WENT -> whileHeld(found, change);
      case CHANGED -> whileAway(found, change);
      case CAME, NOTHING -> aside(found, change);
    };
  }

  /** What others have written to a column that was not there, when it is back and written. */
  private List<Conflict> whileAway(Found found, Change change) {
    RowPair pair = found.pair();
    TrackedTable table = found.access().table();
    Stamp kept = new Stamp(change.hlc(), own.site());
    List<Conflict> lost = new ArrayList<>();
    for (Cell cell : plain(change)) {
      table
          .column(cell.column())
          .filter(column -> catalog.isReturning(table, column))
          .flatMap(column -> unseen(pair, table, column, cell, kept))
          .ifPresent(lost::add);
    }
    return lost;
  }

  private Optional<Conflict> unseen(
      RowPair pair, TrackedTable table, Column column, Cell cell, Stamp kept) {
    int number = table.columnNumber(column);
    Optional<Long> seen = Optional.ofNullable(pair.shadow().shown().digests().get(number));
    Optional<Stamp> winner =
        pair.shadow()
            .merged()
            .cell(number)
            .map(CellState::winner)
            .filter(stamp -> !stamp.site().equals(own.site()));
    return winner
        .flatMap(stamp -> catalog.log().values().at(stamp, table, pair.key(), column))
        .filter(value -> !value.equals(cell.value()))
        .filter(value -> !seen.equals(Optional.of(digest.of(value))))
        .map(value -> conflict(table, pair, cell, value, winner.orElseThrow(), kept));
  }

  /** What others have written to a row that was gone already, when its delete is let go. */
  private List<Conflict> whileHeld(Found found, Change change) {
    RowPair pair = found.pair();
    TrackedTable table = found.access().table();
    OptionalLong since = catalog.held().letGo(table, pair.key());
    List<Conflict> lost = new ArrayList<>();
    if (since.isPresent() && pair.shadow().merged().isAlive()) {
      Stamp kept = new Stamp(change.hlc(), own.site());
      for (Column column : table.shape().columns()) {
        pair.shadow()
            .merged()
            .cell(table.columnNumber(column))
            .map(CellState::winner)
            .filter(stamp -> !stamp.site().equals(own.site()) && !stamp.hlc().isGenesis())
            .filter(stamp -> catalog.log().values().arrivedAtMillis(stamp) >= since.getAsLong())
            .ifPresent(
                stamp ->
                    catalog
                        .log()
                        .values()
                        .at(stamp, table, pair.key(), column)
                        .map(value -> deleted(table, pair, column, value, stamp, kept))
                        .ifPresent(lost::add));
      }
    }
    return lost;
  }

  private static Conflict deleted(
      TrackedTable table, RowPair pair, Column column, Value value, Stamp lost, Stamp kept) {
    return new Conflict(
        table.name(), pair.key(), column.name(), value, lost, kept, ConflictTable.Rule.DELETED);
  }

  /** What was set aside, out of the application's sight, when it made a row of that key anew. */
  private List<Conflict> aside(Found found, Change change) {
    RowPair pair = found.pair();
    RowState merged = pair.shadow().merged();
    TrackedTable table = found.access().table();
    List<Conflict> lost = new ArrayList<>();
    if (found.difference().kind() == RowDifference.Kind.CAME && merged.isAlive()) {
      SortedMap<Integer, Value> cells =
          catalog.aside().find(table, pair.key()).orElse(new TreeMap<>());
      Stamp kept = new Stamp(change.hlc(), own.site());
      for (Cell cell : plain(change)) {
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

  /** The cells that replace what was there; operations on columns that merge take nothing away. */
  private static List<Cell> plain(Change change) {
    return change.cells().stream().filter(cell -> cell.type() == Cell.LWW).toList();
  }

  private static Conflict conflict(
      TrackedTable table, RowPair pair, Cell cell, Value held, Stamp lost, Stamp kept) {
    return new Conflict(
        table.name(), pair.key(), cell.column(), held, lost, kept, ConflictTable.Rule.LWW);
  }
}
