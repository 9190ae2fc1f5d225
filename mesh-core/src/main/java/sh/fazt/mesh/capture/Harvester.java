package sh.fazt.mesh.capture;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.fazt.mesh.change.Change;
import sh.fazt.mesh.change.RowKey;
import sh.fazt.mesh.clock.HybridClock;
import sh.fazt.mesh.projection.ValueDigest;
import sh.fazt.mesh.schema.TrackedTable;
import sh.fazt.mesh.store.CellTable;
import sh.fazt.mesh.store.ConflictTable;
import sh.fazt.mesh.store.ConflictTable.Conflict;
import sh.fazt.mesh.store.RowPair;
import sh.fazt.mesh.store.TableAccess;
import sh.fazt.mesh.store.TouchedLog;

/**
 * Looks at the touched rows and signs what the application changed: one harvest takes whole
 * transactions, since a snapshot holds no halves.
 *
 * <p>Looking takes long and keeping does not, so a {@link Draft} is made on a snapshot, without a
 * lock, and kept later. It stays true meanwhile: it tells of the past, and whoever writes a row
 * after the snapshot touches it again, behind all that the draft takes away. Confined.
 */
public final class Harvester {
  /** Touched entries that one draft looks at, at most. */
  public static final int PAGE_ENTRIES = 1_000;

  private static final Logger LOG = LoggerFactory.getLogger(Harvester.class);

  private final Catalog catalog;
  private final BatchAuthor author;
  private final Stamping stamping;
  private final ValueDigest digest;
  private final ConflictTable conflicts;
  private final OutgoingDeletes deletes;
  private final OverwrittenUnseen overwritten;
  private final Unwelcome unwelcome;
  private final List<Reverted> reverted = new ArrayList<>();
  private final Set<TrackedTable> changed = new HashSet<>();

  public Harvester(
      Catalog catalog,
      BatchAuthor author,
      OwnSite own,
      HybridClock clock,
      ValueDigest digest,
      ConflictTable conflicts,
      DeleteCounts counts,
      Operating operating) {
    this.catalog = catalog;
    this.author = author;
    this.stamping = new Stamping(own, clock, operating);
    this.digest = digest;
    this.conflicts = conflicts;
    this.deletes = new OutgoingDeletes(own.site(), counts, catalog.book());
    this.overwritten = new OverwrittenUnseen(catalog, own, digest);
    this.unwelcome = new Unwelcome(own, clock);
  }

  /** The tables in which something was found since {@link #forgetChanged}. */
  public Set<TrackedTable> changed() {
    return Set.copyOf(changed);
  }

  /** Drops what {@link #changed} says, when it was looked at, or rolled back. */
  public void forgetChanged() {
    changed.clear();
  }

  /** Drops what is remembered outside the database, after a transaction was rolled back. */
  public void forget() {
    changed.clear();
    reverted.clear();
    deletes.forget();
  }

  /** A row that is to show again what is merged. */
  public record Reverted(TableAccess access, RowKey key) {}

  /** Whether this node may write; if not, looks are to be taken under the write lock alone. */
  public boolean mayWrite() {
    return author.mayWrite();
  }

  /**
   * The rows that {@link #keep} found written to on a node that may not write, since this was last
   * asked; to be brought back within the same transaction.
   */
  public List<Reverted> takeReverted() {
    List<Reverted> taken = List.copyOf(reverted);
    reverted.clear();
    return taken;
  }

  /**
   * What one look found: signed, and not kept yet.
   *
   * @param looked up to which touched entry each table was looked at
   * @param lost values that the application has overwritten unseen
   * @param sorted which deletes wait
   * @param refused rows that were written to though this node may not write
   * @param whole whether nothing else was touched by then
   */
  public record Draft(
      Map<TableAccess, Long> looked,
      List<Written> shadows,
      List<Conflict> lost,
      List<OutgoingDeletes.Sorted> sorted,
      BatchAuthor.Draft batches,
      List<Found> refused,
      boolean whole) {
    public Draft {
      looked = Collections.unmodifiableMap(new LinkedHashMap<>(looked));
      shadows = List.copyOf(shadows);
      lost = List.copyOf(lost);
      sorted = List.copyOf(sorted);
      refused = List.copyOf(refused);
    }
  }

  /** Whether anything was touched that no look has taken in. */
  public boolean isDue() {
    return catalog.tables().stream().anyMatch(access -> access.touched().newest() > 0);
  }

  /** Takes in everything touched so far; inside a write transaction. */
  public void harvest(long nowMillis) {
    boolean whole = !isDue();
    while (!whole) {
      Draft draft = draft(PAGE_ENTRIES, nowMillis);
      keep(draft, nowMillis);
      whole = draft.whole();
    }
  }

  /**
   * Looks at what was touched longest ago; inside a transaction, of any kind. Only reads.
   *
   * @param entriesMax touched entries to look at, at most
   */
  public Draft draft(int entriesMax, long nowMillis) {
    Map<TableAccess, Long> looked = new LinkedHashMap<>();
    List<Found> found = new ArrayList<>();
    List<OutgoingDeletes.Sorted> sorted = new ArrayList<>();
    boolean whole = true;
    int entries = entriesMax;
    for (TableAccess access : catalog.tables()) {
      long newest = access.touched().newest();
      if (newest > 0 && entries > 0) {
        TouchedLog.Page page = access.touched().page(entries);
        List<Found> rows = page.pairs().stream().flatMap(pair -> look(access, pair)).toList();
        if (mayWrite()) {
          OutgoingDeletes.Look look =
              new OutgoingDeletes.Look(access, rows, newest, newest - page.upTo());
          sorted.add(deletes.sort(look, nowMillis));
        } else {
          rows.stream().filter(row -> !row.is(RowDifference.Kind.NOTHING)).forEach(found::add);
        }
        looked.put(access, page.upTo());
        entries -= Math.max(1, page.pairs().size());
        whole &= page.upTo() == newest;
      } else {
        whole &= newest == 0;
      }
    }
    if (!mayWrite()) {
      Unwelcome.Sorted refused = unwelcome.sort(found, nowMillis);
      return new Draft(
          looked,
          refused.kept(),
          refused.lost(),
          List.of(),
          author.nothing(),
          refused.reverted(),
          whole);
    }
    sorted.forEach(each -> found.addAll(each.passing()));
    // Stamps grow from batch to batch, so the earliest write must come first.
    found.sort(Comparator.comparingLong(f -> f.pair().touchedMillis()));
    List<Change> changes = new ArrayList<>();
    List<Written> shadows = new ArrayList<>();
    List<Conflict> lost = new ArrayList<>();
    for (Found each : found) {
      stamping.genesisOf(each).ifPresent(changes::add);
      Stamping.Stamped stamped = stamping.of(each, nowMillis);
      changes.add(stamped.change());
      shadows.add(stamped.written());
      lost.addAll(overwritten.by(each, stamped.change()));
    }
    return new Draft(looked, shadows, lost, sorted, author.draft(changes, whole), List.of(), whole);
  }

  /**
   * Keeps a draft; inside a write transaction, before which neither another draft was kept nor the
   * schema has moved since it was made.
   */
  public void keep(Draft draft, long nowMillis) {
    CellTable cells = catalog.cells();
    for (Written written : draft.shadows()) {
      TrackedTable table = written.access().table();
      changed.add(table);
      written.access().shadows().put(written.key(), written.shadow());
      written.cells().forEach((column, cell) -> cells.put(table, written.key(), column, cell));
      written.shadow().merged().dead().ifPresent(dead -> cells.after(table, written.key(), dead));
    }
    draft.lost().forEach(conflict -> conflicts.put(conflict, nowMillis));
    new Settling(catalog, conflicts).settle(draft.batches().batches(), nowMillis);
    deletes.keep(draft.sorted(), draft.whole(), nowMillis);
    draft.refused().forEach(each -> reverted.add(new Reverted(each.access(), each.pair().key())));
    draft.looked().forEach((access, upTo) -> access.touched().remove(upTo));
    author.keep(draft.batches(), nowMillis);
  }

  private Stream<Found> look(TableAccess access, RowPair pair) {
    if (!pair.fits()) {
      LOG.warn("a row of {} is over 64 MiB and stays on this node", access.table().name());
      return Stream.empty();
    }
    return Stream.of(new Found(access, pair, RowDifference.of(pair, access.table(), digest)));
  }
}
