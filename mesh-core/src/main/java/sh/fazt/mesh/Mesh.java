package sh.fazt.mesh;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import sh.fazt.mesh.apply.Ingested;
import sh.fazt.mesh.apply.Ingestion;
import sh.fazt.mesh.apply.Restamp;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.capture.BatchAuthor;
import sh.fazt.mesh.capture.Catalog;
import sh.fazt.mesh.capture.DeleteCounts;
import sh.fazt.mesh.capture.GenesisRows;
import sh.fazt.mesh.capture.Harvester;
import sh.fazt.mesh.capture.OwnSite;
import sh.fazt.mesh.capture.Scrubber;
import sh.fazt.mesh.clock.HybridClock;
import sh.fazt.mesh.delta.DotRange;
import sh.fazt.mesh.delta.Summary;
import sh.fazt.mesh.identity.MeshId;
import sh.fazt.mesh.identity.SigningKey;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.projection.ValueDigest;
import sh.fazt.mesh.schema.Value;
import sh.fazt.mesh.store.ChangeLog;
import sh.fazt.mesh.store.ConflictTable;
import sh.fazt.mesh.store.Database;
import sh.fazt.mesh.store.KeyFolder;
import sh.fazt.mesh.store.Meta;
import sh.fazt.mesh.store.Meta.Fact;
import sh.fazt.mesh.store.ParkedTable;
import sh.fazt.mesh.store.PeerTable;
import sh.fazt.mesh.store.ReplicaLock;
import sh.fazt.mesh.store.SiteBook;
import sh.fazt.mesh.wire.BatchSeal;
import sh.fazt.mesh.wire.SignedBatch;

/**
 * One replica at work: a database, its change log and its keys. It takes in what any program writes
 * to the file, and what peers send. It has no threads and no network of its own; every method must
 * be called on the thread that opened it, and may throw a {@link sh.fazt.mesh.fault.MeshException}
 * for what the database or the disk refuses, after which nothing of that call remains.
 */
public final class Mesh implements AutoCloseable {
  private final Database database;
  private final ReplicaLock lock;
  private final WriteGuard guard;
  private final Tracking tracking;
  private final Ambient ambient;
  private final Meta meta;
  private final SiteBook sites;
  private final ChangeLog log;
  private final Catalog catalog;
  private final OwnSite own;
  private final BatchAuthor author;
  private final DeleteCounts counts;
  private final MassDeletes massDeletes;
  private final Ingestion ingestion;
  private final LocalWrites local;
  private final RemoteWrites remote;
  private final Branches branches;
  private final FreshBatches fresh;
  private final Membership membership;
  private final MeshView view;
  private long dataVersion = -1;
  private boolean closed;

  private Mesh(Database database, ReplicaLock lock, KeyFolder folder, Ambient ambient) {
    this.database = database;
    this.lock = lock;
    this.ambient = ambient;
    this.meta = new Meta(database);
    this.sites = new SiteBook(database);
    this.log = new ChangeLog(database, sites);
    this.catalog = new Catalog(database, sites);
    this.guard = new WriteGuard(database, folder, sites, log, ambient.now());
    this.tracking = new Tracking(catalog);
    SigningKey key = Replica.nodeKey(database, folder);
    this.own = database.write(() -> Replica.site(database, folder, key, sites));
    HybridClock clock = new HybridClock(sites.progress(own.site()).clock());
    ValueDigest digest = new ValueDigest(meta.bytes(Fact.DIGEST_SECRET).orElse(Bytes.EMPTY));
    this.author = new BatchAuthor(own, sites, log);
    this.counts = new DeleteCounts(database, catalog.book(), sites);
    Harvester harvester =
        new Harvester(
            catalog, author, own, clock, digest, new ConflictTable(database, sites), counts);
    GenesisRows genesis = new GenesisRows(catalog, author, own, digest);
    this.ingestion =
        new Ingestion(database, own, catalog, genesis, sites, log, clock, digest, counts);
    this.local =
        new LocalWrites(
            database,
            this::write,
            catalog,
            harvester,
            genesis,
            new Scrubber(catalog, genesis, digest),
            ingestion,
            ambient);
    this.membership = new Membership(database, own.mesh());
    this.remote = new RemoteWrites(this::write, guard, own, local, ingestion, membership, ambient);
    this.branches = new Branches(database, this::write, sites, log, author, ingestion, ambient);
    this.view = new MeshView(database);
    this.massDeletes =
        new MassDeletes(
            new MassDeletes.Parts(
                database,
                this::write,
                catalog,
                counts,
                local,
                ingestion,
                log,
                digest,
                view,
                ambient));
    BatchSeal.rehearse(own.mesh(), own.site(), own.key());
    this.fresh =
        new FreshBatches(database, sites, log, own.site(), () -> guard.release(own.site()));
    write(catalog::refresh);
    // Peers are told at once of all that the log holds, also of what a kill left unflushed.
    guard.release(own.site());
  }

  /**
   * Opens the replica in {@code file} for work; no other process may have it open for work.
   *
   * @throws sh.fazt.mesh.fault.MeshException NO_DATABASE, NOT_A_DATABASE, NOT_INITIALIZED,
   *     KEYS_MISSING, ALREADY_OPEN
   */
  public static Mesh open(Path file, Ambient ambient) {
    Database database = Replica.open(file);
    try {
      KeyFolder folder = KeyFolder.of(file);
      Replica.requireWritable(database);
      Replica.nodeKey(database, folder);
      ReplicaLock lock = ReplicaLock.take(folder);
      try {
        return new Mesh(database, lock, folder, ambient);
      } catch (RuntimeException e) {
        lock.close();
        throw e;
      }
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
  }

  public MeshId id() {
    return own.mesh();
  }

  public SiteId site() {
    return own.site();
  }

  public SigningKey nodeKey() {
    return own.key();
  }

  public Path file() {
    return database.file();
  }

  public Ambient ambient() {
    return ambient;
  }

  /** Who is a member, and how one becomes one. */
  public Membership membership() {
    return membership;
  }

  /** What is to be done about sites that signed twice. */
  public Branches branches() {
    return branches;
  }

  /** What a person may want to see of this replica. */
  public MeshView view() {
    return view;
  }

  /**
   * Signs again, with the time of now, what was written here while this machine's clock was ahead,
   * so that others need not wait for it. The clock must be right by now. The replica goes on as its
   * next incarnation when it is opened again, and must be.
   *
   * @return how many rows are concerned; 0 if nothing is ahead, and then nothing has happened
   */
  public long restamp() {
    local.catchUp();
    AtomicLong rows = new AtomicLong();
    write(
        () -> {
          local.takeRest();
          Restamp restamp =
              new Restamp(catalog, sites, log, new ParkedTable(database), ambient.now());
          rows.set(restamp.run());
          if (rows.get() > 0) {
            meta.put(Fact.INCARNATION, Value.of(own.site().incarnation() + 1));
          }
        });
    if (rows.get() > 0) {
      guard.retire();
    }
    return rows.get();
  }

  /** Mass deletes that wait, and what becomes of them. */
  public MassDeletes massDeletes() {
    return massDeletes;
  }

  /** What is remembered of other nodes' whereabouts. */
  public PeerTable peers() {
    return new PeerTable(database);
  }

  /** Whether another connection has committed since this was last asked. */
  public boolean changedOutside() {
    long now = database.scalar("PRAGMA data_version");
    boolean changed = now != dataVersion;
    dataVersion = now;
    return changed;
  }

  /**
   * Takes in what was written to the tracked tables, as much as one short turn can, and looks again
   * at what was waiting. What takes long is done on a snapshot; the write lock is taken only to
   * keep what was found.
   *
   * @return this site's batches since this was last asked, those of an {@link #ingest} included
   * @see #hasMore
   */
  public List<SignedBatch> harvest() {
    if (!guard.isLost()) {
      guard.requireNewest(own.site());
      local.takeIn();
    }
    return takeFresh();
  }

  /**
   * Whether {@link #harvest} should be called again at once: there was more than one turn could
   * take, or rows that were there before the mesh are still being taken in or sent.
   */
  public boolean hasMore() {
    return !guard.isLost() && (local.hasMore() || fresh.isBehind());
  }

  /**
   * Looks at the next rows, touched or not, on a snapshot. Those that are not as they were last
   * shown are taken in by the next {@link #harvest}.
   *
   * @param sinceMillis since when they may have changed, Unix milliseconds; their time, for want of
   *     a better one
   * @return whether there are more; if not, the next call begins with the first row again
   */
  public boolean scrub(long sinceMillis) {
    return !guard.isLost() && local.scrub(sinceMillis);
  }

  /** Whether the database turned out to be an older copy of itself, to be opened again. */
  public boolean isOlderCopy() {
    return guard.isLost();
  }

  /**
   * Whether another process works with this node's keys: a later incarnation of it has written
   * since this was opened.
   */
  public boolean isElsewhere() {
    return guard.isElsewhere();
  }

  /** This site's batches since this or {@link #harvest} was last called. */
  public List<SignedBatch> takeFresh() {
    return guard.isLost() ? List.of() : fresh.take();
  }

  /** How many changes peers' batches have brought since this replica was opened. */
  public long rowsReceived() {
    return remote.rowsReceived();
  }

  /** How many changes were made here and signed since this was last asked. */
  public long takeRowsWritten() {
    return author.takeChanges();
  }

  /** How many rows that were there before the mesh were looked at since this was opened. */
  public long genesisRows() {
    return local.genesisRows();
  }

  /**
   * Tells the replica that it holds all that a peer holds; a newcomer waits for this before it
   * sends the rows that it brought along.
   *
   * @return whether it had waited
   */
  public boolean caughtUp() {
    return local.sendGenesis();
  }

  /**
   * Checks what a peer sent, and in one transaction takes in what was written here, delivers,
   * merges and shows.
   *
   * <p>A batch that this node signed and the change log lacks shows that the database is an older
   * copy of itself. Nothing is signed from then on; opened again, it goes on as a new incarnation.
   *
   * @param envelopes signed batches as {@link SignedBatch#envelope} has them, in an order in which
   *     each follows what its author had seen
   * @return one result an envelope, in their order, up to the first that cannot be taken in at all
   * @throws sh.fazt.mesh.fault.MeshException FAILURE after a result {@link Ingested.OwnPast}
   */
  public List<Ingested> ingest(List<Bytes> envelopes) {
    return remote.ingest(envelopes);
  }

  /** What the change log holds. */
  public Summary summary() {
    return sites.summary();
  }

  /** A cursor over the batches in {@code ranges}, in an order in which they can be delivered. */
  public DeltaCursor delta(List<DotRange> ranges) {
    return branches.delta(ranges);
  }

  /** What to show of the tables to somebody who proved to hold an invitation. */
  public PreviewSource preview() {
    return new PreviewSource(database, catalog);
  }

  /**
   * Begins to replicate tables; rows that are there already are taken in by the next {@link
   * #harvest}.
   *
   * @param evenPrivate whether a table that holds secrets may be among them
   */
  public void track(Set<String> tables, boolean evenPrivate) {
    write(() -> tracking.track(tables, evenPrivate));
    local.lookForGenesis();
  }

  /**
   * Ends the replication of tables here; their rows stay, here and elsewhere. A transaction of
   * which a part is signed is taken in to its end first: others show it whole or not at all.
   */
  public void untrack(Set<String> tables) {
    write(
        () -> {
          if (log.openParts(own.site(), sites.progress(own.site()).seq()) > 0) {
            local.takeRest();
          }
          tracking.untrack(tables);
        });
  }

  private void write(Runnable work) {
    guard.write(own.site(), work, this::forget);
  }

  /** Drops what is remembered outside the database, after a transaction was rolled back. */
  private void forget() {
    sites.forget();
    counts.forget();
    catalog.forget();
    ingestion.forget();
    local.forget();
  }

  /** Calling again does nothing. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      database.close();
      lock.close();
    }
  }
}
