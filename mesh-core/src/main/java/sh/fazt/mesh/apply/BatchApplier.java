package sh.fazt.mesh.apply;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import sh.fazt.mesh.apply.IncomingDeletes.Placed;
import sh.fazt.mesh.apply.IncomingDeletes.Purges;
import sh.fazt.mesh.capture.Catalog;
import sh.fazt.mesh.capture.GenesisRows;
import sh.fazt.mesh.change.Batch;
import sh.fazt.mesh.change.Change;
import sh.fazt.mesh.change.RowKey;
import sh.fazt.mesh.clock.HybridClock;
import sh.fazt.mesh.clock.Stamp;
import sh.fazt.mesh.crdt.CellState;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.projection.Claim;
import sh.fazt.mesh.projection.ShadowRow;
import sh.fazt.mesh.projection.ValueDigest;
import sh.fazt.mesh.schema.TrackedTable;
import sh.fazt.mesh.store.ChangeLog;
import sh.fazt.mesh.store.ParkedTable.Parked;
import sh.fazt.mesh.store.TableAccess;

/**
 * Shows delivered batches: each change is merged into its row, or parked. One use, within one write
 * transaction.
 */
final class BatchApplier {
  private final ApplyStores stores;
  private final Catalog catalog;
  private final UserTriggers userTriggers;
  private final GenesisRows genesis;
  private final HybridClock clock;
  private final ValueDigest digest;
  private final long nowMillis;
  private final Obstacles obstacles;
  private final IncomingDeletes deletes;
  private final Map<TrackedTable, RowApplier> rows = new HashMap<>();
  private final Map<TrackedTable, ConflictFinder> finders = new HashMap<>();
  private final Map<TrackedTable, Boolean> takingIn = new HashMap<>();

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
    this.deletes = new IncomingDeletes(stores.counts(), stores.log(), catalog, obstacles);
  }

  /**
   * Shows the changes of a batch, from one place on, for as long as {@code more} says so.
   *
   * @param held the deletes that wait
   * @return the place of the first change that is not shown
   */
  int show(ChangeLog.Logged logged, int from, Purges held, BooleanSupplier more) {
    Causality causality = Causality.of(logged, stores.branches());
    int end = logged.content().changes().size();
    int position = from;
    while (position < end && more.getAsBoolean()) {
      show(new Placed(logged, position), causality, held, false);
      position++;
    }
    tally(logged);
    return position;
  }

  /**
   * Merges a change, or parks it, or both.
   *
   * @param waited whether it was parked before
   */
  void show(Placed placed, Causality causality, Purges held, boolean waited) {
    Change change = placed.change();
    Optional<Parked> obstacle =
        obstacles.of(placed.logged().number(), placed.position(), change, held.by(placed.site()));
    obstacle.ifPresent(stores.parked()::put);
    if (obstacle.isEmpty() || Obstacles.isPartial(obstacle.get())) {
      merge(change, placed.stamp(), causality, waited);
    }
  }

  /** Counts what was deleted since this was last asked, for the author of a batch. */
  void tally(ChangeLog.Logged logged) {
    SiteId site = logged.content().header().dot().site();
    long atMillis = logged.content().header().high().millis();
    rows.forEach(
        (table, applier) -> {
          RowApplier.Tally tally = applier.takeTally();
          stores.counts().passed(table, site, atMillis, tally.went(), tally.came());
          stores.counts().shrunk(table, tally.went());
        });
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

  /** The stores of this transaction. */
  ApplyStores stores() {
    return stores;
  }

  /** What finds mass deletes. */
  IncomingDeletes deletes() {
    return deletes;
  }

  /** Deletes a row of the application's, if it is there. */
  void takeOut(TableAccess access, RowKey key) {
    userTriggers.suspend(access);
    access.rows().delete(key);
  }

  /** Tries again to show one row that is set aside. */
  void retryAside(TableAccess access, RowKey key) {
    userTriggers.suspend(access);
    applier(access).retry(key, nowMillis);
  }

  /**
   * Shows a row as the change log has it.
   *
   * @return false if the row is no longer as it was judged
   */
  boolean mend(RowProof proof) {
    Optional<TableAccess> access = catalog.find(proof.table());
    boolean same =
        access
            .map(each -> each.shadows().find(proof.key()).merged().equals(proof.found()))
            .orElse(false);
    if (same) {
      userTriggers.suspend(access.get());
      applier(access.get()).mend(proof, nowMillis);
    }
    return same;
  }

  /** Merges a row of a snapshot, and finds what it beats or loses to unseen. */
  void take(TableAccess access, SnapshotRow row) {
    ShadowRow before = before(access, row.key());
    if (row.cells().isEmpty() && before.merged().join(row.state()).equals(before.merged())) {
      return;
    }
    userTriggers.suspend(access);
    row.state().latest().ifPresent(stamp -> clock.merge(stamp.hlc()));
    ConflictFinder finder =
        finders.computeIfAbsent(access.table(), table -> new ConflictFinder(access, stores));
    for (Incoming piece : row.pieces(access.table())) {
      finder.record(before, piece, Causality.ofWrite(piece.stamp(), stores.branches()), nowMillis);
    }
    applier(access).take(before, row, nowMillis);
    if (!before.merged().join(row.state()).isAlive()) {
      stores.counts().held().remove(access.table(), row.key());
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

  /**
   * Tries again to show rows of a table that a rule of it kept out, the oldest claim first.
   *
   * @return whether some are shown now, so that others may fit
   */
  boolean retryAside(TableAccess access, List<RowKey> keys) {
    RowApplier applier = applier(access);
    if (!keys.isEmpty()) {
      userTriggers.suspend(access);
    }
    Map<RowKey, Claim> claims = new HashMap<>();
    keys.forEach(key -> applier.claim(key).ifPresent(claim -> claims.put(key, claim)));
    List<RowKey> oldestFirst = new ArrayList<>(keys);
    oldestFirst.sort(
        Comparator.comparing(claims::get, Comparator.nullsFirst(Comparator.naturalOrder())));
    boolean again = false;
    for (RowKey key : oldestFirst) {
      boolean unsent = access.shadows().find(key).unsent();
      boolean back = applier.retry(key, nowMillis);
      again |= back;
      if (back && unsent) {
        genesis.again(access.table());
      }
    }
    return again;
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
    if (change instanceof Change.Delete && !before.merged().join(incoming.state()).isAlive()) {
      // What another has deleted meanwhile waits for nobody, and may be made anew.
      stores.counts().held().remove(access.table(), incoming.key());
    }
  }

  ShadowRow before(TableAccess access, RowKey key) {
    boolean open = takingIn.computeIfAbsent(access.table(), genesis::isTakingIn);
    return open ? genesis.met(access, key) : access.shadows().find(key);
  }

  RowApplier applier(TableAccess access) {
    return rows.computeIfAbsent(access.table(), table -> new RowApplier(access, stores, digest));
  }
}
