package sh.fazt.mesh.apply;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import sh.fazt.mesh.capture.Catalog;
import sh.fazt.mesh.clock.HybridClock;
import sh.fazt.mesh.identity.MeshId;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.identity.VerifyKey;
import sh.fazt.mesh.projection.ValueDigest;
import sh.fazt.mesh.store.AsideTable;
import sh.fazt.mesh.store.ChangeLog;
import sh.fazt.mesh.store.ConflictTable;
import sh.fazt.mesh.store.Database;
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
  private final Inbox inbox;

  public Ingestion(
      Database database,
      MeshId mesh,
      Catalog catalog,
      SiteBook sites,
      ChangeLog log,
      HybridClock clock,
      ValueDigest digest) {
    this.database = database;
    this.catalog = catalog;
    this.clock = clock;
    this.digest = digest;
    this.inbox = new Inbox(mesh, sites, log);
    this.stores =
        new BatchApplier.ApplyStores(
            sites,
            log,
            new ParkedTable(database),
            new AsideTable(database),
            new ConflictTable(database, sites));
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
            if (result instanceof Ingested.Delivered delivered) {
              applier.showDelivered(delivered.dot().site());
            }
          }
        });
    return results;
  }

  /**
   * Looks again at what was parked or set aside.
   *
   * @param schemaMoved whether to look also at what waits for the schema
   */
  public void retry(boolean schemaMoved, long nowMillis) {
    List<Parked> parked = new ArrayList<>(stores.parked().due(nowMillis));
    if (schemaMoved) {
      parked.addAll(stores.parked().waitingForSchema());
    }
    boolean unshown = !stores.sites().unshown().isEmpty();
    if (parked.isEmpty() && stores.aside().count() == 0 && !unshown) {
      return;
    }
    applying(
        nowMillis,
        applier -> {
          for (SiteId site : stores.sites().unshown().keySet()) {
            applier.showDelivered(site);
          }
          applier.retry(parked);
          applier.retryAside();
        });
  }

  /** Whether {@link #retry} has something to do that does not wait for the schema. */
  public boolean isDue(long nowMillis) {
    return !stores.parked().due(nowMillis).isEmpty();
  }

  private interface Work {
    void with(BatchApplier applier);
  }

  private void applying(long nowMillis, Work work) {
    UserTriggers userTriggers = new UserTriggers(database, catalog);
    database.run("INSERT INTO _mesh_applying VALUES (1)");
    work.with(new BatchApplier(stores, catalog, userTriggers, clock, digest, nowMillis));
    userTriggers.restore();
    database.run("DELETE FROM _mesh_applying");
  }

  public ParkedTable parked() {
    return stores.parked();
  }

  public AsideTable aside() {
    return stores.aside();
  }

  public ConflictTable conflicts() {
    return stores.conflicts();
  }
}
