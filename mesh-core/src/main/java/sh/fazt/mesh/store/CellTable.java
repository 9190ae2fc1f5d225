package sh.fazt.mesh.store;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.change.RowKey;
import sh.fazt.mesh.clock.Hlc;
import sh.fazt.mesh.clock.Stamp;
import sh.fazt.mesh.crdt.MergedCell;
import sh.fazt.mesh.schema.TrackedTable;
import sh.fazt.mesh.schema.Value;

/**
 * The merged state of the cells that operations were made on, beside their rows' shadows. Confined.
 */
public final class CellTable {
  private final Database database;
  private final SiteBook sites;
  private boolean empty;

  /** For one transaction: that the table is empty is asked once. */
  public CellTable(Database database, SiteBook sites) {
    this.database = database;
    this.sites = sites;
    this.empty = database.first("SELECT 1 FROM _mesh_cell").isEmpty();
  }

  /** A cell, if it is kept. */
  public Optional<MergedCell> find(TrackedTable table, RowKey key, int column) {
    return empty ? Optional.empty() : Optional.ofNullable(ofRow(table, key).get(column));
  }

  /** The cells of a row that are kept, by column number. */
  public Map<Integer, MergedCell> ofRow(TrackedTable table, RowKey key) {
    Map<Integer, MergedCell> cells = new TreeMap<>();
    if (empty) {
      return cells;
    }
    String sql = "SELECT col, state FROM _mesh_cell WHERE tbl = ? AND key = ?";
    try (Rows rows = database.query(sql, Value.of(table.number()), Value.of(key.encoded()))) {
      while (rows.next()) {
        cells.put((int) rows.integer(0), decoded(rows.blob(1)));
      }
    }
    return cells;
  }

  /** Keeps a cell in place of what was kept of it, or drops it if nothing is left. */
  public void put(TrackedTable table, RowKey key, int column, MergedCell cell) {
    Value number = Value.of(table.number());
    Value encoded = Value.of(key.encoded());
    if (cell.isEmpty()) {
      database.execute(
          "DELETE FROM _mesh_cell WHERE tbl = ? AND key = ? AND col = ?",
          number,
          encoded,
          Value.of(column));
    } else {
      empty = false;
      database.execute(
          """
          INSERT INTO _mesh_cell (tbl, key, col, state) VALUES (?, ?, ?, ?)
          ON CONFLICT (tbl, key, col) DO UPDATE SET state = excluded.state""",
          number,
          encoded,
          Value.of(column),
          Value.of(encoded(cell)));
    }
  }

  /** Drops the cells of a row that belong to lives which ended. */
  public void after(TrackedTable table, RowKey key, Stamp dead) {
    ofRow(table, key)
        .forEach(
            (column, cell) -> {
              cell.after(dead);
              put(table, key, column, cell);
            });
  }

  private Bytes encoded(MergedCell cell) {
    ByteWriter out = new ByteWriter(64);
    cell.writeTo(
        out, (to, stamp) -> to.varint(sites.number(stamp.site())).u64(stamp.hlc().packed()));
    return out.toBytes();
  }

  private MergedCell decoded(Bytes encoded) {
    try {
      ByteReader in = new ByteReader(encoded);
      MergedCell cell = MergedCell.readFrom(in, this::stamp);
      in.end();
      return cell;
    } catch (MalformedException e) {
      throw new IllegalStateException("a stored cell is malformed: " + encoded, e);
    }
  }

  private Stamp stamp(ByteReader in) throws MalformedException {
    int site = in.count("site", Integer.MAX_VALUE);
    return new Stamp(new Hlc(in.u64()), sites.site(site));
  }
}
