package sh.fazt.mesh.capture;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import sh.fazt.mesh.projection.Shown;
import sh.fazt.mesh.projection.ValueDigest;
import sh.fazt.mesh.schema.Column;
import sh.fazt.mesh.schema.TrackedTable;
import sh.fazt.mesh.schema.Value;
import sh.fazt.mesh.store.RowPair;

/**
 * What the application did to a row, seen from what was last shown of it.
 *
 * @param kind what became of the row
 * @param changed the columns, by their place in the table, whose values the application changed
 * @param shown what is shown from now on
 */
record RowDifference(Kind kind, List<Integer> changed, Shown shown) {
  enum Kind {
    NOTHING,
    CAME,
    CHANGED,
    WENT
  }

  static RowDifference of(RowPair pair, TrackedTable table, ValueDigest digest) {
    Shown before = pair.shadow().shown();
    if (pair.row().isEmpty()) {
      Kind kind = before.present() ? Kind.WENT : Kind.NOTHING;
      return new RowDifference(kind, List.of(), Shown.ABSENT);
    }
    List<Value> row = pair.row().get();
    List<Column> columns = table.shape().columns();
    SortedMap<Integer, Long> digests = new TreeMap<>();
    List<Integer> changed = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      int number = table.columnNumber(columns.get(i));
      long now = digest.of(row.get(i));
      Long then = before.digests().get(number);
      boolean unwritten = then == null && isUnwritten(pair, table, i);
      boolean spelling = unwritten && table.shape().key().contains(columns.get(i));
      if (!spelling && (!before.present() || !(unwritten || Long.valueOf(now).equals(then)))) {
        changed.add(i);
        digests.put(number, now);
      } else if (then != null) {
        digests.put(number, then);
      }
    }
    // What was shown of columns that are gone tells what is new in them if they return.
    before.digests().forEach((column, then) -> digests.putIfAbsent(column, then));
    Kind kind = !before.present() ? Kind.CAME : changed.isEmpty() ? Kind.NOTHING : Kind.CHANGED;
    return new RowDifference(kind, changed, Shown.of(digests));
  }

  /** Whether a row shows in a column what it would if nobody had written the column. */
  static boolean isUnwritten(RowPair pair, TrackedTable table, int place) {
    Value value = pair.row().orElseThrow(() -> new IllegalStateException("no row")).get(place);
    Column column = table.shape().columns().get(place);
    return table.shape().unwritten(column, pair.key().values()).equals(Optional.of(value));
  }
}
