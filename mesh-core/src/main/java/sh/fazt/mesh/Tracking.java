package sh.fazt.mesh;

import java.util.Set;
import sh.fazt.mesh.capture.Catalog;
import sh.fazt.mesh.schema.ReplicationPlan;
import sh.fazt.mesh.schema.TableShape;
import sh.fazt.mesh.store.TableAccess;

/** Begins and ends the replication of tables; inside a write transaction. */
final class Tracking {
  private final Catalog catalog;

  Tracking(Catalog catalog) {
    this.catalog = catalog;
  }

  void track(Set<String> tables, boolean evenPrivate) {
    for (String name : tables) {
      TableShape shape = ReplicationPlan.require(name, catalog.schema().tables(), evenPrivate);
      catalog.book().add(shape.name());
    }
    readAgain();
  }

  void untrack(Set<String> tables) {
    for (String name : tables) {
      catalog.find(name).map(TableAccess::table).ifPresent(catalog.held()::clear);
      catalog.triggers().remove(catalog.book().number(name));
      catalog.book().remove(name);
    }
    readAgain();
  }

  private void readAgain() {
    catalog.forget();
    catalog.refresh();
  }
}
