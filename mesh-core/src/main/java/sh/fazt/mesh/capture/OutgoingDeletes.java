package sh.fazt.mesh.capture;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sh.fazt.mesh.capture.RowDifference.Kind;
import sh.fazt.mesh.change.MassDelete;
import sh.fazt.mesh.change.RowKey;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.schema.TrackedTable;
import sh.fazt.mesh.store.HeldTable.Held;
import sh.fazt.mesh.store.TableAccess;
import sh.fazt.mesh.store.TableBook;

/*
 A purge may take many looks, and the first must know what the last will find: so deletes that
 other entries still hide are counted too, and once a table's deletes are held they are until all
 that was touched has been looked at.
*/
/** Holds the deletes among what the application did if they are a mass delete. Confined. */
final class OutgoingDeletes {
  private final SiteId own;
  private final DeleteCounts counts;
  private final TableBook book;
  private final Map<Integer, Hidden> hidden = new HashMap<>();

  /**
   * @param newest the newest entry when it was counted
   * @param shrunk by how much the table has shrunk, by the entries not looked at by then and those
   *     of the look at hand
   */
  private record Hidden(long newest, long shrunk) {}

  OutgoingDeletes(SiteId own, DeleteCounts counts, TableBook book) {
    this.own = own;
    this.counts = counts;
    this.book = book;
  }

  /**
   * What one look at a table found, sorted.
   *
   * @param passing what is to be told
   * @param held deletes that wait from now on
   * @param settled rows whose deletes wait no more: they are back, or are told of
   * @param went deletes that pass and were not let go by a person
   * @param came rows that are new
   */
  record Sorted(
      TableAccess access,
      List<Found> passing,
      List<Held> held,
      List<RowKey> settled,
      long went,
      long came) {
    Sorted {
      passing = List.copyOf(passing);
      held = List.copyOf(held);
      settled = List.copyOf(settled);
    }
  }

  /**
   * One look at a table.
   *
   * @param rows all rows that were looked at, those as they should be included
   * @param newest the newest entry
   * @param beyond how many entries were not looked at
   */
  record Look(TableAccess access, List<Found> rows, long newest, long beyond) {
    Look {
      rows = List.copyOf(rows);
    }
  }

  /** Sorts what was found; only reads. */
  Sorted sort(Look look, long nowMillis) {
    TrackedTable table = look.access().table();
    boolean none = counts.held().isEmpty(table);
    List<Found> passing = new ArrayList<>();
    List<Found> went = new ArrayList<>();
    List<RowKey> settled = new ArrayList<>();
    for (Found each : look.rows()) {
      RowKey key = each.pair().key();
      Optional<Boolean> released = none ? Optional.empty() : counts.held().released(table, key);
      boolean waits = each.is(Kind.WENT) && released.equals(Optional.of(false));
      if (released.isPresent() && !waits) {
        settled.add(key);
      }
      if (each.is(Kind.WENT) && released.isEmpty()) {
        went.add(each);
      } else if (!waits && !each.is(Kind.NOTHING)) {
        passing.add(each);
      }
    }
    long came = passing.stream().filter(each -> each.is(Kind.CAME)).count();
    if (!went.isEmpty() && isMass(look, went.size(), came, nowMillis)) {
      List<Held> held =
          went.stream().map(f -> new Held(f.pair().key(), f.pair().touchedMillis())).toList();
      return new Sorted(look.access(), passing, held, settled, 0, came);
    }
    passing.addAll(went);
    return new Sorted(look.access(), passing, List.of(), settled, went.size(), came);
  }

  private boolean isMass(Look look, long went, long came, long nowMillis) {
    TrackedTable table = look.access().table();
    if (!counts.isGuarded(table)) {
      return false;
    } else if (book.isHolding(table)) {
      return true;
    }
    long lately = counts.gone().lately(table, own, nowMillis);
    long going = went + look.beyond();
    if (!counts.mayOutnumber(look.access(), lately + going, going)) {
      return false;
    }
    long left = counts.count(look.access(), went);
    return MassDelete.is(lately + went - came + hidden(look, went - came), left);
  }

  private long hidden(Look look, long shrunk) {
    if (look.beyond() == 0) {
      return 0;
    }
    Hidden known = hidden.get(look.access().table().number());
    if (known == null || known.newest() != look.newest()) {
      long upTo = look.newest() - look.beyond();
      known = new Hidden(look.newest(), shrunk + look.access().touched().shrunkBeyond(upTo));
      hidden.put(look.access().table().number(), known);
    }
    return known.shrunk() - shrunk;
  }

  /**
   * Keeps what was sorted; inside a write transaction.
   *
   * @param whole whether nothing else was touched by then
   */
  void keep(List<Sorted> all, boolean whole, long nowMillis) {
    for (Sorted sorted : all) {
      TrackedTable table = sorted.access().table();
      sorted.settled().forEach(key -> counts.held().remove(table, key));
      sorted.held().forEach(held -> counts.held().put(table, held, nowMillis));
      counts.passed(table, own, nowMillis, sorted.went(), sorted.came());
      long gone = sorted.went() + sorted.held().size();
      counts.shrunk(table, gone);
      hidden.computeIfPresent(
          table.number(),
          (number, known) -> new Hidden(known.newest(), known.shrunk() - gone + sorted.came()));
      if (!sorted.held().isEmpty()) {
        book.hold(table);
      }
    }
    if (whole) {
      hidden.clear();
      book.endHolding();
    }
  }

  /** Drops what is remembered outside the database, after a transaction was rolled back. */
  void forget() {
    hidden.clear();
  }
}
