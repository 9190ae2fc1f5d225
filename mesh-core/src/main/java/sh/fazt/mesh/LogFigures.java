package sh.fazt.mesh;

import java.util.List;

/**
 * The change log in numbers.
 *
 * @param batches how many were ever delivered
 * @param stable how many of them every member is on record to show
 * @param trimmed how many of them have gone
 * @param holding the names of the members that are on record with less than all, or with nothing
 */
public record LogFigures(long batches, long stable, long trimmed, List<String> holding) {
  /** Of an empty log. */
  public static final LogFigures NONE = new LogFigures(0, 0, 0, List.of());

  public LogFigures {
    holding = List.copyOf(holding);
  }
}
