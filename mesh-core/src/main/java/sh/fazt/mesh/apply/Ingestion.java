package sh.fazt.mesh.apply;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import sh.fazt.mesh.capture.Catalog;
import sh.fazt.mesh.capture.GenesisRows;
import sh.fazt.mesh.capture.OwnSite;
import sh.fazt.mesh.clock.HybridClock;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.identity.VerifyKey;
import sh.fazt.mesh.projection.ValueDigest;
import sh.fazt.mesh.schema.TrackedTable;
import sh.fazt.mesh.store.AsideTable;
import sh.fazt.mesh.store.BranchBook;
import sh.fazt.mesh.store.ChangeLog;
import sh.fazt.mesh.store.ConflictTable;
import sh.fazt.mesh.store.Database;
import sh.fazt.mesh.store.ForkTable;
import sh.fazt.mesh.store.ParkedTable;
import sh.fazt.mesh.store.ParkedTable.Parked;
import sh.fazt.mesh.store.SiteBook;
import sh.fazt.mesh.wire.VerifiedBatch;

/**
 * The remote half of a write transaction: deliver what came, show what can show. The caller has
 * opened the transaction and harvested in it first, or a local write not yet seen would be lost.
 * Confined.
 */
public final class Ingestion {
  private final Database database;
  private final Catalog catalog;
  private final BatchApplier.ApplyStores stores;
  private final HybridClock clock;
  private final ValueDigest digest;
  private final Forks forks;
  private final Inbox inbox;
  private final GenesisRows genesis;
  private final Set<TrackedTable> moved = new HashSet<>();

  public Ingestion(
      Database database,
      OwnSite own,
      Catalog catalog,
      GenesisRows genesis,
      SiteBook sites,
      ChangeLog log,
      HybridClock clock,
      ValueDigest digest) {
    this.database = database;
    this.catalog = catalog;
    this.genesis = genesis;
    this.clock = clock;
    this.digest = digest;
    BranchBook branches = new BranchBook(database, sites);
    this.forks = new Forks(sites, log, new ForkTable(database, sites), branches);
    this.inbox = new Inbox(own.mesh(), sites, log, forks);
    this.stores =
        new BatchApplier.ApplyStores(
            own.site(),
            sites,
            log,
            new ParkedTable(database),
            new AsideTable(database),
            new ConflictTable(database, sites),
            branches);
  }

  /**
   * Delivers batches and shows what they change.
   *
   * @param isMember whether a node's batches are welcome
   * @return one result a batch, in their order
   */
  public List<Ingested> ingest(
      List<VerifiedBatch> batches, Predicate<VerifyKey> isMember, long nowMillis) {
    List<Ingested> results = new ArrayList<>();
    applying(
        nowMillis,
        applier -> {
          for (VerifiedBatch batch : batches) {
            Ingested result = inbox.deliver(batch, isMember, nowMillis);
            results.add(result);
            boolean whole = batch.batch().header().last();
            if (whole && result instanceof Ingested.Delivered delivered) {
              applier.showDelivered(delivered.dot().site(), Optional.of(batch));
            }
          }
          moved.addAll(applier.takeMoved());
        });
    return results;
  }

  /**
   * Looks again at what was parked or set aside; inside a write transaction.
   *
   * @param schemaMoved whether to look also at what waits for the schema
   * @param harvested the tables in which the application's writes were found since the last time
   */
  public void retry(boolean schemaMoved, Set<TrackedTable> harvested, long nowMillis) {
    List<Parked> parked = new ArrayList<>(stores.parked().due(nowMillis));
    if (schemaMoved) {
      parked.addAll(stores.parked().waitingForSchema());
    }
    List<Catalog.ReturnedColumns> returned = catalog.takeReturned();
    moved.addAll(harvested);
    boolean mayFit = (schemaMoved || !moved.isEmpty()) && hasAside();
    if (!parked.isEmpty() || !returned.isEmpty() || mayFit || hasUnshown()) {
      applying(
          nowMillis,
          applier -> {
            stores.sites().unshown().keySet().forEach(applier::showDelivered);
            applier.retry(parked);
            returned.forEach(applier::showReturned);
            moved.addAll(applier.takeMoved());
            catalog.tables().stream()
                .filter(access -> schemaMoved || moved.contains(access.table()))
                .forEach(applier::retryAside);
          });
    }
    moved.clear();
  }

  /** Whether {@link #retry} has something to do; the same parameters. */
  public boolean isDue(Set<TrackedTable> harvested, long nowMillis) {
    return catalog.hasMoved()
        || !stores.parked().due(nowMillis).isEmpty()
        || hasUnshown()
        || (!harvested.isEmpty() && hasAside());
  }

  private boolean hasAside() {
    return stores.aside().count() > 0;
  }

  private boolean hasUnshown() {
    return !stores.sites().unshown().isEmpty();
  }

  private interface Work {
    void with(BatchApplier applier);
  }

  private void applying(long nowMillis, Work work) {
    UserTriggers userTriggers = new UserTriggers(database, catalog);
    database.run("INSERT INTO _mesh_applying VALUES (1)");
    BatchApplier.ApplyStores fresh =
        new BatchApplier.ApplyStores(
            stores.own(),
            stores.sites(),
            stores.log(),
            stores.parked(),
            new AsideTable(database),
            stores.conflicts(),
            stores.branches());
    work.with(new BatchApplier(fresh, catalog, userTriggers, genesis, clock, digest, nowMillis));
    userTriggers.restore();
    database.run("DELETE FROM _mesh_applying");
  }

  /** The sites that were found to have signed twice since this was last asked. */
  public Set<SiteId> takeForked() {
    return forks.takeFound();
  }

  /** Drops what is remembered outside the database, after a transaction was rolled back. */
  public void forget() {
    moved.clear();
  }
}
