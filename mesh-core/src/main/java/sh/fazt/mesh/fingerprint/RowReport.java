package sh.fazt.mesh.fingerprint;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.schema.Value;

/**
 * What a node says of one of its own rows, judged by its own change log.
 *
 * @param id as in {@link StateItem}
 * @param table the row's, by its place in the plan; −1 if the node knows of no such row
 * @param key the row's, encoded, or its beginning
 */
public record RowReport(long id, int table, Bytes key, Judgement judgement) {
  public RowReport {
    if (table < -1 || key.size() > StateLimits.KEY_BYTES_MAX) {
      throw new IllegalArgumentException("table " + table + ", key of " + key.size() + " bytes");
    }
  }

  /** How a row stands to the change log of its node. */
  public enum Judgement {
    /** The log, the shadow and the table agree. */
    AS_LOGGED(0),
    /** No batch in the log and no table of this node knows the row. */
    UNKNOWN(1),
    /** A change of the row is parked or held here. */
    WAITS(2),
    /** The row lives, and a rule of its table keeps it out. */
    SET_ASIDE(3),
    /**
     * The table cannot store the value as it was written, and shows it as its own rules have it.
     */
    BENT(4),
    /** The application has written to the row, and that is not taken in yet. */
    UNTAKEN(5),
    /** The shadow or the table shows something else than the log proves. */
    DAMAGED(6),
    /** The log does not hold what the row shows, so nothing can be proven. */
    UNPROVEN(7);

    private final int code;

    Judgement(int code) {
      this.code = code;
    }

    /** Whether a difference is no fault: it ends by itself, or by a person's decision. */
    public boolean explains() {
      return this == WAITS || this == SET_ASIDE || this == BENT || this == UNTAKEN;
    }
  }

  /** The values of the key; nothing if it was cut, or if a peer has told of none. */
  public Optional<List<Value>> values() {
    try {
      List<Value> values = new ArrayList<>();
      ByteReader in = new ByteReader(key);
      while (in.remaining() > 0) {
        values.add(Value.readFrom(in));
      }
      return values.isEmpty() ? Optional.empty() : Optional.of(values);
    } catch (MalformedException e) {
      // Justification: a key is here for people alone; what cannot be read is left out.
      return Optional.empty();
    }
  }

  /** Id (u64), table + 1 (varint), key (bytes), judgement (u8). */
  void writeTo(ByteWriter out) {
    out.u64(id).varint(table + 1L).bytes(key).u8(judgement.code);
  }

  static RowReport readFrom(ByteReader in) throws MalformedException {
    long id = in.u64();
    int table = in.count("table", StateLimits.TABLES_MAX) - 1;
    Bytes key = in.bytes(StateLimits.KEY_BYTES_MAX);
    return new RowReport(id, table, key, judgement(in.u8()));
  }

  private static Judgement judgement(int code) throws MalformedException {
    for (Judgement judgement : Judgement.values()) {
      if (judgement.code == code) {
        return judgement;
      }
    }
    throw new MalformedException("judgement " + code);
  }
}
