package sh.fazt.mesh.node;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import sh.fazt.mesh.fingerprint.RowReport;
import sh.fazt.mesh.fingerprint.RowReport.Judgement;
import sh.fazt.mesh.fingerprint.StatePlan;
import sh.fazt.mesh.node.VerifyReport.TableDifference;
import sh.fazt.mesh.schema.SqlText;

/** Rows that differ, by table, from what each side says of its own. */
final class Differences {
  /** Keys that are named of one table. */
  private static final int KEYS_MAX = 5;

  private final Map<String, Count> tables = new TreeMap<>();

  private static final class Count {
    private long here;
    private long there;
    private long unproven;
    private long explained;
    private long mended;
    private final List<String> keys = new ArrayList<>();
  }

  /**
   * Takes in what both sides say.
   *
   * @param ids of the rows that differ
   */
  void add(StatePlan plan, List<Long> ids, List<RowReport> ours, List<RowReport> theirs) {
    Map<Long, RowReport> here = byId(ours);
    Map<Long, RowReport> there = byId(theirs);
    for (long id : ids) {
      Optional<RowReport> mine = Optional.ofNullable(here.get(id));
      Optional<RowReport> yours = Optional.ofNullable(there.get(id));
      Optional<RowReport> named =
          mine.filter(row -> row.table() >= 0).or(() -> yours.filter(row -> row.table() >= 0));
      String table =
          named
              .filter(row -> row.table() < plan.tables().size())
              .map(row -> plan.tables().get(row.table()).name())
              .orElse("?");
      Count count = tables.computeIfAbsent(table, name -> new Count());
      if (!count(count, mine, yours) && count.keys.size() < KEYS_MAX) {
        count.keys.add(named.map(Differences::keyText).orElse("?"));
      }
    }
  }

  private static Map<Long, RowReport> byId(List<RowReport> rows) {
    Map<Long, RowReport> byId = new HashMap<>();
    rows.forEach(row -> byId.put(row.id(), row));
    return byId;
  }

  /**
   * @return whether the difference is no fault
   */
  private static boolean count(Count count, Optional<RowReport> mine, Optional<RowReport> yours) {
    boolean here = is(mine, Judgement.DAMAGED);
    boolean there = is(yours, Judgement.DAMAGED);
    boolean explained = explains(mine) || explains(yours);
    count.here += here ? 1 : 0;
    count.there += there && !here ? 1 : 0;
    count.explained += explained && !here && !there ? 1 : 0;
    count.unproven += explained || here || there ? 0 : 1;
    return explained && !here && !there;
  }

  private static boolean is(Optional<RowReport> row, Judgement judgement) {
    return row.map(RowReport::judgement).equals(Optional.of(judgement));
  }

  private static boolean explains(Optional<RowReport> row) {
    return row.map(RowReport::judgement).map(Judgement::explains).orElse(false);
  }

  static String keyText(RowReport row) {
    return row.values()
        .map(values -> values.stream().map(SqlText::plain).collect(Collectors.joining("/")))
        .orElse("?");
  }

  /** Takes note of rows of a table that were mended. */
  void mended(String foldedTable, long rows, List<String> keys) {
    Count count = tables.computeIfAbsent(foldedTable, name -> new Count());
    count.mended += rows;
    keys.stream().limit(KEYS_MAX - (long) count.keys.size()).forEach(count.keys::add);
  }

  /** How many rows differ that should not. */
  long differing() {
    return tables.values().stream().mapToLong(each -> each.here + each.there + each.unproven).sum();
  }

  /** By table, in the order of names. */
  List<TableDifference> all() {
    List<TableDifference> all = new ArrayList<>();
    tables.forEach(
        (table, count) ->
            all.add(
                new TableDifference(
                    table,
                    count.here,
                    count.there,
                    count.unproven,
                    count.explained,
                    count.mended,
                    count.keys)));
    return all;
  }
}
