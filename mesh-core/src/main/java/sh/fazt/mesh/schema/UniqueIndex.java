package sh.fazt.mesh.schema;

import java.util.List;

/**
 * A UNIQUE index beyond the key. A partial one is taken for whole: too many suspects do no harm.
 *
 * @param collations one for each column
 */
public record UniqueIndex(List<String> columns, List<String> collations) {
  public UniqueIndex {
    columns = List.copyOf(columns);
    collations = List.copyOf(collations);
  }
}
