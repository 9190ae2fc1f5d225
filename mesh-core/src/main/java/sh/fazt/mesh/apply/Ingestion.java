package sh.fazt.mesh.apply;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import sh.fazt.mesh.capture.Catalog;
import sh.fazt.mesh.capture.DeleteCounts;
import sh.fazt.mesh.capture.GenesisRows;
import sh.fazt.mesh.capture.Harvester;
import sh.fazt.mesh.capture.OwnSite;
import sh.fazt.mesh.change.RowKey;
import sh.fazt.mesh.clock.Dot;
import sh.fazt.mesh.clock.HybridClock;
import sh.fazt.mesh.clock.Stopwatch;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.projection.ValueDigest;
import sh.fazt.mesh.roster.Authors;
import sh.fazt.mesh.schema.TrackedTable;
import sh.fazt.mesh.schema.Value;
import sh.fazt.mesh.store.AsideTable;
import sh.fazt.mesh.store.BranchBook;
import sh.fazt.mesh.store.CellTable;
import sh.fazt.mesh.store.ChangeLog;
import sh.fazt.mesh.store.ConflictTable;
import sh.fazt.mesh.store.Database;
import sh.fazt.mesh.store.ForkTable;
import sh.fazt.mesh.store.ParkedTable;
import sh.fazt.mesh.store.ParkedTable.Parked;
import sh.fazt.mesh.store.ShownClock;
import sh.fazt.mesh.store.SiteBook;
import sh.fazt.mesh.store.SlicedDeletes;
import sh.fazt.mesh.store.TableAccess;
import sh.fazt.mesh.wire.SignedBatch;
import sh.fazt.mesh.wire.VerifiedBatch;

/**
 * The remote half of a write transaction: deliver what came, show what can show. The caller has
 * opened the transaction and harvested in it first, or a local write not yet seen would be lost.
 * Confined.
 */
public final class Ingestion {
  /** Parked changes that are looked at again in one write transaction. */
  private static final int PARKED_PAGE = 200;

  private final Database database;
  private final Catalog catalog;
  private final ApplyStores stores;
  private final HybridClock clock;
  private final ShownClock shownClock;
  private final ValueDigest digest;
  private final Forks forks;
  private final Inbox inbox;
  private final Supplier<Authors> authors;
  private final GenesisRows genesis;
  private final AsideRetries aside = new AsideRetries();
  private final Map<SiteId, LargeTransaction> large = new HashMap<>();
  private final Map<Dot, ChangeLog.Logged> fresh = new HashMap<>();
  private boolean more = true;

  /** Whether rows of any table may have moved, after a rollback, since it is forgotten of which. */
  private boolean unsure;

  /**
   * @param authors tells whose batches are welcome now
   */
  public Ingestion(
      Database database,
      OwnSite own,
      Catalog catalog,
      GenesisRows genesis,
      SiteBook sites,
      ChangeLog log,
      HybridClock clock,
      ValueDigest digest,
      DeleteCounts counts,
      Supplier<Authors> authors) {
    this.authors = authors;
    this.database = database;
    this.catalog = catalog;
    this.genesis = genesis;
    this.clock = clock;
    this.shownClock = new ShownClock(database);
    this.digest = digest;
    BranchBook branches = new BranchBook(database, sites);
    this.forks = new Forks(sites, log, new ForkTable(database, sites), branches);
    this.inbox = new Inbox(own.mesh(), sites, log, forks, authors);
    this.stores =
        new ApplyStores(
            own.site(),
            sites,
            log,
            new ParkedTable(database),
            new AsideTable(database),
            new CellTable(database, sites),
            new ConflictTable(database, sites),
            branches,
            new SlicedDeletes(database, sites),
            counts);
  }

  /**
   * Delivers batches; {@link #retry}, in the same transaction, shows what they change.
   *
   * @return one result a batch, in their order
   */
  public List<Ingested> ingest(List<VerifiedBatch> batches, long nowMillis) {
    List<Ingested> results = new ArrayList<>();
    for (VerifiedBatch batch : batches) {
      Ingested result = inbox.deliver(batch, nowMillis);
      results.add(result);
      if (result instanceof Ingested.Delivered delivered) {
        fresh.put(delivered.dot(), logged(batch, nowMillis));
      }
    }
    more = true;
    return results;
  }

  /** A batch that was just delivered as the log has it, without opening it again. */
  private ChangeLog.Logged logged(VerifiedBatch delivered, long nowMillis) {
    SignedBatch signed = delivered.signed();
    long number = stores.log().number(signed.dot());
    int bytes = signed.envelope().size();
    return new ChangeLog.Logged(number, delivered.batch(), nowMillis, signed.hash(), bytes);
  }

  /**
   * Shows what was delivered, and looks again at what was parked or set aside, as much as one turn
   * takes; inside a write transaction.
   *
   * @param schemaMoved whether to look also at what waits for the schema
   * @param harvested the tables in which the application's writes were found since the last time
   * @param watch tells when the lock was held long enough
   */
  public void retry(
      boolean schemaMoved, Set<TrackedTable> harvested, long nowMillis, Stopwatch watch) {
    if (schemaMoved) {
      stores.parked().wake();
    }
    List<Parked> parked = stores.parked().due(nowMillis, PARKED_PAGE);
    List<Catalog.ReturnedColumns> returned = catalog.takeReturned();
    aside.moved(harvested);
    if (schemaMoved || unsure) {
      aside.moved(catalog.tables().stream().map(TableAccess::table).toList());
    }
    boolean mayFit = aside.hasMore() && hasAside();
    if (!parked.isEmpty() || !returned.isEmpty() || mayFit || more) {
      applying(
          nowMillis,
          applier -> {
            more = new Showing(applier, large, fresh, authors.get(), watch).turn();
            again(applier, nowMillis).retry(parked);
            returned.forEach(applier::showReturned);
            aside.moved(applier.takeMoved());
            aside.turn(applier, catalog);
          });
    } else {
      aside.forget();
    }
    unsure = false;
    fresh.clear();
    more |= parked.size() == PARKED_PAGE || aside.hasMore();
  }

  /** Whether {@link #look} has something to do. */
  public boolean hasToLook() {
    return large.values().stream().anyMatch(each -> each.held().isEmpty());
  }

  /**
   * Looks through large transactions for mass deletes, before they are shown, as much as one turn
   * takes; inside a transaction of any kind. Only reads.
   *
   * @return whether there is more to look at
   */
  public boolean look(long nowMillis) {
    IncomingDeletes judge =
        new IncomingDeletes(
            stores.counts(), stores.log(), catalog, new Obstacles(catalog, nowMillis));
    large.values().stream()
        .filter(each -> each.held().isEmpty())
        .forEach(each -> each.look(judge, stores.log()));
    return hasToLook();
  }

  /** The keys of the rows that parked changes of a table are about. */
  public List<RowKey> keysOf(List<Parked> parked, TrackedTable table) {
    List<RowKey> keys = new ArrayList<>();
    ParkedChanges.each(
        stores.log(),
        parked,
        (place, placed) -> {
          List<Value> key = placed.change().key().values();
          if (key.size() == table.shape().key().size()) {
            keys.add(new RowKey(table.shape().folded(key)));
          }
        });
    return keys;
  }

  /** Shows held deletes after all; inside a write transaction, after the harvest. */
  public void allow(List<Parked> held, long nowMillis) {
    applyingAll(nowMillis, applier -> again(applier, nowMillis).allow(held));
  }

  /**
   * Answers held deletes with the rows that they would take away, which the next harvest tells of;
   * inside a write transaction, after the harvest.
   */
  public void refuse(List<Parked> held, long nowMillis) {
    applyingAll(nowMillis, applier -> again(applier, nowMillis).refuse(held));
  }

  /**
   * Puts rows back into a table from which the application has deleted them, and of which nobody
   * was told; inside a write transaction, after the harvest.
   *
   * @param rows their values by column number
   */
  public void bringBack(
      TableAccess access, Map<RowKey, SortedMap<Integer, Value>> rows, long nowMillis) {
    applyingAll(
        nowMillis,
        applier ->
            rows.forEach((key, cells) -> again(applier, nowMillis).bringBack(access, key, cells)));
  }

  /**
   * Shows rows again as the change log has them, if it has not grown since; inside a write
   * transaction, after the harvest.
   *
   * @return how many
   */
  public int mend(List<RowProof> proofs, long nowMillis) {
    Optional<ChangeLog.Place> newest = stores.log().newest();
    AtomicInteger mended = new AtomicInteger();
    applyingAll(
        nowMillis,
        applier ->
            proofs.stream()
                .filter(proof -> newest.equals(Optional.of(proof.upTo())))
                .filter(applier::mend)
                .forEach(proof -> mended.incrementAndGet()));
    return mended.get();
  }

  /** Merges rows of a snapshot; inside a write transaction, after the harvest. */
  public void take(List<SnapshotRow> rows, long nowMillis) {
    applyingAll(
        nowMillis,
        applier ->
            rows.forEach(
                row -> catalog.find(row.table()).ifPresent(each -> applier.take(each, row))));
    more = true;
  }

  /**
   * Has rows show what is merged, whatever the application has made of them; inside a write
   * transaction, after the harvest.
   */
  public void revert(List<Harvester.Reverted> rows, long nowMillis) {
    if (!rows.isEmpty()) {
      applyingAll(
          nowMillis,
          applier -> {
            // All of them first: what one has taken of another's unique values is free then.
            rows.forEach(each -> again(applier, nowMillis).takeOut(each.access(), each.key()));
            rows.forEach(each -> again(applier, nowMillis).putBack(each.access(), each.key()));
          });
    }
  }

  private ParkedChanges again(BatchApplier applier, long nowMillis) {
    return new ParkedChanges(applier, catalog, clock, nowMillis);
  }

  private void applyingAll(long nowMillis, Work work) {
    applying(
        nowMillis,
        applier -> {
          work.with(applier);
          aside.moved(applier.takeMoved());
        });
  }

  /** Looks again at what waits to be shown, as when less of a site is to come than was thought. */
  public void wake() {
    more = true;
  }

  /** Whether {@link #retry} should be called again at once. */
  public boolean hasMore() {
    return more;
  }

  /** Whether {@link #retry} has something to do; the same parameters. */
  public boolean isDue(Set<TrackedTable> harvested, long nowMillis) {
    return catalog.hasMoved()
        || more
        || !stores.parked().due(nowMillis, 1).isEmpty()
        || (!harvested.isEmpty() && hasAside());
  }

  /** Tries no more of the rows that are set aside in one turn, fewer than usual. */
  public void tryAsideInOneTurn(int rows) {
    aside.tryInOneTurn(rows);
  }

  private boolean hasAside() {
    return stores.aside().count() > 0;
  }

  private interface Work {
    void with(BatchApplier applier);
  }

  private void applying(long nowMillis, Work work) {
    UserTriggers userTriggers = new UserTriggers(database, catalog);
    database.run("INSERT INTO _mesh_applying VALUES (1)");
    work.with(
        new BatchApplier(
            stores.forTransaction(database),
            catalog,
            userTriggers,
            genesis,
            clock,
            digest,
            nowMillis));
    userTriggers.restore();
    shownClock.keep(clock, nowMillis);
    database.run("DELETE FROM _mesh_applying");
  }

  /**
   * Takes note of a fork that two batches prove; inside a write transaction.
   *
   * @return whether they do
   */
  public boolean prove(VerifiedBatch one, VerifiedBatch other, long nowMillis) {
    return inbox.areWelcome(List.of(one, other)) && forks.prove(one, other, nowMillis);
  }

  /** The sites that were found to have signed twice, until {@link #forgetForked}. */
  public Set<SiteId> forked() {
    return forks.found();
  }

  public void forgetForked(Set<SiteId> told) {
    forks.forget(told);
  }

  /** Drops what is remembered outside the database, after a transaction was rolled back. */
  public void forget() {
    more = true;
    unsure = true;
    large.clear();
    fresh.clear();
    aside.forget();
    shownClock.forget();
  }
}
