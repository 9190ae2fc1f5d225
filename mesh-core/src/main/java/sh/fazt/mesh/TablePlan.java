package sh.fazt.mesh;

import java.util.List;
import java.util.Optional;

/**
 * What would happen to each table of a database that becomes part of a mesh.
 *
 * @param preset the preset that chose, if one did
 * @param tables all of the application's, by name
 */
public record TablePlan(Optional<String> preset, List<TableStatus> tables) {
  public TablePlan {
    tables = List.copyOf(tables);
  }

  /** Those that stand so. */
  public List<TableStatus> in(TableStatus.State state) {
    return tables.stream().filter(table -> table.state() == state).toList();
  }

  /** Rows of the tables that replicate. */
  public long rows() {
    return in(TableStatus.State.REPLICATED).stream().mapToLong(TableStatus::rows).sum();
  }
}
