package sh.fazt.mesh;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import sh.fazt.mesh.apply.SnapshotRow;
import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.clock.Dot;
import sh.fazt.mesh.clock.Hlc;
import sh.fazt.mesh.clock.HybridClock;
import sh.fazt.mesh.clock.Stamp;
import sh.fazt.mesh.delta.Head;
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

  /** Rows of a larger one that are merged in each. */
  static final int PAGE_ROWS = 500;

  private static final int RECORD_BYTES_MAX = 256 << 20;
  private static final int LENGTH_BYTES = 4;

  private final MeshParts parts;
  private final Ambient ambient;
  private final Database workspace;
  private final SnapshotRecord.Reader checker = new SnapshotRecord.Reader();
  private final SnapshotRecord.Reader reader = new SnapshotRecord.Reader();
  private Optional<SnapshotRecord.Start> start = Optional.empty();
  private Optional<SnapshotRecord.Table> table = Optional.empty();
  private Bytes left = Bytes.EMPTY;
  private long rows;
  private long merged;
  private boolean begun;
  private Optional<Forgotten> forgotten = Optional.empty();

  Rebase(MeshParts parts, Ambient ambient) {
    this.parts = parts;
    this.ambient = ambient;
    // Without a name it is this connection's alone, and gone when that is closed.
    this.workspace = Database.create(Path.of(""));
    workspace.run("CREATE TABLE record (number INTEGER PRIMARY KEY, bytes BLOB)");
  }

  /**
   * Keeps the next bytes of the snapshot.
   *
   * @throws MalformedException if they are none
   * @throws MeshException SCHEMA_MISMATCH if a table or column of it is not here, CLOCK_SKEW if it
   *     is of a time that has not come by this node's clock
   */
  public void take(Bytes bytes) throws MalformedException {
    Bytes all = Bytes.concat(left, bytes);
    List<Bytes> records = new ArrayList<>();
    int at = 0;
    int end = end(all, at);
    while (end <= all.size()) {
      records.add(all.slice(at + LENGTH_BYTES, end));
      at = end;
      end = end(all, at);
    }
    left = all.slice(at, all.size());
    for (Bytes record : records) {
      check(checker.read(new ByteReader(record)));
    }
    workspace.write(
        () -> {
          records.forEach(
              each -> workspace.execute("INSERT INTO record (bytes) VALUES (?)", Value.of(each)));
          return true;
        });
  }

  /** Where the record that begins there ends; beyond the bytes if they do not say. */
  private static int end(Bytes all, int at) throws MalformedException {
    if (all.size() - at < LENGTH_BYTES) {
      return Integer.MAX_VALUE;
    }
    long size = new ByteReader(all.slice(at, at + LENGTH_BYTES)).u32();
    if (size > RECORD_BYTES_MAX) {
      throw new MalformedException("a record of " + size + " bytes");
    }
    return (int) (at + LENGTH_BYTES + size);
  }

  private void check(SnapshotRecord record) throws MalformedException {
    if (record instanceof SnapshotRecord.Start first) {
      first.floors().values().forEach(floor -> requireInTime(floor.clock()));
      start = Optional.of(first);
    } else if (record instanceof SnapshotRecord.Table next) {
      table = Optional.of(next);
    } else if (record instanceof SnapshotRecord.Row row) {
      SnapshotRecord.Table of = table.orElseThrow(() -> new MalformedException("a row of none"));
      requireInTime(row.state().latest().map(Stamp::hlc).orElse(Hlc.ZERO));
      known(row, of);
      rows++;
    } else {
      throw new AssertionError("unhandled " + record);
    }
  }

  private void requireInTime(Hlc latest) {
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
    if (!left.isEmpty()) {
      throw new MalformedException("a snapshot that ends in the middle of a record");
    }
    if (forgotten.isEmpty()) {
      forgotten = Optional.of(new Forgotten(parts, workspace, first));
    }
    if (forgotten.get().look()) {
      return true;
    }
    parts.local.catchUp();
    int limit = rows <= ATOMIC_ROWS_MAX ? ATOMIC_ROWS_MAX : PAGE_ROWS;
    List<SnapshotRow> page = page(limit);
    AtomicBoolean more = new AtomicBoolean();
    parts.write(
        () -> {
          parts.local.takeRest();
          if (!begun) {
            first.seen().forEach(this::see);
          }
          parts.ingestion.take(page, ambient.now());
          more.set(hasMore() || forgotten.get().write(limit, ambient.now()));
          if (!more.get()) {
            first.floors().forEach((site, floor) -> reach(first, site, floor));
            first.shown().forEach(this::taken);
            first.forks().forEach(parts.sites::fork);
          }
        });
    begun = true;
    return more.get();
  }

  private boolean hasMore() {
    return workspace.scalar("SELECT count(*) FROM record WHERE number > ?", Value.of(merged)) > 0;
  }

  private List<SnapshotRow> page(int limit) throws MalformedException {
    List<SnapshotRow> page = new ArrayList<>();
    try (Rows records =
        workspace.query(
            "SELECT number, bytes FROM record WHERE number > ? ORDER BY number",
            Value.of(merged))) {
      while (page.size() < limit && records.next()) {
        SnapshotRecord record = reader.read(new ByteReader(records.blob(1)));
        merged = records.integer(0);
        if (record instanceof SnapshotRecord.Table next) {
          table = Optional.of(next);
        } else if (record instanceof SnapshotRecord.Row row) {
          page.add(known(row, table.orElseThrow()));
        }
      }
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
