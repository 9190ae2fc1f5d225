package sh.fazt.mesh.capture;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.change.RowKey;
import sh.fazt.mesh.projection.ValueDigest;
import sh.fazt.mesh.store.RowPair;
import sh.fazt.mesh.store.TableAccess;
import sh.fazt.mesh.store.UserTable;

/**
 * Walks through the tables, page by page, and finds rows that no trigger told of and that are not
 * as they were last shown: triggers can be switched off, blobs written in place, a file put back
 * under the running mesh. Confined.
 */
public final class Scrubber {
  /** Rows of one page. */
  public static final int PAGE_ROWS = 2_000;

  /** A table is walked through twice: rows may differ from their shadows, or be gone. */
  private enum Part {
    ROWS,
    SHADOWS
  }

  private final Catalog catalog;
  private final GenesisRows genesis;
  private final ValueDigest digest;
  private List<TableAccess> tables = List.of();
  private int table;
  private Part part = Part.ROWS;
  private Bytes after = Bytes.EMPTY;
  private long rows;

  public Scrubber(Catalog catalog, GenesisRows genesis, ValueDigest digest) {
    this.catalog = catalog;
    this.genesis = genesis;
    this.digest = digest;
  }

  /** Rows of one table that are not as they should be. */
  public record Suspects(TableAccess access, List<RowKey> keys) {}

  /** Begins again with the first table. */
  public void restart() {
    tables = catalog.tables();
    table = 0;
    part = Part.ROWS;
    after = Bytes.EMPTY;
  }

  /** Whether all tables were walked through. */
  public boolean isDone() {
    return table >= tables.size();
  }

  /** How many rows were looked at since this was made. */
  public long rows() {
    return rows;
  }

  /** Looks at the next page; inside a transaction, of any kind. Only reads. */
  public Optional<Suspects> look() {
    if (!tables.equals(catalog.tables())) {
      restart();
    }
    if (isDone()) {
      return Optional.empty();
    }
    TableAccess access = tables.get(table);
    // Before all rows were taken in, one without a shadow is nothing out of the ordinary.
    if (genesis.isTakingIn(access.table())) {
      nextTable();
      return Optional.empty();
    }
    List<RowKey> keys = new ArrayList<>();
    if (part == Part.SHADOWS) {
      turnTo(access.shadows().page(after, PAGE_ROWS, keys::add));
      keys.removeIf(key -> catalog.held().released(access.table(), key).isPresent());
    } else {
      UserTable.Page page = access.rows().page(after, PAGE_ROWS);
      for (RowPair pair : page.pairs()) {
        if (pair.fits() && names(access, pair) && isOther(access, pair)) {
          keys.add(pair.key());
        }
      }
      rows += page.pairs().size();
      turnTo(page.next());
    }
    return keys.isEmpty() ? Optional.empty() : Optional.of(new Suspects(access, keys));
  }

  private static boolean names(TableAccess access, RowPair pair) {
    return access.table().shape().names(pair.key().values());
  }

  private boolean isOther(TableAccess access, RowPair pair) {
    return RowDifference.of(pair, access.table(), digest).kind() != RowDifference.Kind.NOTHING;
  }

  /** Goes on there; an empty place is the end of a part. */
  private void turnTo(Bytes place) {
    after = place;
    if (place.isEmpty() && part == Part.ROWS) {
      part = Part.SHADOWS;
    } else if (place.isEmpty()) {
      nextTable();
    }
  }

  private void nextTable() {
    part = Part.ROWS;
    after = Bytes.EMPTY;
    table++;
  }

  /**
   * Puts rows among the touched; inside a write transaction.
   *
   * @param atMillis since when the change may have been there, Unix milliseconds
   */
  public void suspect(Suspects suspects, long atMillis) {
    suspects.access().touched().add(suspects.keys(), atMillis);
  }
}
