package sh.fazt.mesh.apply;

import java.util.List;
import java.util.Optional;
import sh.fazt.mesh.change.Change;
import sh.fazt.mesh.clock.Stamp;
import sh.fazt.mesh.crdt.CellState;
import sh.fazt.mesh.crdt.RowState;
import sh.fazt.mesh.projection.ShadowRow;
import sh.fazt.mesh.projection.ValueDigest;
import sh.fazt.mesh.schema.Column;
import sh.fazt.mesh.schema.TrackedTable;
import sh.fazt.mesh.schema.Value;
import sh.fazt.mesh.store.ConflictTable;
import sh.fazt.mesh.store.ConflictTable.Conflict;
import sh.fazt.mesh.store.ConflictTable.Rule;
import sh.fazt.mesh.store.TableAccess;

/**
 * Finds the values that are about to lose to a write whose author did not know them, before they
 * are overwritten. Confined.
 */
final class ConflictFinder {
  private final TableAccess access;
  private final ConflictTable conflicts;
  private final ValueDigest digest;

  ConflictFinder(TableAccess access, ConflictTable conflicts, ValueDigest digest) {
    this.access = access;
    this.conflicts = conflicts;
    this.digest = digest;
  }

  /** Records what {@code incoming} takes from the row, or loses to it. */
  void record(ShadowRow before, Incoming incoming, Causality causality, long nowMillis) {
    RowState merged = before.merged();
    if (merged.equals(RowState.NONE)) {
      return;
    }
    if (incoming.change() instanceof Change.Delete) {
      deleted(before, incoming, causality, nowMillis);
      return;
    }
    Optional<Stamp> ended = merged.dead().filter(dead -> incoming.life().compareTo(dead) <= 0);
    if (ended.isPresent()) {
      incoming
          .values()
          .forEach(
              (column, value) ->
                  put(
                      incoming,
                      column,
                      value,
                      incoming.stamp(),
                      ended.get(),
                      Rule.DELETED,
                      nowMillis));
    } else {
      overwritten(before, incoming, causality, nowMillis);
    }
  }

  private void deleted(ShadowRow before, Incoming incoming, Causality causality, long nowMillis) {
    TrackedTable table = access.table();
    for (Column column : table.shape().columns()) {
      Optional<Stamp> winner = winner(before, table.columnNumber(column));
      if (winner.isPresent() && !causality.knew(winner.get()) && before.shown().present()) {
        Value value = current(incoming, column);
        put(incoming, column, value, winner.get(), incoming.stamp(), Rule.DELETED, nowMillis);
      }
    }
  }

  private void overwritten(
      ShadowRow before, Incoming incoming, Causality causality, long nowMillis) {
    incoming
        .values()
        .forEach(
            (column, value) -> {
              int number = access.table().columnNumber(column);
              Optional<Stamp> winner = winner(before, number);
              Long shows = before.shown().digests().get(number);
              if (winner.isEmpty()
                  || shows == null
                  || causality.knew(winner.get())
                  || shows == digest.of(value)) {
                return;
              }
              boolean wins = incoming.stamp().compareTo(winner.get()) > 0;
              Value lost = wins ? current(incoming, column) : value;
              Stamp loser = wins ? winner.get() : incoming.stamp();
              Stamp kept = wins ? incoming.stamp() : winner.get();
              put(incoming, column, lost, loser, kept, Rule.LWW, nowMillis);
            });
  }

  private static Optional<Stamp> winner(ShadowRow row, int column) {
    return row.merged().cell(column).map(CellState::winner);
  }

  private Value current(Incoming incoming, Column column) {
    List<Column> columns = access.table().shape().columns();
    return access
        .rows()
        .find(incoming.change().key())
        .map(row -> row.get(columns.indexOf(column)))
        .orElse(Value.NULL);
  }

  private void put(
      Incoming incoming,
      Column column,
      Value lostValue,
      Stamp lost,
      Stamp kept,
      Rule rule,
      long nowMillis) {
    conflicts.put(
        new Conflict(
            access.table().name(),
            incoming.change().key(),
            column.name(),
            lostValue,
            lost,
            kept,
            rule),
        nowMillis);
  }
}
