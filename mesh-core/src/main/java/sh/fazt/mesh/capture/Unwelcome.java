package sh.fazt.mesh.capture;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import sh.fazt.mesh.clock.Hlc;
import sh.fazt.mesh.clock.HybridClock;
import sh.fazt.mesh.clock.Stamp;
import sh.fazt.mesh.crdt.CellState;
import sh.fazt.mesh.crdt.RowState;
import sh.fazt.mesh.projection.ShadowRow;
import sh.fazt.mesh.schema.Column;
import sh.fazt.mesh.schema.TrackedTable;
import sh.fazt.mesh.schema.Value;
import sh.fazt.mesh.store.ConflictTable;
import sh.fazt.mesh.store.ConflictTable.Conflict;

/**
 * What an application wrote on a node that may not write: nobody is told of it, its values become
 * conflicts, and the rows are to show again what is merged. Confined.
 */
final class Unwelcome {
  private final OwnSite own;
  private final HybridClock clock;

  Unwelcome(OwnSite own, HybridClock clock) {
    this.own = own;
    this.clock = clock;
  }

  /**
   * What was found, sorted.
   *
   * @param reverted rows that are to show again what is merged
   * @param lost values that the application wrote to these
   * @param kept rows of which the mesh knows nothing: they stay as they are
   */
  record Sorted(List<Found> reverted, List<Conflict> lost, List<Written> kept) {}

  Sorted sort(List<Found> found, long nowMillis) {
    List<Found> reverted = new ArrayList<>();
    List<Conflict> lost = new ArrayList<>();
    List<Written> kept = new ArrayList<>();
    for (Found each : found) {
      if (isKnown(each)) {
        lost.addAll(lost(each, nowMillis));
        reverted.add(each);
      } else {
        ShadowRow shadow = each.pair().shadow();
        ShadowRow shown =
            new ShadowRow(shadow.merged(), each.difference().shown(), shadow.unsent());
        kept.add(new Written(each.access(), each.pair().key(), shown));
      }
    }
    return new Sorted(reverted, lost, kept);
  }

  /**
   * The values that the application wrote; none of a row that it deleted.
   *
   * @param nowMillis also their time, where none is known
   */
  private List<Conflict> lost(Found found, long nowMillis) {
    TrackedTable table = found.access().table();
    RowState merged = found.pair().shadow().merged();
    Optional<List<Value>> row = found.pair().row();
    List<Conflict> lost = new ArrayList<>();
    if (row.isEmpty()) {
      return lost;
    }
    long touched = found.pair().touchedMillis();
    Hlc latest = merged.latest().map(Stamp::hlc).orElse(Hlc.ZERO);
    Hlc hlc = clock.issue(touched == 0 ? nowMillis : touched, nowMillis, latest);
    Stamp written = new Stamp(hlc, own.site());
    for (int place : found.difference().changed()) {
      Column column = table.shape().columns().get(place);
      Stamp kept =
          merged
              .cell(table.columnNumber(column))
              .map(CellState::winner)
              .or(merged::latest)
              .orElse(written);
      lost.add(
          new Conflict(
              table.name(),
              found.pair().key(),
              column.name(),
              row.get().get(place),
              written,
              kept,
              ConflictTable.Rule.REFUSED));
    }
    return lost;
  }

  /**
   * Whether the mesh has the row's values: those that were there before the mesh and were told to
   * nobody are in this file alone, and stay as the application has them.
   */
  private boolean isKnown(Found found) {
    RowState merged = found.pair().shadow().merged();
    Stamp genesis = new Stamp(Hlc.genesis(own.seniority()), own.site());
    boolean told = !found.pair().shadow().unsent();
    return told
        || (!merged.alive().equals(Optional.of(genesis))
            && merged.cells().values().stream().noneMatch(cell -> cell.winner().equals(genesis)));
  }
}
