package sh.fazt.mesh.fingerprint;

import java.util.ArrayList;
import java.util.List;
import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.bytes.MalformedException;

/** What a node says of its state: the answer to a {@link StateQuestion}. */
public sealed interface StateAnswer {
  /** The kind (u8), then the fields. */
  void writeTo(ByteWriter out);

  /**
   * The whole state in brief.
   *
   * @param summary the hash of the summary of what it is made from
   */
  record Root(Hash summary, Fingerprint fingerprint) implements StateAnswer {
    @Override
    public void writeTo(ByteWriter out) {
      fingerprint.writeTo(out.u8(0).raw(summary.value()));
    }
  }

  /** The listener's own plan, where it is another one. */
  record Plan(StatePlan plan) implements StateAnswer {
    @Override
    public void writeTo(ByteWriter out) {
      plan.writeTo(out.u8(1));
    }
  }

  /** The ranges that were asked for, in their order. */
  record Ranges(List<StateRange> ranges) implements StateAnswer {
    public Ranges {
      ranges = List.copyOf(ranges);
      if (ranges.size() > StateLimits.RANGES_MAX) {
        throw new IllegalArgumentException(ranges.size() + " ranges");
      }
    }

    @Override
    public void writeTo(ByteWriter out) {
      out.u8(2).varint(ranges.size());
      ranges.forEach(range -> range.writeTo(out));
    }
  }

  /** The rows that were asked for. */
  record Rows(List<RowReport> rows) implements StateAnswer {
    public Rows {
      rows = List.copyOf(rows);
      if (rows.size() > StateLimits.DIFFERENCES_MAX) {
        throw new IllegalArgumentException(rows.size() + " rows");
      }
    }

    @Override
    public void writeTo(ByteWriter out) {
      out.u8(3).varint(rows.size());
      rows.forEach(row -> row.writeTo(out));
    }
  }

  /** There is no answer just now. */
  record NotNow(Why why) implements StateAnswer {
    @Override
    public void writeTo(ByteWriter out) {
      out.u8(4).u8(why.code);
    }
  }

  /** What is in the way of an answer. */
  enum Why {
    /** Something is still to be taken in, delivered or shown. */
    SYNCING(0),
    /** Another comparison is under way, or was a moment ago. */
    BUSY(1),
    /** The state that the question is about is gone. */
    MOVED(2),
    /** There are more rows than can be compared. */
    TOO_LARGE(3),
    /** The plan asks for what is not there. */
    OTHER_PLAN(4);

    private final int code;

    Why(int code) {
      this.code = code;
    }
  }

  static StateAnswer readFrom(ByteReader in) throws MalformedException {
    int kind = in.u8();
    return switch (kind) {
      case 0 -> new Root(Hash.readFrom(in), Fingerprint.readFrom(in));
      case 1 -> new Plan(StatePlan.readFrom(in));
      case 2 -> ranges(in);
      case 3 -> rows(in);
      case 4 -> notNow(in.u8());
      default -> throw new MalformedException("answer of kind " + kind);
    };
  }

  private static StateAnswer ranges(ByteReader in) throws MalformedException {
    int count = in.count("ranges", StateLimits.RANGES_MAX);
    List<StateRange> ranges = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ranges.add(StateRange.readFrom(in));
    }
    return new Ranges(ranges);
  }

  private static StateAnswer rows(ByteReader in) throws MalformedException {
    int count = in.count("rows", StateLimits.DIFFERENCES_MAX);
    List<RowReport> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rows.add(RowReport.readFrom(in));
    }
    return new Rows(rows);
  }

  private static StateAnswer notNow(int code) throws MalformedException {
    for (Why why : Why.values()) {
      if (why.code == code) {
        return new NotNow(why);
      }
    }
    throw new MalformedException("reason " + code);
  }
}
