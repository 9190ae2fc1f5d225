package sh.fazt.mesh.crdt;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import sh.fazt.mesh.clock.Stamp;

/**
 * The merged state of one last-write-wins cell: the writes that may still come to be the latest.
 *
 * <p>A write belongs to a life of its row and falls with it. So of two writes the later one counts,
 * unless its life ends and the other's does not: all writes stay that no other beats in both. In
 * nearly every row there is one. After Shapiro et al., RR-7506 §3.2.1, with a frontier in place of
 * the single register.
 *
 * @param writes in descending order of stamp and ascending order of life
 */
public record CellState(List<Write> writes) {
  /**
   * @param life the insert that gave the row the life this write belongs to
   * @param stamp the write's own
   */
  public record Write(Stamp life, Stamp stamp) {
    boolean dominates(Write other) {
      return life.compareTo(other.life) >= 0 && stamp.compareTo(other.stamp) >= 0;
    }
  }

  private static final Comparator<Write> LATEST_FIRST =
      Comparator.comparing(Write::stamp).reversed();

  public CellState {
    writes = List.copyOf(writes);
  }

  public static CellState of(Stamp life, Stamp stamp) {
    return new CellState(List.of(new Write(life, stamp)));
  }

  /** The write that the cell shows. */
  public Stamp winner() {
    return writes.get(0).stamp();
  }

  CellState join(CellState other) {
    List<Write> all = new ArrayList<>(writes);
    all.addAll(other.writes);
    return new CellState(frontier(all));
  }

  /** What is left when every life up to {@code dead} has ended; empty if nothing. */
  Optional<CellState> after(Stamp dead) {
    List<Write> left = writes.stream().filter(write -> write.life().compareTo(dead) > 0).toList();
    return left.isEmpty() ? Optional.empty() : Optional.of(new CellState(left));
  }

  private static List<Write> frontier(List<Write> writes) {
    List<Write> kept = new ArrayList<>();
    for (Write write : writes) {
      if (kept.stream().noneMatch(other -> other.dominates(write))) {
        kept.removeIf(write::dominates);
        kept.add(write);
      }
    }
    kept.sort(LATEST_FIRST);
    return kept;
  }
}
