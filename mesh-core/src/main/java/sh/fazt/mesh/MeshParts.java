package sh.fazt.mesh;

import sh.fazt.mesh.apply.Ingestion;
import sh.fazt.mesh.apply.StillNeeded;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.capture.BatchAuthor;
import sh.fazt.mesh.capture.Catalog;
import sh.fazt.mesh.capture.DeleteCounts;
import sh.fazt.mesh.capture.GenesisRows;
import sh.fazt.mesh.capture.Harvester;
import sh.fazt.mesh.capture.Operating;
import sh.fazt.mesh.capture.OwnSite;
import sh.fazt.mesh.capture.Scrubber;
import sh.fazt.mesh.clock.HybridClock;
import sh.fazt.mesh.identity.SigningKey;
import sh.fazt.mesh.projection.ValueDigest;
import sh.fazt.mesh.store.ChangeLog;
import sh.fazt.mesh.store.ConflictTable;
import sh.fazt.mesh.store.Database;
import sh.fazt.mesh.store.KeyFolder;
import sh.fazt.mesh.store.Meta;
import sh.fazt.mesh.store.Meta.Fact;
import sh.fazt.mesh.store.ShownClock;
import sh.fazt.mesh.store.SiteBook;
import sh.fazt.mesh.wire.BatchSeal;

/**
 * The parts of a replica at work, put together. Whatever one of them writes is written through
 * {@link #write}. Confined to the thread of its {@link Mesh}.
 */
final class MeshParts {
  final Database database;
  final WriteGuard guard;
  final Tracking tracking;
  final Meta meta;
  final SiteBook sites;
  final ChangeLog log;
  final Catalog catalog;
  final OwnSite own;
  final BatchAuthor author;
  final MassDeletes massDeletes;
  final GenesisTurns genesis;
  final LocalWrites local;
  final RemoteWrites remote;
  final Branches branches;
  final FreshBatches fresh;
  final Membership membership;
  final MeshView view;
  final Acknowledging acknowledging;
  final Trimming trimming;
  final Snapshots snapshots;
  final Ingestion ingestion;
  private final DeleteCounts counts;

  MeshParts(Database database, KeyFolder folder, Ambient ambient, SignedHere signed) {
    this.database = database;
    this.meta = new Meta(database);
    this.sites = new SiteBook(database);
    this.log = new ChangeLog(database, sites);
    SigningKey key = Replica.nodeKey(database, folder);
    this.own = database.write(() -> Replica.site(database, folder, key, sites));
    this.guard =
        new WriteGuard(
            new WriteGuard.Kept(database, folder, sites, log),
            own,
            signed,
            new LockShare(ambient.watch()));
    this.membership = new Membership(database, own, sites);
    this.catalog = new Catalog(database, sites, () -> membership.roster().policy());
    this.tracking = new Tracking(catalog);
    this.acknowledging = new Acknowledging(new Frontier(database, sites), own, membership, ambient);
    HybridClock clock = new ShownClock(database).after(sites.progress(own.site()).clock());
    ValueDigest digest = new ValueDigest(meta.bytes(Fact.DIGEST_SECRET).orElse(Bytes.EMPTY));
    this.author = new BatchAuthor(own, sites, log, membership::mayWrite);
    this.counts = new DeleteCounts(database, catalog.book(), sites);
    Harvester harvester =
        new Harvester(
            catalog,
            author,
            own,
            clock,
            digest,
            new ConflictTable(database, sites),
            counts,
            new Operating(catalog, ambient.chance(), digest));
    GenesisRows rows = new GenesisRows(catalog, author, own, digest);
    this.ingestion =
        new Ingestion(
            database,
            own,
            catalog,
            rows,
            sites,
            log,
            clock,
            digest,
            counts,
            () -> membership.roster().authors());

    this.genesis = new GenesisTurns(database, this::write, rows, harvester, ambient);
    this.local =
        new LocalWrites(
            database,
            this::write,
            catalog,
            harvester,
            genesis,
            new Scrubber(catalog, rows, digest),
            ingestion,
            ambient);
    this.membership.whenChanged(
        () -> {
          ingestion.wake();
          genesis.lookAgain();
        });
    this.remote = new RemoteWrites(this::write, guard, local, ingestion, ambient);
    this.branches =
        new Branches(database, this::write, sites, log, author, ingestion, remote, ambient);
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
    this.trimming =
        new Trimming(
            database,
            this::write,
            sites,
            log,
            new StillNeeded(database, catalog, sites, digest),
            membership,
            acknowledging,
            ambient);
    this.snapshots = new Snapshots(database, this::write, catalog, sites, local, membership);
    BatchSeal.rehearse(own.mesh(), own.site(), own.key());
    this.fresh = new FreshBatches(database, sites, log, own.site(), guard::release);
    write(catalog::refresh);
    // Peers are told at once of all that the log holds, also of what a kill left unflushed.
    guard.release();
  }

  /** Runs {@code work} in one write transaction of this site. */
  void write(Runnable work) {
    guard.write(work, this::forget);
  }

  /** Drops what is remembered outside the database, after a transaction was rolled back. */
  private void forget() {
    sites.forget();
    counts.forget();
    catalog.forget();
    ingestion.forget();
    local.forget();
  }
}
