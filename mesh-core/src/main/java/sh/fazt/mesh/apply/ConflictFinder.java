package sh.fazt.mesh.apply;

import java.util.List;
import java.util.Optional;
import sh.fazt.mesh.change.Change;
import sh.fazt.mesh.clock.Stamp;
import sh.fazt.mesh.crdt.CellState;
import sh.fazt.mesh.crdt.RowState;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.projection.ShadowRow;
import sh.fazt.mesh.schema.Column;
import sh.fazt.mesh.schema.TrackedTable;
import sh.fazt.mesh.schema.Value;
import sh.fazt.mesh.store.AsideTable;
import sh.fazt.mesh.store.BranchBook;
import sh.fazt.mesh.store.ChangeLog;
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
  private final AsideTable aside;
  private final ChangeLog log;
  private final BranchBook branches;
  private final SiteId own;
  private boolean open;

  ConflictFinder(TableAccess access, ApplyStores stores) {
    this.access = access;
    this.conflicts = stores.conflicts();
    this.aside = stores.aside();
    this.log = stores.log();
    this.branches = stores.branches();
    this.own = stores.own();
    this.open = conflicts.hasOpen(access.table().name());
  }

  /**
   * Records what {@code incoming} takes from the row, or loses to it, and settles what it gives
   * back.
   */
  void record(ShadowRow before, Incoming incoming, Causality causality, long nowMillis) {
    if (before.merged().equals(RowState.NONE)) {
      return;
    }
    RowState after = before.merged().join(incoming.state());
    if (!(incoming.change() instanceof Change.Delete)) {
      incoming
          .values()
          .forEach((column, value) -> lost(before, after, incoming, column, value, nowMillis));
    }
    TrackedTable table = access.table();
    for (Column column : table.shape().columns()) {
      Optional<Stamp> was = winner(before.merged(), table.columnNumber(column));
      Optional<Stamp> is = winner(after, table.columnNumber(column));
      boolean merges = incoming.operations().containsKey(table.columnNumber(column));
      if (!merges && was.isPresent() && !was.equals(is) && !causality.knew(was.get())) {
        overwritten(before, after, incoming, column, was.get(), nowMillis);
      }
    }
    if (open && after.isAlive() && conflicts.hasOpen(table.name(), incoming.key())) {
      settle(after, incoming, nowMillis);
    }
  }

  /** Closes the conflicts whose lost value the change writes again. */
  private void settle(RowState after, Incoming incoming, long nowMillis) {
    TrackedTable table = access.table();
    incoming
        .values()
        .forEach(
            (column, value) -> {
              Optional<Stamp> winner = winner(after, table.columnNumber(column));
              if (winner.equals(Optional.of(incoming.stamp()))) {
                conflicts.settle(table.name(), incoming.key(), column.name(), value, nowMillis);
              }
            });
  }

  /**
   * Records a value of the change's own that is beaten when it comes, unless by somebody who knew
   * it: a change that was parked comes late.
   */
  private void lost(
      ShadowRow before,
      RowState after,
      Incoming incoming,
      Column column,
      Value value,
      long nowMillis) {
    Optional<Stamp> is = winner(after, access.table().columnNumber(column));
    boolean wins = is.equals(Optional.of(incoming.stamp()));
    if (!wins && is.isPresent()) {
      if (!knew(is.get(), incoming)
          && !current(before, incoming, column).equals(Optional.of(value))) {
        put(incoming, column, value, incoming.stamp(), is.get(), Rule.LWW, nowMillis);
      }
    } else if (!wins || !after.isAlive()) {
      Stamp ended = after.dead().orElse(incoming.stamp());
      if (!knew(ended, incoming)) {
        put(incoming, column, value, incoming.stamp(), ended, Rule.DELETED, nowMillis);
      }
    }
  }

  private boolean knew(Stamp winner, Incoming incoming) {
    return !winner.equals(incoming.stamp())
        && !(incoming.waited() && winner.site().equals(own))
        && Causality.ofWrite(winner, branches).knew(incoming.stamp());
  }

  /** Records a value that the change beats. */
  private void overwritten(
      ShadowRow before,
      RowState after,
      Incoming incoming,
      Column column,
      Stamp was,
      long nowMillis) {
    Optional<Value> value = current(before, incoming, column);
    Optional<Value> next = Optional.ofNullable(incoming.values().get(column));
    if (before.merged().isAlive()
        && value.isPresent()
        && !(after.isAlive() && value.equals(next))) {
      Rule rule = incoming.change() instanceof Change.Delete ? Rule.DELETED : Rule.LWW;
      put(incoming, column, value.get(), was, incoming.stamp(), rule, nowMillis);
    }
  }

  private static Optional<Stamp> winner(RowState row, int column) {
    return row.cell(column).map(CellState::winner);
  }

  /** The merged value before the change, wherever it is kept. */
  private Optional<Value> current(ShadowRow before, Incoming incoming, Column column) {
    int number = access.table().columnNumber(column);
    if (before.shown().present()) {
      List<Column> columns = access.table().shape().columns();
      Optional<Value> shown =
          access.rows().find(incoming.key()).map(row -> row.get(columns.indexOf(column)));
      boolean exact = shown.filter(access.table().shape().encoding()::mayReplace).isEmpty();
      return exact ? shown : written(before, incoming, column).or(() -> shown);
    }
    Optional<Value> kept =
        aside.find(access.table(), incoming.key()).map(cells -> cells.get(number));
    return kept.isPresent() ? kept : written(before, incoming, column);
  }

  private Optional<Value> written(ShadowRow before, Incoming incoming, Column column) {
    return winner(before.merged(), access.table().columnNumber(column))
        .flatMap(stamp -> log.values().at(stamp, access.table(), incoming.key(), column));
  }

  private void put(
      Incoming incoming,
      Column column,
      Value lostValue,
      Stamp lost,
      Stamp kept,
      Rule rule,
      long nowMillis) {
    open = true;
    conflicts.put(
        new Conflict(
            access.table().name(), incoming.key(), column.name(), lostValue, lost, kept, rule),
        nowMillis);
  }
}
