package sh.fazt.mesh;

import java.util.Optional;

/**
 * How a table stands in the mesh.
 *
 * @param rows how many it has now; −1 where nobody counted
 * @param parked changes of it that wait
 * @param aside rows of it that one of its rules keeps out
 * @param reason why it stays home or cannot replicate, in a few words
 */
public record TableStatus(
    String name, State state, long rows, long parked, long aside, Optional<String> reason) {

  /** Whether it takes part. */
  public enum State {
    REPLICATED,
    /** It could, and does not. */
    HOME,
    /** It cannot. */
    REFUSED,
    /** It should, and this database has no such table. */
    MISSING
  }
}
