package sh.fazt.mesh.apply;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sh.fazt.mesh.capture.Catalog;
import sh.fazt.mesh.change.RowKey;
import sh.fazt.mesh.schema.TrackedTable;
import sh.fazt.mesh.store.TableAccess;

/*
 One row that comes back may make room for any other, so a walk through a table's rows is followed
 by another until one has changed nothing. A walk goes by the order of keys, and is not begun anew
 when rows move meanwhile: else the last rows would never be tried while somebody writes.
*/
/**
 * The rows that are set aside and may fit now: all of a table in which rows have moved, as many in
 * one turn as it takes without holding others up. Confined.
 */
final class AsideRetries {
  private static final int ROWS_MAX = 10_000;
  private static final int ROUNDS_MAX = 10;

  private final Map<TrackedTable, Walk> walks = new HashMap<>();
  private int rowsMax = ROWS_MAX;

  /**
   * How far a walk has come.
   *
   * @param after the last row that was tried
   * @param again whether rows have moved since it began
   */
  private record Walk(Optional<RowKey> after, boolean again) {
    static final Walk BEGINNING = new Walk(Optional.empty(), false);

    Walk moved() {
      return new Walk(after, after.isPresent());
    }
  }

  /** Rows of these tables have moved. */
  void moved(Collection<TrackedTable> tables) {
    tables.forEach(
        table -> walks.merge(table, Walk.BEGINNING, (going, beginning) -> going.moved()));
  }

  /** Whether any row is yet to be tried. */
  boolean hasMore() {
    return !walks.isEmpty();
  }

  /** Tries no more than so many rows in one turn, fewer than usual. */
  void tryInOneTurn(int rows) {
    rowsMax = rows;
  }

  void forget() {
    walks.clear();
  }

  /** Tries as many as one turn takes; inside a write transaction. */
  void turn(BatchApplier applier, Catalog catalog) {
    List<TableAccess> tables = catalog.tables();
    walks.keySet().retainAll(tables.stream().map(TableAccess::table).toList());
    for (TableAccess access : tables) {
      Optional<Walk> walk = Optional.ofNullable(walks.remove(access.table()));
      walk.flatMap(going -> turn(applier, access, going))
          .ifPresent(left -> walks.put(access.table(), left));
    }
  }

  /** A few walks through few rows, or a part of one through many. */
  private Optional<Walk> turn(BatchApplier applier, TableAccess access, Walk begun) {
    Walk walk = begun;
    for (int round = 0; round < ROUNDS_MAX; round++) {
      List<RowKey> page = applier.stores().aside().keysAfter(access.table(), walk.after(), rowsMax);
      boolean again = applier.retryAside(access, page) || walk.again();
      if (page.size() == rowsMax) {
        return Optional.of(new Walk(Optional.of(page.get(rowsMax - 1)), again));
      } else if (!again) {
        return Optional.empty();
      }
      walk = Walk.BEGINNING;
    }
    return Optional.of(walk);
  }
}
