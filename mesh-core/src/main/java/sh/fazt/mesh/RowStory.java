package sh.fazt.mesh;

import java.util.List;
import java.util.Optional;
import sh.fazt.mesh.schema.Value;

/**
 * Why a row is as it is: what shows, who wrote it and when, what it stands against, for people.
 *
 * @param key the row's
 * @param keyText the same, as a person types it
 * @param madeBy who brought the row about, or for a dead one who deleted it; empty where only this
 *     node knows so far
 * @param aside what keeps the row out of its table, if it is set aside
 * @param decision why the row is alive, dead or set aside, where others wanted it otherwise
 * @param columns those of the table, then those that it lacks and changes wait for
 * @param waiting delivered changes of the row that cannot show
 * @param neighbours rows that want the same unique values
 */
public record RowStory(
    String table,
    List<Value> key,
    String keyText,
    State state,
    Optional<Write> madeBy,
    Optional<Aside> aside,
    Optional<Decision> decision,
    List<ColumnStory> columns,
    List<Parked> waiting,
    List<Neighbour> neighbours) {

  public RowStory {
    key = List.copyOf(key);
    columns = List.copyOf(columns);
    waiting = List.copyOf(waiting);
    neighbours = List.copyOf(neighbours);
  }

  /** What has become of a row. */
  public enum State {
    /** It is in its table. */
    ALIVE,
    /** It is in its table, and the mesh has not taken that in yet. */
    CAME,
    /** It lives, and a rule of its table keeps it out. */
    SET_ASIDE,
    /** It was deleted. */
    DEAD,
    /** It is not in its table any more, and the mesh has not taken that in yet. */
    WENT,
    /** It was deleted here with most of its table; the others are not told until a person says. */
    HELD,
    /** Nothing of it can show yet. */
    WAITING,
    /** It was made on a node that may not write, and taken out of its table again. */
    REFUSED
  }

  /**
   * What keeps a row out of its table.
   *
   * @param rule in SQLite's words or ours
   * @param sinceMillis Unix milliseconds
   */
  public record Aside(String rule, long sinceMillis) {}

  /**
   * One column of the row.
   *
   * @param value what shows, or would if the row were in its table; empty where nothing does
   * @param wrote who wrote that, and when; empty for a default, and for what the mesh has not taken
   *     in yet
   * @param ahead whether this node's application has written it, and the mesh has not taken that in
   * @param decision why it shows; empty where nothing does
   * @param lost values that lost it, and do not stand again
   */
  public record ColumnStory(
      String column,
      Optional<Value> value,
      Optional<Write> wrote,
      boolean ahead,
      Optional<Decision> decision,
      List<ConflictEntry> lost) {
    public ColumnStory {
      lost = List.copyOf(lost);
    }
  }

  /**
   * A change of the row that was delivered and waits.
   *
   * @param cells the values that it has; empty for a delete
   */
  public record Parked(Write wrote, Waiting why, boolean delete, List<Cell> cells) {
    public Parked {
      cells = List.copyOf(cells);
    }
  }

  /** A value that waits. */
  public record Cell(String column, Value value) {}

  /**
   * Another row that wants the same unique values.
   *
   * @param keyText its key, as a person types it
   * @param shown whether it has them
   * @param since the write by which it claims them
   */
  public record Neighbour(List<Value> key, String keyText, boolean shown, Write since) {
    public Neighbour {
      key = List.copyOf(key);
    }
  }
}
