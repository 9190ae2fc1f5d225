package sh.fazt.mesh.capture;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.change.Change;
import sh.fazt.mesh.clock.Hlc;
import sh.fazt.mesh.clock.Stamp;
import sh.fazt.mesh.crdt.RowState;
import sh.fazt.mesh.projection.ShadowRow;
import sh.fazt.mesh.projection.Shown;
import sh.fazt.mesh.projection.ValueDigest;
import sh.fazt.mesh.schema.Column;
import sh.fazt.mesh.schema.TrackedTable;
import sh.fazt.mesh.schema.Value;
import sh.fazt.mesh.store.RowPair;
import sh.fazt.mesh.store.TableAccess;
import sh.fazt.mesh.store.TableBook.Genesis;
import sh.fazt.mesh.store.TableBook.GenesisPhase;
import sh.fazt.mesh.wire.SignedBatch;

/**
 * Takes in the rows that were there before their table was tracked, page by page, with a stamp
 * below every real one. A founder sends them at once; a joiner first learns what the mesh already
 * has, and sends what only it holds. Confined.
 */
public final class GenesisRows {
  /** Rows in one write transaction. */
  private static final int PAGE_ROWS = 2_000;

  private final Catalog catalog;
  private final BatchAuthor author;
  private final OwnSite own;
  private final ValueDigest digest;

  public GenesisRows(Catalog catalog, BatchAuthor author, OwnSite own, ValueDigest digest) {
    this.catalog = catalog;
    this.author = author;
    this.own = own;
    this.digest = digest;
  }

  /**
   * What one page did.
   *
   * @param rows how many rows it looked at
   * @param done whether no table has anything left to do just now
   */
  public record Page(List<SignedBatch> batches, int rows, boolean done) {}

  /**
   * Takes in, or sends, one page of rows; inside a write transaction, after the harvest.
   *
   * @param maySend whether rows may be sent yet
   */
  public Page next(boolean maySend, long nowMillis) {
    for (TableAccess access : catalog.tables()) {
      Genesis progress = begun(catalog.book().genesis(access.table()), maySend);
      if (isDue(progress.phase(), maySend)) {
        return page(access, progress, nowMillis);
      }
    }
    return new Page(List.of(), 0, true);
  }

  private static Genesis begun(Genesis progress, boolean maySend) {
    boolean atStart = progress.phase() == GenesisPhase.TAKING_IN && progress.after().isEmpty();
    return atStart && maySend
        ? new Genesis(GenesisPhase.TAKING_IN_AND_SENDING, Bytes.EMPTY)
        : progress;
  }

  private static boolean isDue(GenesisPhase phase, boolean maySend) {
    return switch (phase) {
      case TAKING_IN, TAKING_IN_AND_SENDING -> true;
      case TAKEN_IN -> maySend;
      case SENT -> false;
    };
  }

  private Page page(TableAccess access, Genesis progress, long nowMillis) {
    List<RowPair> pairs = access.rows().page(progress.after(), PAGE_ROWS);
    List<Change> changes = new ArrayList<>();
    boolean sends = progress.phase() != GenesisPhase.TAKING_IN;
    for (RowPair pair : pairs) {
      if (!pair.fits()) {
        continue;
      }
      ShadowRow known = pair.shadow();
      ShadowRow taken = known.equals(ShadowRow.NONE) ? taken(access.table(), pair) : known;
      boolean sent = sends && taken.unsent();
      if (sent) {
        RowPair row = new RowPair(pair.key(), pair.row(), taken, pair.touchedMillis());
        changes.add(insertOf(access.table(), row, own, List.of()));
      }
      if (sent || known.equals(ShadowRow.NONE)) {
        ShadowRow kept = new ShadowRow(taken.merged(), taken.shown(), taken.unsent() && !sent);
        access.shadows().put(pair.key(), kept);
      }
    }
    catalog.book().genesis(access.table(), after(pairs, progress));
    return new Page(author.write(changes, nowMillis), pairs.size(), false);
  }

  private static Genesis after(List<RowPair> pairs, Genesis progress) {
    if (pairs.size() == PAGE_ROWS) {
      return new Genesis(progress.phase(), pairs.get(pairs.size() - 1).key().encoded());
    }
    boolean sent = progress.phase() != GenesisPhase.TAKING_IN;
    return new Genesis(sent ? GenesisPhase.SENT : GenesisPhase.TAKEN_IN, Bytes.EMPTY);
  }

  private ShadowRow taken(TrackedTable table, RowPair pair) {
    List<Value> row = pair.row().orElseThrow(() -> new IllegalStateException("no row"));
    List<Column> columns = table.shape().columns();
    SortedMap<Integer, Long> digests = new TreeMap<>();
    for (int i = 0; i < columns.size(); i++) {
      digests.put(table.columnNumber(columns.get(i)), digest.of(row.get(i)));
    }
    RowState merged = RowState.inserted(genesis(own), digests.keySet());
    return new ShadowRow(merged, Shown.of(digests), true);
  }

  private static Stamp genesis(OwnSite own) {
    return new Stamp(Hlc.genesis(own.seniority()), own.site());
  }

  /**
   * The insert that tells others of a row as it was before the mesh: the cells that are still its
   * own.
   *
   * @param except columns, by place, that have changed since
   */
  static Change insertOf(TrackedTable table, RowPair pair, OwnSite own, List<Integer> except) {
    List<Integer> places = new ArrayList<>();
    List<Column> columns = table.shape().columns();
    Stamp genesis = genesis(own);
    for (int i = 0; i < columns.size(); i++) {
      boolean stillOwn =
          pair.shadow()
              .merged()
              .cell(table.columnNumber(columns.get(i)))
              .map(cell -> cell.winner().equals(genesis))
              .orElse(false);
      if (stillOwn && !except.contains(i)) {
        places.add(i);
      }
    }
    return new Change.Insert(
        table.name(), pair.key(), genesis.hlc(), Harvester.cells(pair, table, places));
  }
}
