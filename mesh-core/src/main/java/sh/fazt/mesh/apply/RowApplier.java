package sh.fazt.mesh.apply;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import sh.fazt.mesh.change.RowKey;
import sh.fazt.mesh.clock.Stamp;
import sh.fazt.mesh.crdt.CellState;
import sh.fazt.mesh.crdt.RowState;
import sh.fazt.mesh.projection.ShadowRow;
import sh.fazt.mesh.projection.Shown;
import sh.fazt.mesh.projection.ValueDigest;
import sh.fazt.mesh.schema.Column;
import sh.fazt.mesh.schema.TrackedTable;
import sh.fazt.mesh.schema.Value;
import sh.fazt.mesh.store.AsideTable;
import sh.fazt.mesh.store.ChangeLog;
import sh.fazt.mesh.store.TableAccess;

/**
 * Brings one row of a table from what it shows to what is merged. What a rule of the table refuses
 * is set aside: merged all the same, and tried again later. Confined.
 */
final class RowApplier {
  private final TableAccess access;
  private final ChangeLog log;
  private final AsideTable aside;
  private final ValueDigest digest;

  RowApplier(TableAccess access, ChangeLog log, AsideTable aside, ValueDigest digest) {
    this.access = access;
    this.log = log;
    this.aside = aside;
    this.digest = digest;
  }

  /** Merges a change into its row and shows the result; inside a write transaction. */
  void apply(ShadowRow before, Incoming incoming, long nowMillis) {
    RowKey key = incoming.change().key();
    RowState merged = before.merged().join(incoming.state());
    Map<Column, Value> wanted = wanted(key, merged, incoming, before.shown());
    show(key, new ShadowRow(merged, before.shown(), before.unsent()), wanted, nowMillis);
  }

  /**
   * Takes a row that was set aside out of the table, so that what it holds there is free: rows that
   * trade values with each other can only come back together.
   */
  void withdraw(RowKey key) {
    ShadowRow shadow = access.shadows().find(key);
    if (shadow.shown().present()) {
      access.rows().delete(key);
      access.shadows().put(key, new ShadowRow(shadow.merged(), Shown.ABSENT, shadow.unsent()));
    }
  }

  /** Tries again to show a row that was set aside. */
  void retry(RowKey key, long nowMillis) {
    ShadowRow shadow = access.shadows().find(key);
    show(key, shadow, fromLog(key, shadow.merged(), shadow.merged().cells()), nowMillis);
  }

  /**
   * The values that differ, or may differ, from what is shown. Where the row stands, the change's
   * own winning cells are enough; where it must be made, was set aside, or the change ends a life
   * beneath a row that stands, all cells are looked up.
   */
  private Map<Column, Value> wanted(RowKey key, RowState merged, Incoming incoming, Shown shown) {
    if (!merged.isAlive()) {
      return Map.of();
    }
    Map<Column, Value> wanted = new LinkedHashMap<>();
    incoming
        .values()
        .forEach(
            (column, value) -> {
              int number = access.table().columnNumber(column);
              Optional<Stamp> winner = merged.cell(number).map(CellState::winner);
              if (winner.equals(Optional.of(incoming.stamp()))) {
                wanted.put(column, value);
              }
            });
    boolean fallen = incoming.values().isEmpty();
    if (shown.present() && !fallen && !aside.holds(access.table(), key)) {
      return wanted;
    }
    Map<Integer, CellState> rest = new TreeMap<>(merged.cells());
    wanted.keySet().forEach(column -> rest.remove(access.table().columnNumber(column)));
    wanted.putAll(fromLog(key, merged, rest));
    return wanted;
  }

  private Map<Column, Value> fromLog(RowKey key, RowState merged, Map<Integer, CellState> cells) {
    Map<Column, Value> values = new LinkedHashMap<>();
    TrackedTable table = access.table();
    for (Column column : table.shape().columns()) {
      int number = table.columnNumber(column);
      CellState cell = cells.get(number);
      if (cell != null) {
        log.valueAt(cell.winner(), table.name(), key, column.name())
            .ifPresent(value -> values.put(column, value));
      } else if (merged.cell(number).isEmpty()) {
        values.put(column, column.defaultValue());
      }
    }
    return values;
  }

  private void show(RowKey key, ShadowRow row, Map<Column, Value> wanted, long nowMillis) {
    Optional<String> refusal = Optional.empty();
    Shown shown = row.shown();
    if (!row.merged().isAlive()) {
      if (shown.present()) {
        access.rows().delete(key);
      }
      shown = Shown.ABSENT;
    } else {
      Map<Column, Value> differing = differing(wanted, shown);
      refusal = write(key, differing, shown.present());
      if (refusal.isEmpty()) {
        shown = with(shown, wanted);
      }
    }
    access.shadows().put(key, new ShadowRow(row.merged(), shown, row.unsent()));
    if (refusal.isPresent()) {
      aside.put(access.table(), key, refusal.get(), nowMillis);
    } else {
      aside.remove(access.table(), key);
    }
  }

  private Optional<String> write(RowKey key, Map<Column, Value> cells, boolean present) {
    if (!present) {
      return access.rows().insert(key, cells);
    }
    return cells.isEmpty() ? Optional.empty() : access.rows().update(key, cells);
  }

  private Map<Column, Value> differing(Map<Column, Value> wanted, Shown shown) {
    Map<Column, Value> differing = new LinkedHashMap<>();
    wanted.forEach(
        (column, value) -> {
          Long shows = shown.digests().get(access.table().columnNumber(column));
          if (shows == null || shows != digest.of(value)) {
            differing.put(column, value);
          }
        });
    return differing;
  }

  private Shown with(Shown shown, Map<Column, Value> wanted) {
    SortedMap<Integer, Long> digests = new TreeMap<>(shown.digests());
    wanted.forEach(
        (column, value) -> digests.put(access.table().columnNumber(column), digest.of(value)));
    return Shown.of(digests);
  }
}
