package sh.fazt.mesh;

import java.util.List;
import java.util.Optional;
import sh.fazt.mesh.schema.Value;

/**
 * One value that lost to a write whose author had not seen it, for people.
 *
 * @param foundMillis when it was found here, Unix milliseconds
 * @param key the row's
 * @param now what the table holds in its place; empty if there is no such row
 * @param lostBy the name of the node that wrote what lost
 * @param keptBy the name of the node that wrote what stands
 * @param deleted whether it lost to a delete
 */
public record ConflictEntry(
    long foundMillis,
    String table,
    List<Value> key,
    String column,
    Optional<Value> now,
    Value lost,
    String lostBy,
    String keptBy,
    boolean deleted) {
  public ConflictEntry {
    key = List.copyOf(key);
  }
}
