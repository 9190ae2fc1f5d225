package sh.fazt.mesh.fingerprint;

import java.util.ArrayList;
import java.util.List;
import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.MalformedException;

/** What one node tells of a range. */
public sealed interface StateRange {
  void writeTo(ByteWriter out);

  /** All its rows, ascending by id; at most {@link StateLimits#LEAF_ROWS_MAX}. */
  record Items(List<StateItem> items) implements StateRange {
    public Items {
      items = List.copyOf(items);
      if (items.size() > StateLimits.LEAF_ROWS_MAX) {
        throw new IllegalArgumentException(items.size() + " rows in one range");
      }
    }

    @Override
    public void writeTo(ByteWriter out) {
      out.u8(0).varint(items.size());
      items.forEach(item -> item.writeTo(out));
    }
  }

  /** The fingerprints of its sixteen parts, in order. */
  record Parts(List<Fingerprint> parts) implements StateRange {
    public Parts {
      parts = List.copyOf(parts);
      if (parts.size() != Prefix.CHILDREN) {
        throw new IllegalArgumentException("a range has 16 parts: " + parts.size());
      }
    }

    @Override
    public void writeTo(ByteWriter out) {
      out.u8(1);
      parts.forEach(part -> part.writeTo(out));
    }
  }

  static StateRange readFrom(ByteReader in) throws MalformedException {
    int kind = in.u8();
    if (kind == 0) {
      int count = in.count("rows of a range", StateLimits.LEAF_ROWS_MAX);
      List<StateItem> items = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        items.add(StateItem.readFrom(in));
      }
      return new Items(items);
    }
    if (kind != 1) {
      throw new MalformedException("range of kind " + kind);
    }
    List<Fingerprint> parts = new ArrayList<>();
    for (int i = 0; i < Prefix.CHILDREN; i++) {
      parts.add(Fingerprint.readFrom(in));
    }
    return new Parts(parts);
  }
}
