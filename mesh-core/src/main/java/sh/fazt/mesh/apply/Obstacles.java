package sh.fazt.mesh.apply;

import java.util.Optional;
import java.util.Set;
import sh.fazt.mesh.capture.Catalog;
import sh.fazt.mesh.change.Cell;
import sh.fazt.mesh.change.Change;
import sh.fazt.mesh.clock.HybridClock;
import sh.fazt.mesh.schema.Identifier;
import sh.fazt.mesh.schema.TextEncoding;
import sh.fazt.mesh.schema.TrackedTable;
import sh.fazt.mesh.store.ParkedTable;
import sh.fazt.mesh.store.ParkedTable.Parked;
import sh.fazt.mesh.store.ParkedTable.Reason;
import sh.fazt.mesh.store.TableAccess;

/** Says why a change cannot show, or not all of it, with the schema and the clock of now. */
final class Obstacles {
  private final Catalog catalog;
  private final long nowMillis;

  Obstacles(Catalog catalog, long nowMillis) {
    this.catalog = catalog;
    this.nowMillis = nowMillis;
  }

  /** Whether the rest of the change can show all the same. */
  static boolean isPartial(Parked parked) {
    return parked.reason() == Reason.UNKNOWN_COLUMN
        || parked.reason() == Reason.UNKNOWN_COLUMN_TYPE;
  }

  /**
   * What stands in a change's way, if anything does.
   *
   * @param held tables of which no delete may show, by number
   */
  Optional<Parked> of(long batch, int position, Change change, Set<Integer> held) {
    Optional<Parked> obstacle = of(batch, position, change);
    boolean waits =
        obstacle.isEmpty()
            && change instanceof Change.Delete
            && catalog
                .find(change.table())
                .filter(access -> held.contains(access.table().number()))
                .isPresent();
    return waits ? parked(batch, position, change, Reason.HELD, "", ParkedTable.NEVER) : obstacle;
  }

  /**
   * What stands in a change's way, mass deletes aside.
   *
   * @param batch the number of its batch in the change log
   * @param position its place there
   */
  Optional<Parked> of(long batch, int position, Change change) {
    if (HybridClock.isEarly(change.hlc(), nowMillis)) {
      long due = HybridClock.dueMillis(change.hlc());
      return parked(batch, position, change, Reason.FROM_THE_FUTURE, "", due);
    }
    Optional<TableAccess> access = catalog.find(change.table());
    if (access.isEmpty()) {
      return parked(batch, position, change, Reason.UNKNOWN_TABLE, change.table(), 0);
    }
    TrackedTable table = access.get().table();
    if (change.key().values().size() != table.shape().key().size()) {
      return parked(batch, position, change, Reason.OTHER_KEY, change.table(), 0);
    }
    if (!keeps(table, change)) {
      return parked(batch, position, change, Reason.UNKEPT_KEY, change.table(), 0);
    }
    for (Cell cell : change.cells()) {
      if (!has(table, cell.column())) {
        return parked(batch, position, change, Reason.UNKNOWN_COLUMN, cell.column(), 0);
      } else if (cell.type() != Cell.LWW && Incoming.operations(cell).isEmpty()) {
        return parked(batch, position, change, Reason.UNKNOWN_COLUMN_TYPE, cell.column(), 0);
      }
    }
    return Optional.empty();
  }

  /** Whether the row's key, however spelled, can be kept here. */
  private static boolean keeps(TrackedTable table, Change change) {
    TextEncoding encoding = table.shape().encoding();
    return encoding == TextEncoding.UTF_8
        || (table.shape().keeps(change.key().values())
            && change.cells().stream()
                .filter(cell -> isKey(table, cell.column()))
                .allMatch(cell -> encoding.holds(cell.value())));
  }

  private static boolean isKey(TrackedTable table, String column) {
    return table.shape().key().stream().anyMatch(key -> Identifier.same(key.name(), column));
  }

  /**
   * Whether a column needs not be waited for. A key's spelling matters to those alone whose keys
   * have several; what was dropped here is merged all the same, and shown if it returns.
   */
  private static boolean has(TrackedTable table, String column) {
    return table.column(column).isPresent()
        || isKey(table, column)
        || table.formerNumber(column).isPresent();
  }

  private static Optional<Parked> parked(
      long batch, int position, Change change, Reason reason, String detail, long due) {
    return Optional.of(new Parked(batch, position, change.table(), reason, detail, due));
  }
}
