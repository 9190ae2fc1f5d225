package sh.fazt.mesh.capture;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import sh.fazt.mesh.change.Cell;
import sh.fazt.mesh.clock.Stamp;
import sh.fazt.mesh.crdt.CellState;
import sh.fazt.mesh.crdt.MergeType;
import sh.fazt.mesh.crdt.MergedCell;
import sh.fazt.mesh.crdt.Operations;
import sh.fazt.mesh.crdt.Writer;
import sh.fazt.mesh.identity.Chance;
import sh.fazt.mesh.projection.ValueDigest;
import sh.fazt.mesh.schema.Column;
import sh.fazt.mesh.schema.TrackedTable;
import sh.fazt.mesh.schema.Value;
import sh.fazt.mesh.store.RowPair;

/**
 * Finds the operations that lead from what a column that merges showed to what the application made
 * of it. Where there are none, or what it showed is not known any more, the write is a plain one.
 * Only reads. Confined.
 */
public final class Operating {
  private final Catalog catalog;
  private final Chance chance;
  private final ValueDigest digest;
  private @Nullable Writer writer;

  /**
   * @param chance where the number of this opening's session comes from
   */
  public Operating(Catalog catalog, Chance chance, ValueDigest digest) {
    this.catalog = catalog;
    this.chance = chance;
    this.digest = digest;
  }

  private Writer writer() {
    if (writer == null) {
      writer = new Writer(chance.bytes(Long.BYTES).asBuffer().getLong() | 1);
    }
    return writer;
  }

  /**
   * The cells of a change, and what becomes of those that are kept on their own.
   *
   * @param kept by column number
   */
  record Cells(List<Cell> cells, Map<Integer, MergedCell> kept) {}

  /**
   * @param life the row's; equal to {@code now} if it is new
   * @param now the write's stamp
   * @param places of the columns that were written
   */
  Cells of(RowPair pair, TrackedTable table, Stamp life, Stamp now, List<Integer> places) {
    List<Value> row = pair.row().orElseThrow(() -> new IllegalStateException("no row"));
    Map<Integer, MergedCell> known = catalog.cells().ofRow(table, pair.key());
    Map<Integer, MergedCell> kept = new TreeMap<>();
    List<Cell> cells = new ArrayList<>();
    for (int place : places) {
      Column column = table.shape().columns().get(place);
      Value value = row.get(place);
      int number = table.columnNumber(column);
      Optional<MergeType> type = catalog.policy().of(table.name(), column.name());
      Optional<Operations> operations = Optional.empty();
      if (type.isPresent()) {
        boolean creates = life.equals(now);
        // A row of the same key may be set aside, and count together with this one elsewhere.
        MergedCell cell =
            creates
                ? known.getOrDefault(number, new MergedCell())
                : before(pair, table, column, known.get(number));
        operations =
            creates
                ? cell.create(type.get(), life, writer(), value)
                : cell.edit(type.get(), life, now, writer(), value);
        operations.ifPresent(done -> kept.put(number, cell));
      }
      if (operations.isEmpty() && known.containsKey(number)) {
        MergedCell cell = catalog.cells().find(table, pair.key(), number).orElseThrow();
        cell.write(life, now, value);
        kept.put(number, cell);
      }
      cells.add(
          operations
              .map(done -> cell(column, done))
              .orElseGet(() -> Cell.lww(column.name(), value)));
    }
    return new Cells(cells, kept);
  }

  private static Cell cell(Column column, Operations operations) {
    return new Cell(column.name(), operations.type().number(), Value.of(operations.encoded()));
  }

  /** The cell as it was shown; empty if that is not known exactly. */
  private MergedCell before(
      RowPair pair, TrackedTable table, Column column, @Nullable MergedCell known) {
    MergedCell cell = known == null ? written(pair, table, column) : known;
    Optional<Long> shown =
        Optional.ofNullable(pair.shadow().shown().digests().get(table.columnNumber(column)));
    boolean exact = shown.isPresent() && cell.shown().map(digest::of).equals(shown);
    return exact ? cell : new MergedCell();
  }

  private MergedCell written(RowPair pair, TrackedTable table, Column column) {
    MergedCell cell = new MergedCell();
    Optional<CellState> state = pair.shadow().merged().cell(table.columnNumber(column));
    for (CellState.Write write : state.map(CellState::writes).orElse(List.of())) {
      catalog
          .log()
          .values()
          .at(write.stamp(), table, pair.key(), column)
          .ifPresent(value -> cell.write(write.life(), write.stamp(), value));
    }
    return cell;
  }
}
