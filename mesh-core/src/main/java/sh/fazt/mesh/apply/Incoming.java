package sh.fazt.mesh.apply;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import sh.fazt.mesh.change.Cell;
import sh.fazt.mesh.change.Change;
import sh.fazt.mesh.change.RowKey;
import sh.fazt.mesh.clock.Stamp;
import sh.fazt.mesh.crdt.Operations;
import sh.fazt.mesh.crdt.RowState;
import sh.fazt.mesh.schema.Column;
import sh.fazt.mesh.schema.Identifier;
import sh.fazt.mesh.schema.TrackedTable;
import sh.fazt.mesh.schema.Value;

/**
 * A change as this node's tables understand it.
 *
 * @param key the row's key in the form that all its spellings share here
 * @param state what it adds to the merged state, also of columns that were dropped here
 * @param values the new values of the columns that this node has
 * @param operations what was done to cells of columns that merge, by column number, also of columns
 *     that were dropped here
 * @param waited whether it was delivered before and parked, so that nobody here has seen it
 */
record Incoming(
    Change change,
    RowKey key,
    Stamp stamp,
    RowState state,
    Map<Column, Value> values,
    Map<Integer, Operations> operations,
    boolean waited) {

  static Incoming of(Change change, Stamp stamp, TrackedTable table, boolean waited) {
    RowKey key = new RowKey(table.shape().folded(change.key().values()));
    Map<Column, Value> values = new LinkedHashMap<>();
    Map<Integer, Operations> operations = new TreeMap<>();
    List<Integer> numbers = new ArrayList<>();
    for (Cell cell : change.cells()) {
      if (cell.type() == Cell.LWW) {
        table.formerNumber(cell.column()).ifPresent(numbers::add);
        table
            .column(cell.column())
            .filter(column -> table.shape().mayHold(column, cell.value(), key.values()))
            .ifPresent(column -> values.put(column, cell.value()));
      } else {
        Optional<Integer> number =
            Optional.ofNullable(table.columnNumbers().get(Identifier.folded(cell.column())));
        Optional<Operations> done = operations(cell);
        if (number.isPresent() && done.isPresent()) {
          operations.put(number.get(), done.get());
        }
      }
    }
    numbers.addAll(operations.keySet());
    values.keySet().stream().map(table::columnNumber).forEach(numbers::add);
    RowState state;
    if (change instanceof Change.Insert) {
      state = RowState.inserted(stamp, numbers);
    } else if (change instanceof Change.Update update) {
      state = RowState.updated(stamp, update.life(), numbers);
    } else if (change instanceof Change.Delete) {
      state = RowState.deleted(stamp);
    } else {
      throw new AssertionError("unhandled " + change);
    }
    return new Incoming(change, key, stamp, state, values, operations, waited);
  }

  /** What a cell of a column that merges says was done; empty if this version cannot read it. */
  static Optional<Operations> operations(Cell cell) {
    return cell.value() instanceof Value.Blob payload
        ? Operations.decoded(cell.type(), payload.value())
        : Optional.empty();
  }

  /** The life that the change's cells belong to; for a delete its own stamp. */
  Stamp life() {
    return change instanceof Change.Update update ? update.life() : stamp;
  }
}
