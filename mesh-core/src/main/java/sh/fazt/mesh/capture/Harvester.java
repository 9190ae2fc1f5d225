package sh.fazt.mesh.capture;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
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

  public Harvester(
      Catalog catalog, BatchAuthor author, OwnSite own, HybridClock clock, ValueDigest digest) {
    this.catalog = catalog;
    this.author = author;
    this.own = own;
    this.clock = clock;
    this.digest = digest;
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
    List<Integer> numbers =
        difference.changed().stream()
            .map(i -> table.columnNumber(table.shape().columns().get(i)))
            .toList();
    boolean inserts =
        difference.kind() == RowDifference.Kind.CAME
            || (difference.kind() == RowDifference.Kind.CHANGED && !merged.isAlive());
    boolean updates = difference.kind() == RowDifference.Kind.CHANGED && !inserts;
    Hlc replaced = updates ? latest(merged, numbers) : latest(merged);
    long written = pair.touchedMillis() == 0 ? nowMillis : pair.touchedMillis();
    Hlc hlc = clock.issue(written, nowMillis, replaced);
    Stamp stamp = new Stamp(hlc, own.site());
    RowState written2;
    Change change;
    if (updates) {
      Stamp life = merged.alive().orElseThrow(() -> new IllegalStateException("no life"));
      written2 = RowState.updated(stamp, life, numbers);
      change =
          new Change.Update(
              table.name(), pair.key(), hlc, life, cells(pair, table, difference.changed()));
    } else if (inserts) {
      written2 = RowState.inserted(stamp, table.columnNumbers().values());
      change = new Change.Insert(table.name(), pair.key(), hlc, cells(pair, table, allOf(table)));
    } else {
      written2 = RowState.deleted(stamp);
      change = new Change.Delete(table.name(), pair.key(), hlc);
    }
    found
        .access()
        .shadows()
        .put(pair.key(), new ShadowRow(merged.join(written2), difference.shown(), false));
    return change;
  }

  private static Hlc latest(RowState merged) {
    return merged.latest().map(Stamp::hlc).orElse(Hlc.ZERO);
  }

  private static Hlc latest(RowState merged, List<Integer> columns) {
    Hlc latest = Hlc.ZERO;
    for (int column : columns) {
      latest =
          Hlc.max(
              latest, merged.cell(column).map(CellState::winner).map(Stamp::hlc).orElse(Hlc.ZERO));
    }
    return latest;
  }

  private static List<Integer> allOf(TrackedTable table) {
    List<Integer> all = new ArrayList<>();
    for (int i = 0; i < table.shape().columns().size(); i++) {
      all.add(i);
    }
    return all;
  }

  static List<Cell> cells(RowPair pair, TrackedTable table, List<Integer> places) {
    List<Value> row = pair.row().orElseThrow(() -> new IllegalStateException("no row"));
    List<Column> columns = table.shape().columns();
    return places.stream().map(i -> Cell.lww(columns.get(i).name(), row.get(i))).toList();
  }
}
