package sh.fazt.mesh.store;

import java.util.Optional;
import sh.fazt.mesh.change.Batch;
import sh.fazt.mesh.change.Cell;
import sh.fazt.mesh.change.Change;
import sh.fazt.mesh.change.RowKey;
import sh.fazt.mesh.clock.Stamp;
import sh.fazt.mesh.crdt.MergedCell;
import sh.fazt.mesh.schema.Column;
import sh.fazt.mesh.schema.Identifier;
import sh.fazt.mesh.schema.TrackedTable;
import sh.fazt.mesh.schema.Value;

/** The values in a change log, found by the stamps of the writes that gave them. Confined. */
public final class LoggedValues {
  private final Database database;
  private final SiteBook sites;
  private final ChangeLog log;

  LoggedValues(Database database, SiteBook sites, ChangeLog log) {
    this.database = database;
    this.sites = sites;
    this.log = log;
  }

  /**
   * The value that the write at {@code stamp} gave a cell.
   *
   * <p>Whatever is merged but not in the tables is found this way: a batch that gave such a value
   * is never trimmed.
   */
  public Optional<Value> at(Stamp stamp, TrackedTable table, RowKey key, Column column) {
    return at(stamp, table, key, column.name());
  }

  /** The same, of a column that the table may have no more. */
  public Optional<Value> at(Stamp stamp, TrackedTable table, RowKey key, String column) {
    boolean genesis = stamp.hlc().isGenesis();
    // Along a chain real stamps grow, so one batch of it can hold a given one; all genesis rows of
    // a
    // site have one stamp. Where a stamp stands twice the higher hash of the batch decides.
    String which =
        genesis
            ? """
              SELECT id, hash FROM _mesh_batch WHERE site = ?1 AND genesis = 1 UNION ALL
              SELECT carrier, hash FROM _mesh_carried WHERE site = ?1 AND genesis = 1
              ORDER BY 2 DESC"""
            : """
              SELECT id, hash FROM (SELECT id, hash FROM _mesh_batch
                WHERE site = ?1 AND low <= ?2 ORDER BY low DESC LIMIT 1) UNION ALL
              SELECT carrier, hash FROM _mesh_carried
                WHERE site = ?1 AND low <= ?2 AND high >= ?2
              ORDER BY 2 DESC""";
    Value site = sites.find(stamp.site());
    Value hlc = StoredHlc.value(stamp.hlc());
    Value[] arguments = genesis ? new Value[] {site} : new Value[] {site, hlc};
    try (Rows rows = database.query(which, arguments)) {
      while (rows.next()) {
        Optional<Value> value =
            log.find(rows.integer(0))
                .map(ChangeLog.Logged::content)
                .flatMap(batch -> valueIn(batch, stamp, table, key, column));
        if (value.isPresent()) {
          return value;
        }
      }
    }
    return merged(table, key, column);
  }

  /** What operations have come to: no batch holds that. */
  private Optional<Value> merged(TrackedTable table, RowKey key, String column) {
    Integer number = table.columnNumbers().get(Identifier.folded(column));
    return number == null
        ? Optional.empty()
        : new CellTable(database, sites)
            .find(table, key, number)
            .filter(MergedCell::isMerging)
            .flatMap(MergedCell::shown);
  }

  /** When the write at {@code stamp} came to be here, Unix milliseconds; 0 if it did not. */
  public long arrivedAtMillis(Stamp stamp) {
    return database.scalar(
        """
        SELECT coalesce(max(received_at), 0) FROM (
          SELECT received_at FROM (SELECT received_at FROM _mesh_batch
            WHERE site = ?1 AND low <= ?2 ORDER BY low DESC LIMIT 1) UNION ALL
          SELECT b.received_at FROM _mesh_carried AS c JOIN _mesh_batch AS b ON b.id = c.carrier
            WHERE c.site = ?1 AND c.low <= ?2 AND c.high >= ?2)""",
        sites.find(stamp.site()),
        StoredHlc.value(stamp.hlc()));
  }

  /** The last value that the batch gives the cell at that stamp. */
  private static Optional<Value> valueIn(
      Batch batch, Stamp stamp, TrackedTable table, RowKey key, String column) {
    Optional<Value> value = Optional.empty();
    for (Change change : batch.changes()) {
      if (change.hlc().equals(stamp.hlc())
          && Identifier.same(change.table(), table.name())
          && table.shape().folded(change.key().values()).equals(key.values())) {
        Optional<Value> given = valueOf(change, column);
        value = given.isPresent() ? given : value;
      }
    }
    return value;
  }

  private static Optional<Value> valueOf(Change change, String column) {
    return change.cells().stream()
        .filter(cell -> cell.type() == Cell.LWW && Identifier.same(cell.column(), column))
        .map(Cell::value)
        .findFirst();
  }
}
