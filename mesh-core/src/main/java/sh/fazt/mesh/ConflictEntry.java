package sh.fazt.mesh;

import java.util.List;
import java.util.Optional;
import sh.fazt.mesh.schema.Value;

/**
 * One value that lost to a write whose author had not seen it, or was refused, for people.
 *
 * @param number its own on this node, for good
 * @param foundMillis when it was found here, Unix milliseconds
 * @param settledMillis when the value came to stand again, Unix milliseconds; 0 while it is lost
 * @param key the row's
 * @param keyText the same, as a person types it
 * @param now what the table holds in its place; empty if there is no such row
 * @param nowBy the name of the node that wrote that; empty if nobody knows
 * @param lostBy who wrote what lost, and when
 * @param keptBy who wrote what it lost to, and when; where it was refused, what stood by then, or
 *     itself
 * @param decision why it lost
 */
public record ConflictEntry(
    long number,
    long foundMillis,
    long settledMillis,
    String table,
    List<Value> key,
    String keyText,
    String column,
    Optional<Value> now,
    Optional<String> nowBy,
    Value lost,
    Write lostBy,
    Write keptBy,
    Decision decision) {
  public ConflictEntry {
    key = List.copyOf(key);
  }

  /** Whether it lost to a delete. */
  public boolean deleted() {
    return decision == Decision.DELETE_BEATS_EDIT;
  }

  /** Whether its node may not write, so that it lost to nobody. */
  public boolean refused() {
    return decision == Decision.REFUSED;
  }
}
