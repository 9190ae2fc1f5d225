package sh.fazt.mesh.apply;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import sh.fazt.mesh.capture.Catalog;
import sh.fazt.mesh.schema.TrackedTable;
import sh.fazt.mesh.store.Database;
import sh.fazt.mesh.store.TableAccess;
import sh.fazt.mesh.store.TriggerTable;

/*
 * A peer's rows arrive with the effects of its triggers as rows of their own; were the triggers to
 * fire again, two nodes would answer each other for ever. They are dropped and made again within the
 * one transaction, so no other connection ever misses them.
 */
/** Takes the application's triggers out of the way while a peer's rows are written. One use. */
final class UserTriggers {
  private final TriggerTable triggers;
  private final Catalog catalog;
  private final Map<TrackedTable, List<TriggerTable.Trigger>> suspended = new LinkedHashMap<>();

  UserTriggers(Database database, Catalog catalog) {
    this.triggers = new TriggerTable(database);
    this.catalog = catalog;
  }

  /** Drops the application's triggers on the table, once. */
  void suspend(TableAccess access) {
    if (suspended.containsKey(access.table())) {
      return;
    }
    List<TriggerTable.Trigger> theirs =
        triggers.of(access.table().name()).stream().filter(t -> !t.isOurs()).toList();
    theirs.forEach(trigger -> triggers.drop(trigger.name()));
    suspended.put(access.table(), theirs);
  }

  /** Makes the dropped triggers again, in their order, and ours after them. */
  void restore() {
    boolean moved = false;
    for (Map.Entry<TrackedTable, List<TriggerTable.Trigger>> entry : suspended.entrySet()) {
      entry.getValue().forEach(trigger -> triggers.create(trigger.sql()));
      if (!entry.getValue().isEmpty()) {
        catalog.triggers().ensure(entry.getKey());
        moved = true;
      }
    }
    if (moved) {
      catalog.accept();
    }
  }
}
