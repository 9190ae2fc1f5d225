package sh.fazt.mesh.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import sh.fazt.mesh.change.RowKey;
import sh.fazt.mesh.fingerprint.RowDigest;
import sh.fazt.mesh.schema.Identifier;
import sh.fazt.mesh.schema.TrackedTable;
import sh.fazt.mesh.schema.Value;

/** Finds the keys of rows by their ids, in a table and among its shadows. Confined. */
public final class KeyScan {
  private static final int PAGE_ROWS = 10_000;

  private final Database database;
  private final TrackedTable table;
  private final RowDigest digest;

  public KeyScan(Database database, TrackedTable table, RowDigest digest) {
    this.database = database;
    this.table = table;
    this.digest = digest;
  }

  /** Tells of each row whose id is among {@code ids}; it may tell of one twice. */
  public void find(List<Long> ids, BiConsumer<Long, RowKey> found) {
    Set<Long> wanted = new TreeSet<>(ids);
    int size = table.shape().key().size();
    scan(
        RowSql.names(table.shape().key(), ""),
        RowSql.ordered(table.shape().key(), ""),
        Identifier.quoted(table.name()) + " WHERE " + RowSql.keyIsThere(table.shape().key()),
        wanted,
        found);
    String keys = RowSql.keys(size, "");
    scan(keys, keys, table.shadow() + " WHERE 1", wanted, found);
  }

  private void scan(
      String names, String order, String from, Set<Long> wanted, BiConsumer<Long, RowKey> found) {
    int size = table.shape().key().size();
    List<Value> after = List.of();
    int count;
    do {
      String sql =
          "SELECT %s FROM %s%s ORDER BY %s LIMIT %s"
              .formatted(
                  names,
                  from,
                  after.isEmpty()
                      ? ""
                      : " AND (" + order + ") > (" + RowSql.parameters(after) + ")",
                  order,
                  PAGE_ROWS);
      count = 0;
      List<Value> last = new ArrayList<>();
      try (Rows rows = database.query(sql, after.toArray(Value[]::new))) {
        while (rows.next()) {
          count++;
          List<Value> values = TouchedLog.values(rows, 0, size);
          last = values;
          if (table.shape().names(values)) {
            RowKey key = new RowKey(table.shape().folded(values));
            long id = digest.id(key.encoded());
            if (wanted.contains(id)) {
              found.accept(id, key);
            }
          }
        }
      }
      after = last;
    } while (count == PAGE_ROWS);
  }
}
