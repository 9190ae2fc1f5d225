package sh.fazt.mesh.apply;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sh.fazt.mesh.capture.Catalog;
import sh.fazt.mesh.change.Batch;
import sh.fazt.mesh.change.Cell;
import sh.fazt.mesh.change.Change;
import sh.fazt.mesh.change.RowKey;
import sh.fazt.mesh.clock.Dot;
import sh.fazt.mesh.clock.HybridClock;
import sh.fazt.mesh.clock.Stamp;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.projection.ShadowRow;
import sh.fazt.mesh.projection.ValueDigest;
import sh.fazt.mesh.schema.TrackedTable;
import sh.fazt.mesh.store.AsideTable;
import sh.fazt.mesh.store.ChangeLog;
import sh.fazt.mesh.store.ConflictTable;
import sh.fazt.mesh.store.ParkedTable;
import sh.fazt.mesh.store.ParkedTable.Parked;
import sh.fazt.mesh.store.ParkedTable.Reason;
import sh.fazt.mesh.store.SiteBook;
import sh.fazt.mesh.store.TableAccess;

/**
 * Shows delivered batches: each change is merged into its row, or parked. One use, within one write
 * transaction.
 */
final class BatchApplier {
  private static final int ASIDE_RETRIES_MAX = 1_000;

  private final ApplyStores stores;
  private final Catalog catalog;
  private final UserTriggers userTriggers;
  private final HybridClock clock;
  private final ValueDigest digest;
  private final long nowMillis;
  private final Map<TrackedTable, RowApplier> rows = new HashMap<>();
  private final Map<TrackedTable, ConflictFinder> finders = new HashMap<>();

  /** The tables of the mesh's own that applying writes to. */
  record ApplyStores(
      SiteBook sites,
      ChangeLog log,
      ParkedTable parked,
      AsideTable aside,
      ConflictTable conflicts) {}

  BatchApplier(
      ApplyStores stores,
      Catalog catalog,
      UserTriggers userTriggers,
      HybridClock clock,
      ValueDigest digest,
      long nowMillis) {
    this.stores = stores;
    this.catalog = catalog;
    this.userTriggers = userTriggers;
    this.clock = clock;
    this.digest = digest;
    this.nowMillis = nowMillis;
  }

  /** Shows what is delivered and not yet shown of a site, as far as its transactions are whole. */
  void showDelivered(SiteId site) {
    SiteBook.Progress progress = stores.sites().progress(site);
    Causality causality = new Causality(site, stores.sites().seenBy(site));
    long seq = progress.shownSeq() + 1;
    Optional<Long> end = stores.log().endOfTransaction(site, seq);
    while (end.isPresent()) {
      for (; seq <= end.get(); seq++) {
        Dot dot = new Dot(site, seq);
        stores.log().find(dot).ifPresent(logged -> apply(logged, causality));
      }
      stores.sites().shown(site, end.get());
      end = stores.log().endOfTransaction(site, seq);
    }
  }

  private void apply(ChangeLog.Logged logged, Causality causality) {
    List<Change> changes = logged.batch().changes();
    for (int i = 0; i < changes.size(); i++) {
      Change change = changes.get(i);
      Stamp stamp = logged.batch().stampOf(change);
      Optional<Parked> obstacle = obstacle(logged.number(), i, change);
      obstacle.ifPresent(stores.parked()::put);
      boolean merges = obstacle.isEmpty() || isPartial(obstacle.get());
      if (merges) {
        merge(change, stamp, causality);
      }
    }
  }

  /** Looks again at changes that were parked; those that fit now are merged. */
  void retry(List<Parked> parked) {
    for (Parked each : parked) {
      Optional<ChangeLog.Logged> logged = stores.log().find(each.batch());
      if (logged.isPresent()) {
        Batch batch = logged.get().batch();
        Change change = batch.changes().get(each.position());
        Optional<Parked> obstacle = obstacle(each.batch(), each.position(), change);
        if (obstacle.isEmpty()) {
          stores.parked().remove(each);
          SiteId site = batch.header().dot().site();
          merge(change, batch.stampOf(change), new Causality(site, stores.sites().seenBy(site)));
        }
      }
    }
  }

  /** Tries again to show the rows that a rule of their table kept out. */
  void retryAside() {
    if (stores.aside().count() == 0) {
      return;
    }
    for (TableAccess access : catalog.tables()) {
      List<RowKey> keys = stores.aside().keys(access.table(), ASIDE_RETRIES_MAX);
      if (!keys.isEmpty()) {
        userTriggers.suspend(access);
        keys.forEach(applier(access)::withdraw);
        keys.forEach(key -> applier(access).retry(key, nowMillis));
      }
    }
  }

  private static boolean isPartial(Parked parked) {
    return parked.reason() == Reason.UNKNOWN_COLUMN
        || parked.reason() == Reason.UNKNOWN_COLUMN_TYPE;
  }

  private Optional<Parked> obstacle(long batch, int position, Change change) {
    long due = change.hlc().millis() - HybridClock.AHEAD_MAX_MILLIS;
    if (due > nowMillis) {
      return parked(batch, position, change, Reason.FROM_THE_FUTURE, "", due);
    }
    Optional<TableAccess> access = catalog.find(change.table());
    if (access.isEmpty()) {
      return parked(batch, position, change, Reason.UNKNOWN_TABLE, change.table(), 0);
    }
    TrackedTable table = access.get().table();
    if (change.key().values().size() != table.shape().key().size()) {
      return parked(batch, position, change, Reason.OTHER_KEY, change.table(), 0);
    }
    for (Cell cell : change.cells()) {
      if (table.column(cell.column()).isEmpty()) {
        return parked(batch, position, change, Reason.UNKNOWN_COLUMN, cell.column(), 0);
      } else if (cell.type() != Cell.LWW) {
        return parked(batch, position, change, Reason.UNKNOWN_COLUMN_TYPE, cell.column(), 0);
      }
    }
    return Optional.empty();
  }

  private static Optional<Parked> parked(
      long batch, int position, Change change, Reason reason, String detail, long due) {
    return Optional.of(new Parked(batch, position, change.table(), reason, detail, due));
  }

  private void merge(Change change, Stamp stamp, Causality causality) {
    TableAccess access =
        catalog
            .find(change.table())
            .orElseThrow(() -> new IllegalStateException("no table " + change.table()));
    userTriggers.suspend(access);
    clock.merge(stamp.hlc());
    ShadowRow before = access.shadows().find(change.key());
    Incoming incoming = Incoming.of(change, stamp, access.table());
    finders
        .computeIfAbsent(
            access.table(), table -> new ConflictFinder(access, stores.conflicts(), digest))
        .record(before, incoming, causality, nowMillis);
    applier(access).apply(before, incoming, nowMillis);
  }

  private RowApplier applier(TableAccess access) {
    return rows.computeIfAbsent(
        access.table(), table -> new RowApplier(access, stores.log(), stores.aside(), digest));
  }
}
