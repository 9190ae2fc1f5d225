package sh.fazt.mesh.capture;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.fazt.mesh.change.Cell;
import sh.fazt.mesh.change.Change;
import sh.fazt.mesh.change.RowKey;
import sh.fazt.mesh.clock.Hlc;
import sh.fazt.mesh.clock.HybridClock;
import sh.fazt.mesh.clock.Stamp;
import sh.fazt.mesh.crdt.CellState;
import sh.fazt.mesh.crdt.RowState;
import sh.fazt.mesh.projection.ShadowRow;
import sh.fazt.mesh.projection.ValueDigest;
import sh.fazt.mesh.schema.Column;
import sh.fazt.mesh.schema.TrackedTable;
import sh.fazt.mesh.schema.Value;
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
  private final OwnSite own;
  private final HybridClock clock;
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
      DeleteCounts counts) {
    this.catalog = catalog;
    this.author = author;
    this.own = own;
    this.clock = clock;
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

  /** What becomes of a shadow. */
  record Written(TableAccess access, RowKey key, ShadowRow shadow) {}

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
      genesisOf(each).ifPresent(changes::add);
      Change change = stamped(each, nowMillis, shadows);
      changes.add(change);
      lost.addAll(overwritten.by(each, change));
    }
    return new Draft(looked, shadows, lost, sorted, author.draft(changes, whole), List.of(), whole);
  }

  /**
   * Keeps a draft; inside a write transaction, before which neither another draft was kept nor the
   * schema has moved since it was made.
   */
  public void keep(Draft draft, long nowMillis) {
    for (Written written : draft.shadows()) {
      changed.add(written.access().table());
      written.access().shadows().put(written.key(), written.shadow());
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

  /** What the row was before the mesh, if nobody has been told of it yet. */
  private Optional<Change> genesisOf(Found found) {
    RowDifference difference = found.difference();
    if (!found.pair().shadow().unsent()
        || difference.kind() != RowDifference.Kind.CHANGED
        || catalog.floors().isAny()) {
      return Optional.empty();
    }
    return Optional.of(
        GenesisRows.insertOf(found.access().table(), found.pair(), own, difference.changed()));
  }

  private Change stamped(Found found, long nowMillis, List<Written> shadows) {
    RowPair pair = found.pair();
    RowState merged = pair.shadow().merged();
    RowDifference difference = found.difference();
    TrackedTable table = found.access().table();
    // See GenesisRows.told.
    boolean untold =
        pair.shadow().unsent()
            && difference.kind() == RowDifference.Kind.CHANGED
            && catalog.floors().isAny();
    boolean inserts =
        difference.kind() == RowDifference.Kind.CAME
            || (difference.kind() == RowDifference.Kind.CHANGED && !merged.isAlive())
            || (untold && merged.alive().equals(Optional.of(GenesisRows.genesis(own))));
    boolean updates = difference.kind() == RowDifference.Kind.CHANGED && !inserts;
    List<Integer> written = inserts ? wholeRow(pair, table) : difference.changed();
    if (untold && updates) {
      written = new ArrayList<>(written);
      written.addAll(GenesisRows.stillOwn(table, pair, own, difference.changed()));
    }
    List<Integer> numbers =
        written.stream().map(i -> table.columnNumber(table.shape().columns().get(i))).toList();
    Hlc replaced = updates ? latest(merged, numbers) : latest(merged);
    long writtenMillis = pair.touchedMillis() == 0 ? nowMillis : pair.touchedMillis();
    Hlc hlc = clock.issue(writtenMillis, nowMillis, replaced);
    Stamp stamp = new Stamp(hlc, own.site());
    RowState state;
    Change change;
    if (updates) {
      Stamp life = merged.alive().orElseThrow(() -> new IllegalStateException("no life"));
      state = RowState.updated(stamp, life, numbers);
      change = new Change.Update(table.name(), pair.key(), hlc, life, cells(pair, table, written));
    } else if (inserts) {
      state = RowState.inserted(stamp, numbers);
      change = new Change.Insert(table.name(), pair.key(), hlc, cells(pair, table, written));
    } else {
      state = RowState.deleted(stamp);
      change = new Change.Delete(table.name(), pair.key(), hlc);
    }
    ShadowRow shadow = new ShadowRow(merged.join(state), difference.shown(), false);
    shadows.add(new Written(found.access(), pair.key(), shadow));
    return change;
  }

  private static Hlc latest(RowState merged) {
    return merged.latest().map(Stamp::hlc).orElse(Hlc.ZERO);
  }

  /** No write of a life is stamped before the life began, whatever the columns replaced. */
  private static Hlc latest(RowState merged, List<Integer> columns) {
    Hlc latest = merged.alive().map(Stamp::hlc).orElse(Hlc.ZERO);
    for (int column : columns) {
      latest =
          Hlc.max(
              latest, merged.cell(column).map(CellState::winner).map(Stamp::hlc).orElse(Hlc.ZERO));
    }
    return latest;
  }

  /** All columns by place, but the spelling of a key that is spelled as anybody would. */
  private static List<Integer> wholeRow(RowPair pair, TrackedTable table) {
    List<Integer> places = new ArrayList<>();
    List<Column> columns = table.shape().columns();
    for (int i = 0; i < columns.size(); i++) {
      boolean mayStay =
          table.shape().key().contains(columns.get(i))
              && RowDifference.isUnwritten(pair, table, i)
              && pair.shadow().merged().cell(table.columnNumber(columns.get(i))).isEmpty();
      if (!mayStay) {
        places.add(i);
      }
    }
    return places;
  }

  static List<Cell> cells(RowPair pair, TrackedTable table, List<Integer> places) {
    List<Value> row = pair.row().orElseThrow(() -> new IllegalStateException("no row"));
    List<Column> columns = table.shape().columns();
    return places.stream().map(i -> Cell.lww(columns.get(i).name(), row.get(i))).toList();
  }
}
