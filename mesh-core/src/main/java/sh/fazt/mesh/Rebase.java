package sh.fazt.mesh;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import sh.fazt.mesh.apply.SnapshotRow;
import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.clock.Dot;
import sh.fazt.mesh.clock.Hlc;
import sh.fazt.mesh.clock.HybridClock;
import sh.fazt.mesh.clock.Stamp;
import sh.fazt.mesh.delta.Head;
import sh.fazt.mesh.delta.SnapshotJoiner;
import sh.fazt.mesh.delta.SnapshotRecord;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.schema.TrackedTable;
import sh.fazt.mesh.schema.Value;
import sh.fazt.mesh.store.Database;
import sh.fazt.mesh.store.Rows;
import sh.fazt.mesh.store.SiteBook;
import sh.fazt.mesh.store.TableAccess;

/**
 * Takes in a member's whole state, where batches that are lacking are nowhere to be had any more.
 * Its rows are merged into this node's: what was written here and nobody has stays, what was
 * deleted elsewhere goes. Nothing is written before all of it is here. A small one is merged in one
 * transaction. Confined to the thread of its {@link Mesh}.
 */
public final class Rebase implements AutoCloseable {
  /** Rows of a snapshot that is merged in one transaction. */
  static final int ATOMIC_ROWS_MAX = 10_000;

  /** Bytes of a snapshot that is merged in one transaction. */
  static final int ATOMIC_BYTES_MAX = 64 << 20;

  /** Rows of a larger one that are merged in each. */
  static final int PAGE_ROWS = 500;

  /** Bytes of records that are in memory at once, but for the last one. */
  static final int PAGE_BYTES = 4 << 20;

  private static final String UNTIL_ROW_ENDS =
      " AND number < (SELECT ifnull(min(number), 1 << 62) FROM record"
          + " WHERE number > ?1 AND NOT goes_on)";

  private final MeshParts parts;
  private final Ambient ambient;
  private final Database workspace;
  private final SnapshotJoiner joiner = new SnapshotJoiner();
  private final SnapshotRecord.Reader checker = new SnapshotRecord.Reader();
  private final SnapshotRecord.Reader reader = new SnapshotRecord.Reader();
  private Optional<SnapshotRecord.Start> start = Optional.empty();
  private Optional<SnapshotRecord.Table> table = Optional.empty();
  private Optional<SnapshotRecord.Row> last = Optional.empty();
  private long rows;
  private long size;
  private long merged;
  private boolean begun;

  Rebase(MeshParts parts, Ambient ambient) {
    this.parts = parts;
    this.ambient = ambient;
    // Without a name it is this connection's alone, and gone when that is closed.
    this.workspace = Database.create(Path.of(""));
    workspace.run("CREATE TABLE record (number INTEGER PRIMARY KEY, goes_on INTEGER, bytes BLOB)");
  }

  /**
   * Keeps the next bytes of the snapshot.
   *
   * @throws MalformedException if they are none
   * @throws MeshException SCHEMA_MISMATCH if a table or column of it is not here, CLOCK_SKEW if it
   *     is of a time that has not come by this node's clock
   */
  public void take(Bytes bytes) throws MalformedException {
    List<Bytes> records = joiner.add(bytes);
    List<Boolean> goingOn = new ArrayList<>();
    for (Bytes record : records) {
      goingOn.add(check(checker.read(new ByteReader(record))));
      size += record.size();
    }
    workspace.write(
        () -> {
          for (int i = 0; i < records.size(); i++) {
            Value flag = Value.of(goingOn.get(i) ? 1 : 0);
            workspace.execute(
                "INSERT INTO record (goes_on, bytes) VALUES (?, ?)",
                flag,
                Value.of(records.get(i)));
          }
          return true;
        });
  }

  /** Notes and checks a record. @return whether it goes on with the row of the one before */
  private boolean check(SnapshotRecord record) throws MalformedException {
    Optional<SnapshotRecord.Row> before = last;
    last = Optional.empty();
    if (record instanceof SnapshotRecord.Start first) {
      start = Optional.of(first);
    } else if (record instanceof SnapshotRecord.Table next) {
      table = Optional.of(next);
    } else if (record instanceof SnapshotRecord.Row row) {
      SnapshotRecord.Table of = table.orElseThrow(() -> new MalformedException("a row of none"));
      requireInTime(row);
      known(row, of);
      last = Optional.of(row);
      rows++;
    } else {
      throw new AssertionError("unhandled " + record);
    }
    return last.isPresent() && before.isPresent() && goesOn(before.get(), last.get());
  }

  private static boolean goesOn(SnapshotRecord.Row before, SnapshotRecord.Row row)
      throws MalformedException {
    if (!row.key().equals(before.key())) {
      return false;
    }
    // So a row ends, whatever its giver sends.
    int reached = before.state().cells().keySet().stream().max(Integer::compare).orElse(-1);
    int from = row.state().cells().keySet().stream().min(Integer::compare).orElse(-1);
    if (from <= reached) {
      throw new MalformedException("a row that goes on with cells that it had");
    }
    return true;
  }

  private void requireInTime(SnapshotRecord.Row row) {
    Hlc latest = row.state().latest().map(Stamp::hlc).orElse(Hlc.ZERO);
    if (HybridClock.isEarly(latest, ambient.now())) {
      throw new MeshException(
          ErrorCode.CLOCK_SKEW,
          "what others hold is of a time that has not come by this machine's clock",
          "timedatectl");
    }
  }

  private SnapshotRow known(SnapshotRecord.Row row, SnapshotRecord.Table of) {
    return parts
        .catalog
        .find(of.name())
        .map(TableAccess::table)
        .filter(table -> table.shape().key().size() == of.keySize())
        .flatMap((TrackedTable table) -> SnapshotRow.of(row, of, table))
        .orElseThrow(
            () ->
                new MeshException(
                    ErrorCode.SCHEMA_MISMATCH,
                    "table "
                        + of.name()
                        + " is not here as others have it, and batches that are"
                        + " lacking here are gone there: nothing can be fetched before it is",
                    "fazt mesh tables"));
  }

  /**
   * Merges some of it, once all of it is here.
   *
   * @return whether there is more to merge
   * @throws MalformedException if it is not whole
   */
  public boolean merge() throws MalformedException {
    SnapshotRecord.Start first =
        start.orElseThrow(() -> new MalformedException("a snapshot without a start"));
    if (joiner.isOpen()) {
      throw new MalformedException("a snapshot that ends in the middle of a record");
    }
    parts.local.catchUp();
    boolean atomic = rows <= ATOMIC_ROWS_MAX && size <= ATOMIC_BYTES_MAX;
    AtomicReference<Next> next = new AtomicReference<>();
    parts.write(
        () -> {
          parts.local.takeRest();
          if (!begun) {
            first.seen().forEach(this::see);
          }
          next.set(Next.MORE);
          do {
            boolean restOfRow = !atomic && next.get() == Next.SAME_ROW;
            parts.ingestion.take(page(atomic, restOfRow), ambient.now());
            next.set(next());
          } while (next.get() == Next.SAME_ROW || (atomic && next.get() != Next.NOTHING));
          if (next.get() == Next.NOTHING) {
            first.floors().forEach((site, floor) -> reach(first, site, floor));
            first.shown().forEach(this::taken);
            first.forks().forEach(parts.sites::fork);
          }
        });
    begun = true;
    return next.get() != Next.NOTHING;
  }

  /** What follows in the workspace. */
  private enum Next {
    NOTHING,
    SAME_ROW,
    MORE
  }

  private Next next() {
    try (Rows next =
        workspace.query(
            "SELECT goes_on FROM record WHERE number > ? ORDER BY number LIMIT 1",
            Value.of(merged))) {
      if (!next.next()) {
        return Next.NOTHING;
      }
      return next.integer(0) != 0 ? Next.SAME_ROW : Next.MORE;
    }
  }

  /**
   * The next records, as many as are to be in memory at once; at least one.
   *
   * @param restOfRow whether to end where the row does that the one before began
   */
  private List<SnapshotRow> page(boolean atomic, boolean restOfRow) {
    int limit = atomic ? ATOMIC_ROWS_MAX : PAGE_ROWS;
    List<SnapshotRow> page = new ArrayList<>();
    long bytes = 0;
    try (Rows records =
        workspace.query(
            "SELECT number, bytes FROM record WHERE number > ?%s ORDER BY number"
                .formatted(restOfRow ? UNTIL_ROW_ENDS : ""),
            Value.of(merged))) {
      while (page.size() < limit && bytes < PAGE_BYTES && records.next()) {
        Bytes encoded = records.blob(1);
        SnapshotRecord record = reader.read(new ByteReader(encoded));
        merged = records.integer(0);
        bytes += encoded.size();
        if (record instanceof SnapshotRecord.Table next) {
          table = Optional.of(next);
        } else if (record instanceof SnapshotRecord.Row row) {
          page.add(known(row, table.orElseThrow()));
        }
      }
    } catch (MalformedException e) {
      throw new IllegalStateException("a record that was checked is malformed", e);
    }
    return page;
  }

  private void see(SnapshotRecord.Seen seen) {
    if (!seen.site().equals(parts.own.site())) {
      SiteBook.SeenUpTo upTo = new SiteBook.SeenUpTo(seen.seq(), seen.clock());
      parts.sites.see(seen.site(), seen.other(), upTo, seen.seq());
    }
  }

  private void taken(SiteId site, Head head) {
    if (!site.equals(parts.own.site())) {
      parts.sites.taken(site, head);
    }
  }

  /**
   * What the rows hold of a site is here: its batches count from there on. Of a forked site only
   * its trunk is counted.
   */
  private void reach(SnapshotRecord.Start first, SiteId site, SnapshotRecord.Floor floor) {
    if (site.equals(parts.own.site())) {
      return;
    }
    boolean forked = first.forks().containsKey(site) || parts.sites.forkedAt(site).isPresent();
    Optional<Head> head =
        forked ? Optional.ofNullable(first.shown().get(site)) : Optional.of(floor.head());
    head.filter(each -> each.seq() > parts.sites.progress(site).seq())
        .ifPresent(
            each -> {
              Dot dot = new Dot(site, each.seq());
              parts.log.appendTrimmed(dot, each.hash(), floor.clock(), ambient.now());
              parts.sites.advance(site, each, floor.clock());
              parts.sites.shown(site, each.seq(), 0);
            });
    parts.sites.raiseFloor(site, floor.head().seq());
  }

  @Override
  public void close() {
    workspace.close();
  }
}
