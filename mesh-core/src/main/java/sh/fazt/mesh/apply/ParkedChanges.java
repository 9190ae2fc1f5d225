package sh.fazt.mesh.apply;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import sh.fazt.mesh.apply.IncomingDeletes.Placed;
import sh.fazt.mesh.apply.IncomingDeletes.Purges;
import sh.fazt.mesh.capture.Catalog;
import sh.fazt.mesh.change.RowKey;
import sh.fazt.mesh.clock.HybridClock;
import sh.fazt.mesh.crdt.RowState;
import sh.fazt.mesh.projection.ShadowRow;
import sh.fazt.mesh.projection.Shown;
import sh.fazt.mesh.schema.Value;
import sh.fazt.mesh.store.ChangeLog;
import sh.fazt.mesh.store.ParkedTable.Parked;
import sh.fazt.mesh.store.TableAccess;

/** Looks again at changes that were parked. One use, within one write transaction. */
final class ParkedChanges {
  private final BatchApplier applier;
  private final ApplyStores stores;
  private final Catalog catalog;
  private final HybridClock clock;
  private final long nowMillis;

  ParkedChanges(BatchApplier applier, Catalog catalog, HybridClock clock, long nowMillis) {
    this.applier = applier;
    this.stores = applier.stores();
    this.catalog = catalog;
    this.clock = clock;
    this.nowMillis = nowMillis;
  }

  /** Shows each parked change with its place in the change log. */
  static void each(ChangeLog log, List<Parked> parked, BiConsumer<Parked, Placed> consumer) {
    Optional<ChangeLog.Logged> logged = Optional.empty();
    for (Parked each : parked) {
      if (logged.isEmpty() || logged.get().number() != each.batch()) {
        logged = log.find(each.batch());
      }
      logged.ifPresent(found -> consumer.accept(each, new Placed(found, each.position())));
    }
  }

  /** What fits now is merged, and what still waits stays, for the reason of now. */
  void retry(List<Parked> parked) {
    IncomingDeletes.Changes changes =
        consumer -> each(stores.log(), parked, (place, placed) -> consumer.accept(placed));
    retry(parked, applier.deletes().held(changes));
  }

  /** As {@link #retry}, mass deletes or not. */
  void allow(List<Parked> parked) {
    retry(parked, Purges.NONE);
  }

  private void retry(List<Parked> parked, Purges held) {
    each(
        stores.log(),
        parked,
        (place, placed) -> {
          stores.parked().remove(place);
          applier.show(placed, Causality.of(placed.logged(), stores.branches()), held, true);
          applier.tally(placed.logged());
        });
  }

  /**
   * Merges deletes and keeps their rows: the tables have what the mesh has not, as if the
   * application had made the rows anew. A row that lives on without that is merged as any.
   */
  void refuse(List<Parked> parked) {
    each(
        stores.log(),
        parked,
        (place, placed) -> {
          Optional<TableAccess> access = catalog.find(placed.change().table());
          if (access.isPresent() && keepsRow(access.get(), placed)) {
            stores.parked().remove(place);
          } else {
            allow(List.of(place));
          }
        });
  }

  private boolean keepsRow(TableAccess access, Placed placed) {
    Incoming incoming = Incoming.of(placed.change(), placed.stamp(), access.table(), true);
    ShadowRow row = applier.before(access, incoming.key());
    RowState merged = row.merged().join(incoming.state());
    boolean keeps = row.shown().present() && !merged.isAlive();
    if (keeps) {
      clock.merge(placed.stamp().hlc());
      access.shadows().put(incoming.key(), new ShadowRow(merged, Shown.ABSENT, row.unsent()));
      access.touched().add(List.of(incoming.key()), nowMillis);
    }
    return keeps;
  }

  /** Takes a row out of its table, whatever the application has made of it. */
  void takeOut(TableAccess access, RowKey key) {
    ShadowRow row = access.shadows().find(key);
    applier.takeOut(access, key);
    access.shadows().put(key, new ShadowRow(row.merged(), Shown.ABSENT, row.unsent()));
  }

  /** Has a row that was taken out show what is merged, from the change log. */
  void putBack(TableAccess access, RowKey key) {
    if (access.shadows().find(key).merged().isAlive()) {
      stores.aside().put(access.table(), key, new TreeMap<>(), "", nowMillis);
      applier.retryAside(access, key);
    }
  }

  /** Puts a living row that is not in its table back into it, or sets it aside. */
  void bringBack(TableAccess access, RowKey key, SortedMap<Integer, Value> cells) {
    ShadowRow row = access.shadows().find(key);
    if (row.merged().isAlive() && row.shown().present()) {
      access.shadows().put(key, new ShadowRow(row.merged(), Shown.ABSENT, row.unsent()));
      stores.aside().put(access.table(), key, cells, "", nowMillis);
      applier.retryAside(access, key);
    }
  }
}
