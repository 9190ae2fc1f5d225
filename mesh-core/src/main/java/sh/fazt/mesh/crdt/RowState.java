package sh.fazt.mesh.crdt;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import sh.fazt.mesh.clock.Stamp;

/**
 * The merged state of one row: when it last came to life, when it last died, and of each column the
 * writes that count. A join semilattice: states merge in any order, any number of times, to the
 * same result. Values are kept elsewhere, under their stamps.
 *
 * <p>Life is a register {alive, dead} that the latest stamp decides. Cells belong to the life that
 * their author saw; a death ends every life that began before it, and an edit of such a life loses,
 * whatever its own time.
 */
public final class RowState {
  /** A row that nobody has written. */
  public static final RowState NONE = new RowState(null, null, new TreeMap<>());

  private final @Nullable Stamp alive;
  private final @Nullable Stamp dead;
  private final SortedMap<Integer, CellState> cells;

  private RowState(
      @Nullable Stamp alive, @Nullable Stamp dead, SortedMap<Integer, CellState> cells) {
    this.alive = alive;
    this.dead = dead;
    this.cells = cells;
  }

  /**
   * A state from its parts; cells of lives that {@code dead} ended are left out.
   *
   * @param cells by column number
   */
  public static RowState of(
      Optional<Stamp> alive, Optional<Stamp> dead, Map<Integer, CellState> cells) {
    return pruned(alive.orElse(null), dead.orElse(null), cells);
  }

  /** An insert at {@code stamp} that wrote {@code columns}. */
  public static RowState inserted(Stamp stamp, Iterable<Integer> columns) {
    SortedMap<Integer, CellState> cells = new TreeMap<>();
    columns.forEach(column -> cells.put(column, CellState.of(stamp, stamp)));
    return new RowState(stamp, null, cells);
  }

  /** An update at {@code stamp} of {@code columns} of the life that began at {@code life}. */
  public static RowState updated(Stamp stamp, Stamp life, Iterable<Integer> columns) {
    SortedMap<Integer, CellState> cells = new TreeMap<>();
    columns.forEach(column -> cells.put(column, CellState.of(life, stamp)));
    return new RowState(null, null, cells);
  }

  /** A delete at {@code stamp}. */
  public static RowState deleted(Stamp stamp) {
    return new RowState(null, stamp, new TreeMap<>());
  }

  /** The least state above both. */
  public RowState join(RowState other) {
    SortedMap<Integer, CellState> joined = new TreeMap<>(cells);
    other.cells.forEach((column, cell) -> joined.merge(column, cell, CellState::join));
    return pruned(later(alive, other.alive), later(dead, other.dead), joined);
  }

  /** Whether the row lives: it came to life after it last died. */
  public boolean isAlive() {
    return alive != null && (dead == null || alive.compareTo(dead) > 0);
  }

  public Optional<Stamp> alive() {
    return Optional.ofNullable(alive);
  }

  public Optional<Stamp> dead() {
    return Optional.ofNullable(dead);
  }

  /** The cells by column number; a living row's missing columns have their defaults. */
  public Map<Integer, CellState> cells() {
    return Collections.unmodifiableSortedMap(cells);
  }

  public Optional<CellState> cell(int column) {
    return Optional.ofNullable(cells.get(column));
  }

  /** The latest stamp anywhere in this row. */
  public Optional<Stamp> latest() {
    Stamp latest = later(alive, dead);
    for (CellState cell : cells.values()) {
      latest = later(latest, cell.winner());
    }
    return Optional.ofNullable(latest);
  }

  private static RowState pruned(
      @Nullable Stamp alive, @Nullable Stamp dead, Map<Integer, CellState> cells) {
    SortedMap<Integer, CellState> kept = new TreeMap<>();
    cells.forEach(
        (column, cell) -> {
          Optional<CellState> left = dead == null ? Optional.of(cell) : cell.after(dead);
          left.ifPresent(state -> kept.put(column, state));
        });
    return new RowState(alive, dead, kept);
  }

  private static @Nullable Stamp later(@Nullable Stamp a, @Nullable Stamp b) {
    if (a == null || b == null) {
      return a == null ? b : a;
    }
    return a.compareTo(b) >= 0 ? a : b;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RowState that
        && alive().equals(that.alive())
        && dead().equals(that.dead())
        && cells.equals(that.cells);
  }

  @Override
  public int hashCode() {
    return cells.hashCode() * 31 + alive().hashCode();
  }

  @Override
  public String toString() {
    return "alive " + alive() + ", dead " + dead() + ", " + cells;
  }
}
