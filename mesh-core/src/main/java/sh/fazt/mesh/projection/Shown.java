package sh.fazt.mesh.projection;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the tables show of a row: whether it is there, and of each column a digest of the exact
 * value. A column without a digest shows its default.
 *
 * @param present whether the table has the row
 * @param digests by column number; empty when not present
 */
public record Shown(boolean present, SortedMap<Integer, Long> digests) {
  public static final Shown ABSENT = new Shown(false, new TreeMap<>());

  public Shown {
    digests = Collections.unmodifiableSortedMap(new TreeMap<>(digests));
    if (!present && !digests.isEmpty()) {
      throw new IllegalArgumentException("an absent row shows no values");
    }
  }

  public static Shown of(Map<Integer, Long> digests) {
    return new Shown(true, new TreeMap<>(digests));
  }
}
