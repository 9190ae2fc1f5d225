package sh.fazt.mesh.capture;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.change.Change;
import sh.fazt.mesh.change.RowKey;
import sh.fazt.mesh.clock.Hlc;
import sh.fazt.mesh.clock.Stamp;
import sh.fazt.mesh.crdt.RowState;
import sh.fazt.mesh.projection.ShadowRow;
import sh.fazt.mesh.projection.Shown;
import sh.fazt.mesh.projection.ValueDigest;
import sh.fazt.mesh.schema.Column;
import sh.fazt.mesh.schema.TrackedTable;
import sh.fazt.mesh.schema.Value;
import sh.fazt.mesh.store.AsideTable;
import sh.fazt.mesh.store.RowPair;
import sh.fazt.mesh.store.TableAccess;
import sh.fazt.mesh.store.TableBook.Genesis;
import sh.fazt.mesh.store.TableBook.GenesisPhase;
import sh.fazt.mesh.store.UserTable;
import sh.fazt.mesh.wire.SignedBatch;

/**
 * Takes in the rows that were there before their table was tracked, page by page, with a stamp
 * below every real one. A founder sends them at once; a joiner first learns what the mesh already
 * has, and sends what only it holds. Confined.
 */
public final class GenesisRows {
  /** Rows in one write transaction. */
  public static final int PAGE_ROWS = 2_000;

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
   * @param rowsMax how many to look at
   */
  public Page next(boolean maySend, int rowsMax, long nowMillis) {
    for (TableAccess access : catalog.tables()) {
      Genesis progress = begun(catalog.book().genesis(access.table()), maySend);
      if (isDue(progress.phase(), maySend)) {
        return page(access, progress, rowsMax, nowMillis);
      }
    }
    return new Page(List.of(), 0, true);
  }

  /** Whether rows of the table may still be without a shadow. */
  public boolean isTakingIn(TrackedTable table) {
    GenesisPhase phase = catalog.book().genesis(table).phase();
    return phase == GenesisPhase.TAKING_IN || phase == GenesisPhase.TAKING_IN_AND_SENDING;
  }

  /**
   * A row's shadow, while others may be without one: if the row was there before its table was
   * tracked it is taken in now. Inside a write transaction, after the harvest.
   */
  public ShadowRow met(TableAccess access, RowKey key) {
    ShadowRow known = access.shadows().find(key);
    Optional<List<Value>> row =
        known.equals(ShadowRow.NONE) ? access.rows().find(key) : Optional.empty();
    if (row.isEmpty()) {
      return known;
    }
    ShadowRow taken = taken(access.table(), new RowPair(key, row, known, 0));
    access.shadows().put(key, taken);
    return taken;
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

  private Page page(TableAccess access, Genesis progress, int rowsMax, long nowMillis) {
    UserTable.Page page = access.rows().page(progress.after(), rowsMax);
    List<Change> changes = new ArrayList<>();
    boolean sends = progress.phase() != GenesisPhase.TAKING_IN;
    if (sends && page.isLast()) {
      sendAside(access, changes);
    }
    for (RowPair pair : page.pairs()) {
      if (!pair.fits() || !access.table().shape().names(pair.key().values())) {
        continue;
      }
      ShadowRow known = pair.shadow();
      ShadowRow taken = known.equals(ShadowRow.NONE) ? taken(access.table(), pair) : known;
      boolean sent = sends && taken.unsent();
      if (sent && holdsOwn(taken)) {
        RowPair row = new RowPair(pair.key(), pair.row(), taken, pair.touchedMillis());
        changes.add(insertOf(access.table(), row, own, List.of()));
      }
      if (sent || known.equals(ShadowRow.NONE)) {
        ShadowRow kept = new ShadowRow(taken.merged(), taken.shown(), taken.unsent() && !sent);
        access.shadows().put(pair.key(), kept);
      }
    }
    catalog.book().genesis(access.table(), after(page, progress));
    return new Page(author.write(changes, nowMillis), page.pairs().size(), false);
  }

  /** Adds the rows that a senior's have pushed out of the table before they were sent. */
  private void sendAside(TableAccess access, List<Change> changes) {
    TrackedTable table = access.table();
    AsideTable aside = catalog.aside();
    for (RowKey key : aside.keys(table, Integer.MAX_VALUE)) {
      ShadowRow known = access.shadows().find(key);
      if (known.unsent()) {
        SortedMap<Integer, Value> cells = aside.find(table, key).orElse(new TreeMap<>());
        List<Value> row =
            table.numbers().stream().map(i -> cells.getOrDefault(i, Value.NULL)).toList();
        changes.add(insertOf(table, new RowPair(key, Optional.of(row), known, 0), own, List.of()));
        access.shadows().put(key, new ShadowRow(known.merged(), known.shown(), false));
      }
    }
  }

  /** Looks through a table again that was not sent to its end: a row is back in it. */
  public void again(TrackedTable table) {
    Genesis progress = catalog.book().genesis(table);
    catalog.book().genesis(table, new Genesis(progress.phase(), Bytes.EMPTY));
  }

  private static Genesis after(UserTable.Page page, Genesis progress) {
    if (!page.isLast()) {
      return new Genesis(progress.phase(), page.next());
    }
    boolean sent = progress.phase() != GenesisPhase.TAKING_IN;
    return new Genesis(sent ? GenesisPhase.SENT : GenesisPhase.TAKEN_IN, Bytes.EMPTY);
  }

  private ShadowRow taken(TrackedTable table, RowPair pair) {
    List<Value> row = pair.row().orElseThrow(() -> new IllegalStateException("no row"));
    List<Column> columns = table.shape().columns();
    SortedMap<Integer, Long> digests = new TreeMap<>();
    for (int i = 0; i < columns.size(); i++) {
      boolean spelling = table.shape().key().contains(columns.get(i));
      if (!spelling || !RowDifference.isUnwritten(pair, table, i)) {
        digests.put(table.columnNumber(columns.get(i)), digest.of(row.get(i)));
      }
    }
    RowState merged = RowState.inserted(genesis(own), digests.keySet());
    return new ShadowRow(merged, Shown.of(digests), true);
  }

  /** Whether any of the row is still as it was before the mesh, unbeaten. */
  private boolean holdsOwn(ShadowRow taken) {
    Stamp genesis = genesis(own);
    return taken.merged().alive().equals(Optional.of(genesis))
        || taken.merged().cells().values().stream().anyMatch(cell -> cell.winner().equals(genesis));
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
        table.name(), pair.key(), genesis.hlc(), Stamping.cells(pair, table, places));
  }
}
