package sh.fazt.mesh.apply;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import sh.fazt.mesh.capture.Catalog;
import sh.fazt.mesh.capture.GenesisRows;
import sh.fazt.mesh.change.Batch;
import sh.fazt.mesh.change.Change;
import sh.fazt.mesh.change.RowKey;
import sh.fazt.mesh.clock.Dot;
import sh.fazt.mesh.clock.HybridClock;
import sh.fazt.mesh.clock.Stamp;
import sh.fazt.mesh.crdt.CellState;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.projection.Claim;
import sh.fazt.mesh.projection.ShadowRow;
import sh.fazt.mesh.projection.ValueDigest;
import sh.fazt.mesh.schema.TrackedTable;
import sh.fazt.mesh.store.AsideTable;
import sh.fazt.mesh.store.BranchBook;
import sh.fazt.mesh.store.ChangeLog;
import sh.fazt.mesh.store.ConflictTable;
import sh.fazt.mesh.store.ParkedTable;
import sh.fazt.mesh.store.ParkedTable.Parked;
import sh.fazt.mesh.store.SiteBook;
import sh.fazt.mesh.store.TableAccess;
import sh.fazt.mesh.wire.SignedBatch;
import sh.fazt.mesh.wire.VerifiedBatch;

/**
 * Shows delivered batches: each change is merged into its row, or parked. One use, within one write
 * transaction.
 */
final class BatchApplier {
  private static final int ASIDE_RETRIES_MAX = 10_000;
  private static final int ASIDE_ROUNDS_MAX = 10;

  private final ApplyStores stores;
  private final Catalog catalog;
  private final UserTriggers userTriggers;
  private final GenesisRows genesis;
  private final HybridClock clock;
  private final ValueDigest digest;
  private final long nowMillis;
  private final Obstacles obstacles;
  private final Map<TrackedTable, RowApplier> rows = new HashMap<>();
  private final Map<TrackedTable, ConflictFinder> finders = new HashMap<>();
  private final Map<TrackedTable, Boolean> takingIn = new HashMap<>();

  /** The tables of the mesh's own that applying writes to. */
  record ApplyStores(
      SiteId own,
      SiteBook sites,
      ChangeLog log,
      ParkedTable parked,
      AsideTable aside,
      ConflictTable conflicts,
      BranchBook branches) {}

  BatchApplier(
      ApplyStores stores,
      Catalog catalog,
      UserTriggers userTriggers,
      GenesisRows genesis,
      HybridClock clock,
      ValueDigest digest,
      long nowMillis) {
    this.stores = stores;
    this.catalog = catalog;
    this.userTriggers = userTriggers;
    this.genesis = genesis;
    this.clock = clock;
    this.digest = digest;
    this.nowMillis = nowMillis;
    this.obstacles = new Obstacles(catalog, nowMillis);
  }

  /** Shows what is delivered and not yet shown of a site, as far as its transactions are whole. */
  void showDelivered(SiteId site) {
    showDelivered(site, Optional.empty());
  }

  /**
   * @param fresh a batch of the site that was delivered just now and need not be opened again
   */
  void showDelivered(SiteId site, Optional<VerifiedBatch> fresh) {
    SiteBook.Progress progress = stores.sites().progress(site);
    long seq = progress.shownSeq() + 1;
    Optional<Long> end = endOfTransaction(progress, site, seq);
    while (end.isPresent()) {
      for (; seq <= end.get(); seq++) {
        Dot dot = new Dot(site, seq);
        boolean known = fresh.filter(batch -> batch.signed().dot().equals(dot)).isPresent();
        Optional<ChangeLog.Logged> logged =
            known ? fresh.map(this::logged) : stores.log().find(dot);
        logged.ifPresent(this::apply);
      }
      stores.sites().shown(site, end.get());
      end = endOfTransaction(progress, site, seq);
    }
  }

  /** A batch that was just delivered as the log has it, without opening it again. */
  private ChangeLog.Logged logged(VerifiedBatch fresh) {
    SignedBatch signed = fresh.signed();
    long number = stores.log().number(signed.dot());
    return new ChangeLog.Logged(
        number, fresh.batch(), nowMillis, signed.hash(), signed.envelope().size());
  }

  /** The rest of a transaction that a fork has cut off never comes. */
  private Optional<Long> endOfTransaction(SiteBook.Progress progress, SiteId site, long seq) {
    Optional<Long> end = stores.log().endOfTransaction(site, seq);
    boolean cut = end.isEmpty() && seq <= progress.seq() && progress.isBranch(progress.seq());
    return cut ? Optional.of(progress.seq()) : end;
  }

  private void apply(ChangeLog.Logged logged) {
    Batch batch = logged.content();
    Causality causality = Causality.of(logged, stores.branches());
    List<Change> changes = batch.changes();
    for (int i = 0; i < changes.size(); i++) {
      Change change = changes.get(i);
      Optional<Parked> obstacle = obstacles.of(logged.number(), i, change);
      obstacle.ifPresent(stores.parked()::put);
      if (obstacle.isEmpty() || Obstacles.isPartial(obstacle.get())) {
        merge(change, batch.stampOf(change), causality, false);
      }
    }
  }

  /**
   * Looks again at changes that were parked; what fits of them now is merged, and what still waits
   * stays, for the reason of now.
   */
  void retry(List<Parked> parked) {
    Optional<ChangeLog.Logged> logged = Optional.empty();
    for (Parked each : parked) {
      if (logged.isEmpty() || logged.get().number() != each.batch()) {
        logged = stores.log().find(each.batch());
      }
      stores.parked().remove(each);
      if (logged.isPresent()) {
        Batch batch = logged.get().content();
        Change change = batch.changes().get(each.position());
        Optional<Parked> obstacle = obstacles.of(each.batch(), each.position(), change);
        obstacle.ifPresent(stores.parked()::put);
        if (obstacle.isEmpty() || Obstacles.isPartial(obstacle.get())) {
          Causality causality = Causality.of(logged.get(), stores.branches());
          merge(change, batch.stampOf(change), causality, true);
        }
      }
    }
  }

  /** Shows what was written to columns that had been away, from the whole change log. */
  void showReturned(Catalog.ReturnedColumns returned) {
    TableAccess access = returned.access();
    Optional<ChangeLog.Logged> logged = stores.log().next(0);
    while (logged.isPresent()) {
      Batch batch = logged.get().content();
      for (Change change : batch.changes()) {
        boolean fits =
            catalog.find(change.table()).equals(Optional.of(access))
                && change.key().values().size() == access.table().shape().key().size();
        if (fits) {
          showReturned(
              access, returned, Incoming.of(change, batch.stampOf(change), access.table(), true));
        }
      }
      logged = stores.log().next(logged.get().number());
    }
    catalog.book().shown(access.table(), returned.columns());
  }

  private void showReturned(
      TableAccess access, Catalog.ReturnedColumns returned, Incoming incoming) {
    boolean concerns = returned.columns().stream().anyMatch(incoming.values()::containsKey);
    if (concerns) {
      ShadowRow before = access.shadows().find(incoming.key());
      boolean wins =
          returned.columns().stream()
              .flatMap(column -> before.merged().cell(access.table().columnNumber(column)).stream())
              .map(CellState::winner)
              .anyMatch(incoming.stamp()::equals);
      if (wins) {
        userTriggers.suspend(access);
        applier(access).apply(before, incoming, nowMillis);
      }
    }
  }

  /** The tables in which rows have moved since this was last asked. */
  Set<TrackedTable> takeMoved() {
    Set<TrackedTable> moved = new HashSet<>();
    rows.forEach(
        (table, applier) -> {
          if (applier.takeMoved()) {
            moved.add(table);
          }
        });
    return moved;
  }

  /** Tries again to show the rows of a table that a rule of it kept out, the oldest claim first. */
  void retryAside(TableAccess access) {
    RowApplier applier = applier(access);
    boolean again = true;
    for (int round = 0; again && round < ASIDE_ROUNDS_MAX; round++) {
      List<RowKey> keys = new ArrayList<>(stores.aside().keys(access.table(), ASIDE_RETRIES_MAX));
      if (!keys.isEmpty()) {
        userTriggers.suspend(access);
      }
      Map<RowKey, Claim> claims = new HashMap<>();
      keys.forEach(key -> applier.claim(key).ifPresent(claim -> claims.put(key, claim)));
      keys.sort(
          Comparator.comparing(claims::get, Comparator.nullsFirst(Comparator.naturalOrder())));
      again = false;
      for (RowKey key : keys) {
        boolean unsent = access.shadows().find(key).unsent();
        boolean back = applier.retry(key, nowMillis);
        again |= back;
        if (back && unsent) {
          genesis.again(access.table());
        }
      }
    }
  }

  private void merge(Change change, Stamp stamp, Causality causality, boolean waited) {
    TableAccess access =
        catalog
            .find(change.table())
            .orElseThrow(() -> new IllegalStateException("no table " + change.table()));
    userTriggers.suspend(access);
    clock.merge(stamp.hlc());
    Incoming incoming = Incoming.of(change, stamp, access.table(), waited);
    ShadowRow before = before(access, incoming.key());
    finders
        .computeIfAbsent(access.table(), table -> new ConflictFinder(access, stores))
        .record(before, incoming, causality, nowMillis);
    applier(access).apply(before, incoming, nowMillis);
  }

  private ShadowRow before(TableAccess access, RowKey key) {
    boolean open = takingIn.computeIfAbsent(access.table(), genesis::isTakingIn);
    return open ? genesis.met(access, key) : access.shadows().find(key);
  }

  private RowApplier applier(TableAccess access) {
    return rows.computeIfAbsent(
        access.table(), table -> new RowApplier(access, stores.log(), stores.aside(), digest));
  }
}
