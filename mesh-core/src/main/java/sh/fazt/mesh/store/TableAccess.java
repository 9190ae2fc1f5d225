package sh.fazt.mesh.store;

import sh.fazt.mesh.schema.TrackedTable;

/** A tracked table with everything that reads and writes it. Confined. */
public record TableAccess(
    TrackedTable table,
    UserTable rows,
    ShadowTable shadows,
    TouchedLog touched,
    TouchedOrder order) {

  public static TableAccess of(Database database, TrackedTable table, SiteBook sites) {
    ShadowTable shadows = new ShadowTable(database, table, sites);
    TouchedLog touched = new TouchedLog(database, table, shadows);
    return new TableAccess(
        table,
        new UserTable(database, table, shadows),
        shadows,
        touched,
        new TouchedOrder(database, table, touched));
  }
}
