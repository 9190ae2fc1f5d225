package sh.fazt.mesh.crdt;

import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
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

  /**
   * The columns of a table that merge, folded, and the words for how; a number where it is a type
   * of a later version.
   */
  public SortedMap<String, String> words(String table) {
    SortedMap<String, String> words = new TreeMap<>();
    types.forEach(
        (name, type) -> {
          if (type != 0 && name.table().equals(Identifier.folded(table))) {
            words.put(
                name.column(), MergeType.of(type).map(MergeType::word).orElse("type " + type));
          }
        });
    return words;
  }

  /** How a column merges; empty if the last write wins, or by a type of a later version. */
  public Optional<MergeType> of(String table, String column) {
    return types.isEmpty()
        ? Optional.empty()
        : Optional.ofNullable(types.get(Name.of(table, column))).flatMap(MergeType::of);
  }
}
