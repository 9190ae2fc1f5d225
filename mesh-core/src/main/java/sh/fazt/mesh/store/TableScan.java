package sh.fazt.mesh.store;

import java.util.ArrayList;
import java.util.List;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.change.RowKey;
import sh.fazt.mesh.schema.Column;
import sh.fazt.mesh.schema.Identifier;
import sh.fazt.mesh.schema.TableShape;
import sh.fazt.mesh.schema.Value;

/** Reads a table from its first key to its last, whether it replicates or not. Confined. */
public final class TableScan {
  private static final int DIGEST_BYTES = 16;

  private final Database database;
  private final TableShape shape;
  private List<Value> after = List.of();

  public TableScan(Database database, TableShape shape) {
    this.database = database;
    this.shape = shape;
  }

  /**
   * A row in brief, equal on every node that has the same.
   *
   * @param key 16 bytes of the key's SHA-256
   * @param digest 16 bytes of the SHA-256 of all other values under their columns' names
   */
  public record RowDigest(Bytes key, Bytes digest) {}

  /** The next rows, empty at the end. */
  public List<RowDigest> next(int limit) {
    List<Column> key = shape.key();
    String notNull =
        RowSql.joined(
            key.size(), i -> Identifier.quoted(key.get(i).name()) + " IS NOT NULL", " AND ");
    String beyond =
        after.isEmpty()
            ? ""
            : " AND (%s) > (%s)".formatted(RowSql.ordered(key, ""), RowSql.parameters(after));
    String sql =
        "SELECT %s FROM %s WHERE %s%s ORDER BY %s LIMIT %s"
            .formatted(
                RowSql.names(shape.allColumns(), ""),
                Identifier.quoted(shape.name()),
                notNull,
                beyond,
                RowSql.ordered(key, ""),
                limit);
    List<RowDigest> digests = new ArrayList<>();
    try (Rows rows = database.query(sql, after.toArray(Value[]::new))) {
      while (rows.next()) {
        RowKey rowKey = new RowKey(shape.folded(TouchedLog.values(rows, 0, key.size())));
        digests.add(new RowDigest(brief(rowKey.encoded()), brief(content(rows))));
        after = rowKey.values();
      }
    }
    return digests;
  }

  private Bytes content(Rows rows) {
    ByteWriter out = new ByteWriter();
    for (int i = 0; i < shape.columns().size(); i++) {
      out.text(shape.columns().get(i).name());
      rows.value(shape.key().size() + i).writeTo(out);
    }
    return out.toBytes();
  }

  private static Bytes brief(Bytes content) {
    return Hash.of(content).value().slice(0, DIGEST_BYTES);
  }

  public long count() {
    return database.scalar("SELECT count(*) FROM " + Identifier.quoted(shape.name()));
  }
}
