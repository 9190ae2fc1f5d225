package sh.fazt.mesh.fingerprint;

import java.security.DigestException;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.clock.Stamp;
import sh.fazt.mesh.crdt.CellState;
import sh.fazt.mesh.crdt.RowState;
import sh.fazt.mesh.schema.Value;

/**
 * Brings the rows of one table to bytes that are the same on every node, and digests these. Numbers
 * of tables, columns and sites are a node's own and do not come in; text is UTF-8. Confined.
 */
public final class RowDigest {
  private static final int ALIVE = 1;
  private static final int DEAD = 1 << 1;

  private static final int UNWRITTEN = 0;
  private static final int INSERTED = 1;
  private static final int WRITTEN = 2;

  private final MessageDigest sha256 = Hash.sha256();
  private final Bytes table;
  private final List<Integer> columns;
  private final byte[] key = new byte[Hash.SIZE];
  private final byte[] content = new byte[Hash.SIZE];
  private final byte[] lastDigest = new byte[Hash.SIZE];
  private Bytes last = Bytes.EMPTY;

  /**
   * @param table its folded name
   * @param columns the numbers here of the columns of the plan, in its order
   */
  public RowDigest(String table, List<Integer> columns) {
    this.table = new ByteWriter().text(table).toBytes();
    this.columns = List.copyOf(columns);
  }

  /** The id of the row with that encoded key. */
  public long id(Bytes encodedKey) {
    hashKey(encodedKey);
    return StateSet.id(key);
  }

  private void hashKey(Bytes encodedKey) {
    sha256.update(table.unsafeArray());
    sha256.update(encodedKey.unsafeArray());
    finish(key);
  }

  private void finish(byte[] into) {
    try {
      sha256.digest(into, 0, Hash.SIZE);
    } catch (DigestException e) {
      throw new IllegalStateException("SHA-256 has 32 bytes", e);
    }
  }

  /**
   * The merged state of a row in brief: which stamps there are (u8), those of life and death; per
   * column how it was written: not at all, by the insert alone, or by a count of writes.
   */
  public Bytes merged(RowState state) {
    ByteWriter out = new ByteWriter(128);
    Optional<Stamp> alive = state.alive();
    Optional<Stamp> dead = state.dead();
    out.u8((alive.isPresent() ? ALIVE : 0) | (dead.isPresent() ? DEAD : 0));
    alive.ifPresent(stamp -> write(out, stamp));
    dead.ifPresent(stamp -> write(out, stamp));
    Optional<CellState> insert = alive.map(stamp -> CellState.of(stamp, stamp));
    for (int column : columns) {
      Optional<CellState> cell = state.cell(column);
      if (cell.isEmpty()) {
        out.u8(UNWRITTEN);
      } else if (cell.equals(insert)) {
        out.u8(INSERTED);
      } else {
        out.u8(WRITTEN).varint(cell.get().writes().size());
        for (CellState.Write write : cell.get().writes()) {
          write(out, write.life());
          write(out, write.stamp());
        }
      }
    }
    return out.toBytes();
  }

  private static void write(ByteWriter out, Stamp stamp) {
    stamp.site().writeTo(out.u64(stamp.hlc().packed()));
  }

  /** Adds what is merged of a row. */
  public void addMerged(StateSet.Builder into, Bytes encodedKey, Bytes merged) {
    // Rows of one transaction mostly have the same, one after the other.
    if (!merged.equals(last)) {
      sha256.update(merged.unsafeArray());
      finish(lastDigest);
      last = merged;
    }
    hashKey(encodedKey);
    into.addMerged(key, lastDigest);
  }

  /** Adds what the table shows of a row: its values in the order of the plan. */
  public void addShown(StateSet.Builder into, Bytes encodedKey, List<Value> values) {
    hashKey(encodedKey);
    ByteWriter out = new ByteWriter(256);
    values.forEach(value -> value.writeTo(out));
    sha256.update(key);
    sha256.update(out.unsafeBuffer(), 0, out.size());
    finish(content);
    into.addShown(key, content);
  }
}
