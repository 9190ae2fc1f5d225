package sh.fazt.mesh.apply;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.change.RowKey;
import sh.fazt.mesh.clock.Stamp;
import sh.fazt.mesh.crdt.CellState;
import sh.fazt.mesh.crdt.MergedCell;
import sh.fazt.mesh.crdt.RowState;
import sh.fazt.mesh.schema.Column;
import sh.fazt.mesh.schema.TrackedTable;
import sh.fazt.mesh.schema.Value;

/** One row as the change log makes it, and the values of the writes that still count. Confined. */
final class LoggedRow {
  private final int place;
  private final TrackedTable table;
  private final RowKey key;
  private final Map<Integer, Map<Stamp, Given>> values = new HashMap<>();
  private final Map<Integer, MergedCell> cells = new HashMap<>();
  private RowState merged = RowState.NONE;
  private boolean waiting;
  private boolean proven = true;

  /** A value, and the hash of the batch that gave it. */
  private record Given(Hash batch, Value value) {}

  /**
   * @param place its table's, in the plan
   */
  LoggedRow(int place, TrackedTable table, RowKey key) {
    this.place = place;
    this.table = table;
    this.key = key;
  }

  int place() {
    return place;
  }

  TrackedTable table() {
    return table;
  }

  RowKey key() {
    return key;
  }

  /** All shown changes of the row joined. */
  RowState merged() {
    return merged;
  }

  /** Whether a change of it is parked or not shown yet. */
  boolean isWaiting() {
    return waiting;
  }

  /** Whether every batch that tells of it is there and bears its author's signature. */
  boolean isProven() {
    return proven;
  }

  void waits() {
    waiting = true;
  }

  /**
   * Gives up on the row, whose values are not kept any more.
   *
   * @return how many bytes of values fewer are kept
   */
  long unproven() {
    long before = bytes();
    proven = false;
    values.clear();
    cells.clear();
    return before;
  }

  /**
   * Joins a change of the row, unless it was given up.
   *
   * @param batch the hash of the batch that it came in
   * @return how many bytes of values more, or fewer, are kept
   */
  long join(Incoming incoming, Hash batch) {
    if (!proven) {
      return 0;
    }
    long before = bytes();
    incoming
        .operations()
        .forEach(
            (column, operations) ->
                cells.computeIfAbsent(column, this::begun).merge(incoming.life(), operations));
    merged = merged.join(incoming.state());
    incoming
        .values()
        .forEach(
            (column, value) -> {
              give(column, incoming.stamp(), new Given(batch, value));
              Optional.ofNullable(cells.get(table.columnNumber(column)))
                  .ifPresent(cell -> cell.write(incoming.life(), incoming.stamp(), value));
            });
    merged.dead().ifPresent(dead -> cells.values().forEach(cell -> cell.after(dead)));
    cells.values().removeIf(MergedCell::isEmpty);
    values.forEach((column, given) -> given.keySet().retainAll(counting(column)));
    return bytes() - before;
  }

  /** A cell before anything was done to it. */
  private MergedCell begun(int column) {
    MergedCell cell = new MergedCell();
    merged
        .cell(column)
        .ifPresent(
            state ->
                state
                    .writes()
                    .forEach(
                        write ->
                            Optional.ofNullable(
                                    values.getOrDefault(column, Map.of()).get(write.stamp()))
                                .ifPresent(
                                    given ->
                                        cell.write(write.life(), write.stamp(), given.value()))));
    return cell;
  }

  /** The cells that operations were made on, by column number. */
  Map<Integer, MergedCell> cells() {
    return Map.copyOf(cells);
  }

  private void give(Column column, Stamp stamp, Given given) {
    // Where one stamp gave two values the higher hash of the batch decides, and within it the last.
    values
        .computeIfAbsent(table.columnNumber(column), number -> new HashMap<>())
        .merge(
            stamp, given, (one, other) -> one.batch().compareTo(other.batch()) > 0 ? one : other);
  }

  private Set<Stamp> counting(int column) {
    return merged
        .cell(column)
        .map(cell -> cell.writes().stream().map(CellState.Write::stamp).collect(Collectors.toSet()))
        .orElse(Set.of());
  }

  private long bytes() {
    return values.values().stream()
        .flatMap(given -> given.values().stream())
        .mapToLong(given -> given.value().bytes())
        .sum();
  }

  /** The values that the row should show, by column number, without those that nobody wrote. */
  SortedMap<Integer, Value> shown() {
    SortedMap<Integer, Value> shown = new TreeMap<>();
    values.forEach(
        (column, given) ->
            merged
                .cell(column)
                .map(cell -> given.get(cell.winner()))
                .ifPresent(winner -> shown.put(column, winner.value())));
    cells.forEach((column, cell) -> cell.shown().ifPresent(value -> shown.put(column, value)));
    return shown;
  }

  /** The value that a column should show; empty where the log lacks it, or SQLite computes it. */
  Optional<Value> shown(Column column) {
    return Optional.ofNullable(shown().get(table.columnNumber(column)))
        .or(
            () ->
                isWritten(column)
                    ? Optional.empty()
                    : table.shape().unwritten(column, key.values()));
  }

  boolean isWritten(Column column) {
    return merged.cell(table.columnNumber(column)).isPresent();
  }
}
