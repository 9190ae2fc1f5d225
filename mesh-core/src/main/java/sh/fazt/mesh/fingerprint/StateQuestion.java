package sh.fazt.mesh.fingerprint;

import java.util.ArrayList;
import java.util.List;
import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.bytes.MalformedException;

/** What one node asks another about its state. */
public sealed interface StateQuestion {
  /** The kind (u8), then the fields. */
  void writeTo(ByteWriter out);

  /**
   * For the fingerprint of the whole state.
   *
   * @param plan the hash of the asker's plan
   */
  record Whole(Hash plan) implements StateQuestion {
    @Override
    public void writeTo(ByteWriter out) {
      out.u8(0).raw(plan.value());
    }
  }

  /** For the fingerprint of the state in these tables and columns. */
  record Part(StatePlan plan) implements StateQuestion {
    @Override
    public void writeTo(ByteWriter out) {
      plan.writeTo(out.u8(1));
    }
  }

  /**
   * For ranges.
   *
   * @param root the hash of the state that was told of
   * @param ranges 1 to {@link StateLimits#RANGES_MAX}
   */
  record Ranges(Hash root, List<Prefix> ranges) implements StateQuestion {
    public Ranges {
      ranges = List.copyOf(ranges);
      if (ranges.isEmpty() || ranges.size() > StateLimits.RANGES_MAX) {
        throw new IllegalArgumentException(ranges.size() + " ranges");
      }
    }

    @Override
    public void writeTo(ByteWriter out) {
      out.u8(2).raw(root.value()).varint(ranges.size());
      ranges.forEach(range -> range.writeTo(out));
    }
  }

  /**
   * For what the listener's change log says of these rows of its own.
   *
   * @param root the hash of the state that was told of
   * @param ids 1 to {@link StateLimits#DIFFERENCES_MAX}
   */
  record Rows(Hash root, List<Long> ids) implements StateQuestion {
    public Rows {
      ids = List.copyOf(ids);
      if (ids.isEmpty() || ids.size() > StateLimits.DIFFERENCES_MAX) {
        throw new IllegalArgumentException(ids.size() + " rows");
      }
    }

    @Override
    public void writeTo(ByteWriter out) {
      out.u8(3).raw(root.value()).varint(ids.size());
      ids.forEach(out::u64);
    }
  }

  static StateQuestion readFrom(ByteReader in) throws MalformedException {
    int kind = in.u8();
    return switch (kind) {
      case 0 -> new Whole(Hash.readFrom(in));
      case 1 -> new Part(StatePlan.readFrom(in));
      case 2 -> ranges(in);
      case 3 -> rows(in);
      default -> throw new MalformedException("question of kind " + kind);
    };
  }

  private static StateQuestion ranges(ByteReader in) throws MalformedException {
    Hash root = Hash.readFrom(in);
    int count = some(in, "ranges", StateLimits.RANGES_MAX);
    List<Prefix> ranges = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ranges.add(Prefix.readFrom(in));
    }
    return new Ranges(root, ranges);
  }

  private static StateQuestion rows(ByteReader in) throws MalformedException {
    Hash root = Hash.readFrom(in);
    int count = some(in, "rows", StateLimits.DIFFERENCES_MAX);
    List<Long> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ids.add(in.u64());
    }
    return new Rows(root, ids);
  }

  private static int some(ByteReader in, String what, int max) throws MalformedException {
    int count = in.count(what, max);
    if (count == 0) {
      throw new MalformedException("a question about no " + what);
    }
    return count;
  }
}
