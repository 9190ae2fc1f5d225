package sh.fazt.mesh.capture;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.fazt.mesh.change.Cell;
import sh.fazt.mesh.change.Change;
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
import sh.fazt.mesh.store.RowPair;
import sh.fazt.mesh.store.TableAccess;
import sh.fazt.mesh.wire.SignedBatch;

/**
 * Looks at the touched rows and signs what the application changed: one harvest takes whole
 * transactions, since a snapshot holds no halves. Confined.
 */
public final class Harvester {
  private static final Logger LOG = LoggerFactory.getLogger(Harvester.class);

  private final Catalog catalog;
  private final BatchAuthor author;
  private final OwnSite own;
  private final HybridClock clock;
  private final ValueDigest digest;
  private final Set<TrackedTable> changed = new HashSet<>();

  public Harvester(
      Catalog catalog, BatchAuthor author, OwnSite own, HybridClock clock, ValueDigest digest) {
    this.catalog = catalog;
    this.author = author;
    this.own = own;
    this.clock = clock;
    this.digest = digest;
  }

  /** The tables in which something was found since this was last asked. */
  public Set<TrackedTable> takeChanged() {
    Set<TrackedTable> taken = Set.copyOf(changed);
    changed.clear();
    return taken;
  }

  private record Found(TableAccess access, RowPair pair, RowDifference difference) {}

  /** Takes in everything touched so far; inside a write transaction. */
  public List<SignedBatch> harvest(long nowMillis) {
    List<Found> found = new ArrayList<>();
    for (TableAccess access : catalog.tables()) {
      long newest = access.touched().newest();
      if (newest > 0) {
        for (RowPair pair : access.touched().rows(0, newest)) {
          RowDifference difference = RowDifference.of(pair, access.table(), digest);
          if (!pair.fits()) {
            LOG.warn("a row of {} is over 64 MiB and stays on this node", access.table().name());
          } else if (difference.kind() != RowDifference.Kind.NOTHING) {
            found.add(new Found(access, pair, difference));
          }
        }
        access.touched().remove(newest);
      }
    }
    // Stamps grow from batch to batch, so the earliest write must come first.
    found.sort(Comparator.comparingLong(f -> f.pair().touchedMillis()));
    List<Change> changes = new ArrayList<>();
    for (Found each : found) {
      changed.add(each.access().table());
      genesisOf(each).ifPresent(changes::add);
      changes.add(stamped(each, nowMillis));
    }
    return author.write(changes, nowMillis);
  }

  /** What the row was before the mesh, if nobody has been told of it yet. */
  private Optional<Change> genesisOf(Found found) {
    RowDifference difference = found.difference();
    if (!found.pair().shadow().unsent() || difference.kind() != RowDifference.Kind.CHANGED) {
      return Optional.empty();
    }
    return Optional.of(
        GenesisRows.insertOf(found.access().table(), found.pair(), own, difference.changed()));
  }

  private Change stamped(Found found, long nowMillis) {
    RowPair pair = found.pair();
    RowState merged = pair.shadow().merged();
    RowDifference difference = found.difference();
    TrackedTable table = found.access().table();
    boolean inserts =
        difference.kind() == RowDifference.Kind.CAME
            || (difference.kind() == RowDifference.Kind.CHANGED && !merged.isAlive());
    boolean updates = difference.kind() == RowDifference.Kind.CHANGED && !inserts;
    List<Integer> written = inserts ? wholeRow(pair, table) : difference.changed();
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
    found
        .access()
        .shadows()
        .put(pair.key(), new ShadowRow(merged.join(state), difference.shown(), false));
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
