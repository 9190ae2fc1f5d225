package sh.fazt.mesh.crdt;

import java.util.Map;
import java.util.Optional;
import sh.fazt.mesh.schema.Identifier;

/**
 * Which columns merge, and how; of all others the last write wins. It says what this node makes of
 * its own writes; what others wrote says itself how it merges.
 *
 * @param types the number of the type on the wire by table and column, both folded
 */
public record MergePolicy(Map<Name, Integer> types) {
  /** All columns: the last write wins. */
  public static final MergePolicy NONE = new MergePolicy(Map.of());

  /** A column, its table's name and its own folded. */
  public record Name(String table, String column) {
    public static Name of(String table, String column) {
      return new Name(Identifier.folded(table), Identifier.folded(column));
    }
  }

  public MergePolicy {
    types = Map.copyOf(types);
  }

  /** How a column merges; empty if the last write wins, or by a type of a later version. */
  public Optional<MergeType> of(String table, String column) {
    return types.isEmpty()
        ? Optional.empty()
        : Optional.ofNullable(types.get(Name.of(table, column))).flatMap(MergeType::of);
  }
}
