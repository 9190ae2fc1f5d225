package sh.fazt.mesh.capture;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sh.fazt.mesh.change.Cell;
import sh.fazt.mesh.change.Change;
import sh.fazt.mesh.clock.Hlc;
import sh.fazt.mesh.clock.HybridClock;
import sh.fazt.mesh.clock.Stamp;
import sh.fazt.mesh.crdt.CellState;
import sh.fazt.mesh.crdt.MergedCell;
import sh.fazt.mesh.crdt.RowState;
import sh.fazt.mesh.projection.ShadowRow;
import sh.fazt.mesh.schema.Column;
import sh.fazt.mesh.schema.TrackedTable;
import sh.fazt.mesh.schema.Value;
import sh.fazt.mesh.store.RowPair;

/** Makes of a row that the application wrote the change to sign and the next shadow. Confined. */
final class Stamping {
  private final OwnSite own;
  private final HybridClock clock;
  private final Operating operating;

  Stamping(OwnSite own, HybridClock clock, Operating operating) {
    this.operating = operating;
    this.own = own;
    this.clock = clock;
  }

  /** What a row that differs comes to. */
  record Stamped(Change change, Written written) {}

  /** What the row was before the mesh, if nobody has been told of it yet. */
  Optional<Change> genesisOf(Found found) {
    RowDifference difference = found.difference();
    if (!found.pair().shadow().unsent() || difference.kind() != RowDifference.Kind.CHANGED) {
      return Optional.empty();
    }
    return Optional.of(
        GenesisRows.insertOf(found.access().table(), found.pair(), own, difference.changed()));
  }

  /** A row that differs, with a stamp later than what it replaces. */
  Stamped of(Found found, long nowMillis) {
    RowPair pair = found.pair();
    RowState merged = pair.shadow().merged();
    RowDifference difference = found.difference();
    TrackedTable table = found.access().table();
    boolean inserts =
        difference.kind() == RowDifference.Kind.CAME
            || (difference.kind() == RowDifference.Kind.CHANGED && !merged.isAlive());
    boolean updates = difference.kind() == RowDifference.Kind.CHANGED && !inserts;
    List<Integer> written = inserts ? wholeRow(pair, table) : difference.changed();
    List<Integer> numbers =
        written.stream().map(i -> table.columnNumber(table.shape().columns().get(i))).toList();
    Hlc replaced = updates ? latest(merged, numbers) : latest(merged);
    long writtenMillis = pair.touchedMillis() == 0 ? nowMillis : pair.touchedMillis();
    Hlc hlc = clock.issue(writtenMillis, nowMillis, replaced);
    Stamp stamp = new Stamp(hlc, own.site());
    RowState state;
    Change change;
    Map<Integer, MergedCell> kept = Map.of();
    if (updates) {
      Stamp life = merged.alive().orElseThrow(() -> new IllegalStateException("no life"));
      state = RowState.updated(stamp, life, numbers);
      Operating.Cells cells = operating.of(pair, table, life, stamp, written);
      change = new Change.Update(table.name(), pair.key(), hlc, life, cells.cells());
      kept = cells.kept();
    } else if (inserts) {
      state = RowState.inserted(stamp, numbers);
      Operating.Cells cells = operating.of(pair, table, stamp, stamp, written);
      change = new Change.Insert(table.name(), pair.key(), hlc, cells.cells());
      kept = cells.kept();
    } else {
      state = RowState.deleted(stamp);
      change = new Change.Delete(table.name(), pair.key(), hlc);
    }
    ShadowRow shadow = new ShadowRow(merged.join(state), difference.shown(), false);
    return new Stamped(change, new Written(found.access(), pair.key(), shadow, kept));
  }

  private static Hlc latest(RowState merged) {
    return merged.latest().map(Stamp::hlc).orElse(Hlc.ZERO);
  }

  /** No write of a life is stamped before the life began, whatever the columns replaced. */
  private static Hlc latest(RowState merged, List<Integer> columns) {
    Hlc latest = merged.alive().map(Stamp::hlc).orElse(Hlc.ZERO);
    for (int column : columns) {
      latest =
          Hlc.max(
              latest, merged.cell(column).map(CellState::winner).map(Stamp::hlc).orElse(Hlc.ZERO));
    }
    return latest;
  }

  /** All columns by place, but the spelling of a key that is spelled as anybody would. */
  private static List<Integer> wholeRow(RowPair pair, TrackedTable table) {
    List<Integer> places = new ArrayList<>();
    List<Column> columns = table.shape().columns();
    for (int i = 0; i < columns.size(); i++) {
      boolean mayStay =
          table.shape().key().contains(columns.get(i))
              && RowDifference.isUnwritten(pair, table, i)
              && pair.shadow().merged().cell(table.columnNumber(columns.get(i))).isEmpty();
      if (!mayStay) {
        places.add(i);
      }
    }
    return places;
  }

  static List<Cell> cells(RowPair pair, TrackedTable table, List<Integer> places) {
    List<Value> row = pair.row().orElseThrow(() -> new IllegalStateException("no row"));
    List<Column> columns = table.shape().columns();
    return places.stream().map(i -> Cell.lww(columns.get(i).name(), row.get(i))).toList();
  }
}
