package sh.fazt.mesh.store;

import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.schema.Column;
import sh.fazt.mesh.schema.Identifier;
import sh.fazt.mesh.schema.TrackedTable;
import sh.fazt.mesh.schema.Value;

/*
 An entry is copied before it is removed, and one entry more is no more than one look more: however
 this ends, every touched row stays touched. What it knows besides stands in a temporary table,
 which is rolled back with the rest.
*/
/**
 * Puts a long touched log into the order of its keys, minute by minute: rows that lie side by side
 * are then looked at and sent together, and here and at every peer a page of the file is written
 * once and not once a row. Confined.
 */
public final class TouchedOrder {
  /** Entries that are left in the order in which they came. */
  static final int ENTRIES_MIN = 10_000;

  /** Entries that are sorted in one go; reading them takes a few seconds at most. */
  private static final int ENTRIES_MAX = 1_000_000;

  /** Writes this far apart are stamped in the order in which they were made, milliseconds. */
  private static final int APART_MILLIS = 60_000;

  private static final Logger LOG = LoggerFactory.getLogger(TouchedOrder.class);

  private final Database database;
  private final TrackedTable table;
  private final TouchedLog touched;
  private final long entriesMax;
  private final String sorted;
  private final String keys;
  private Entries done = Entries.NONE;
  private Optional<Entries> begun = Optional.empty();
  private Optional<Entries> copying = Optional.empty();

  /** The entries from {@code first} to {@code last}. */
  private record Entries(long first, long last) {
    static final Entries NONE = new Entries(0, -1);

    boolean has(long entry) {
      return first <= entry && entry <= last;
    }
  }

  TouchedOrder(Database database, TrackedTable table, TouchedLog touched) {
    this(database, table, touched, ENTRIES_MAX);
  }

  /** The same, of which one go sorts so many entries. */
  TouchedOrder(Database database, TrackedTable table, TouchedLog touched, long entriesMax) {
    this.database = database;
    this.table = table;
    this.touched = touched;
    this.entriesMax = entriesMax;
    this.sorted = "_mesh_order_" + table.number();
    this.keys = RowSql.keys(table.shape().key().size(), "");
  }

  /** Whether {@link #look} and {@link #keep} have something to do. */
  public boolean isDue() {
    return begun.isPresent() || (touched.size() > ENTRIES_MIN && !done.has(touched.oldest()));
  }

  /** How many sorted entries are yet to be copied. */
  public long left() {
    return copying.isEmpty()
        ? 0
        : database.scalar("SELECT max(rowid) + 1 - min(rowid) FROM temp." + sorted);
  }

  /**
   * Sorts entries aside, unless some already are; outside any transaction.
   *
   * @return whether it has
   */
  public boolean look() {
    if (copying.isPresent()) {
      return false;
    }
    long first = touched.oldest();
    long last = begun.map(Entries::last).orElseGet(touched::newest);
    Entries some = new Entries(first, Math.min(last, first + entriesMax - 1));
    try {
      sort(some.last());
      begun = Optional.of(new Entries(first, last));
      copying = Optional.of(some);
    } catch (MeshException e) {
      // Justification: without a place for temporary files all is as true, and slower.
      LOG.debug("what was touched in {} stays unsorted: {}", table.name(), e.getMessage());
      end(first);
    }
    return copying.isPresent();
  }

  private void sort(long last) {
    List<Column> key = table.shape().key();
    database.run("DROP TABLE IF EXISTS temp." + sorted);
    // What is gone comes first: it may have left a unique value to a row that has come.
    database.run(
        """
        CREATE TEMP TABLE %s AS SELECT k.at, %s FROM
        (SELECT max(at) AS at, %s FROM %s WHERE rowid <= %s GROUP BY %s) AS k
        LEFT JOIN %s AS t ON %s ORDER BY k.at / %s, t.%s IS NOT NULL, %s"""
            .formatted(
                sorted,
                RowSql.keys(key.size(), "k."),
                keys,
                table.touched(),
                last,
                keys,
                Identifier.quoted(table.name()),
                RowSql.joinOnKey(key, "t", "k"),
                APART_MILLIS,
                Identifier.quoted(key.get(0).name()),
                RowSql.keys(key.size(), "k.")));
  }

  /**
   * Copies sorted entries behind the newest, or removes those that are copied; inside a write
   * transaction.
   *
   * @return how many
   */
  public int keep(int entriesMax) {
    int copied = copy(entriesMax);
    return copied > 0 ? copied : copying.map(some -> remove(some.last(), entriesMax)).orElse(0);
  }

  private int copy(int entriesMax) {
    long last = database.scalar("SELECT min(rowid) FROM temp." + sorted) + entriesMax - 1;
    int copied =
        database.execute(
            "INSERT INTO %s (at, %s) SELECT at, %s FROM temp.%s WHERE rowid <= ? ORDER BY rowid"
                .formatted(table.touched(), keys, keys, sorted),
            Value.of(last));
    database.execute("DELETE FROM temp." + sorted + " WHERE rowid <= ?", Value.of(last));
    return copied;
  }

  private int remove(long last, int entriesMax) {
    long before = touched.oldest();
    long end = Math.min(last, before + entriesMax - 1);
    touched.remove(end);
    if (end == last) {
      copying = Optional.empty();
      begun.filter(all -> all.last() == last).ifPresent(all -> end(last + 1));
    }
    return (int) Math.max(0, end + 1 - before);
  }

  private void end(long first) {
    begun = Optional.empty();
    done = new Entries(first, touched.newest());
  }
}
