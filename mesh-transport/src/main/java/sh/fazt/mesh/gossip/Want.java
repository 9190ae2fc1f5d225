package sh.fazt.mesh.gossip;

import java.util.ArrayList;
import java.util.List;
import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.delta.DotRange;

/**
 * Asks for batches. The listener sends those it holds in the order of its log, until they add up to
 * the window, goes on as {@link Grant}s widen it, and ends with {@link Done}. It may overrun the
 * window by one batch.
 *
 * @param id the speaker's name for this request, never used again on the link
 * @param windowBytes of envelopes, at least 1
 * @param ranges at least one
 */
public record Want(long id, int windowBytes, List<DotRange> ranges) implements Message {
  public static final int TYPE = 0x04;

  public Want {
    ranges = List.copyOf(ranges);
    if (id < 0 || id > MessageLimits.WANT_ID_MAX || windowBytes < 1) {
      throw new IllegalArgumentException("want " + id + " of " + windowBytes + " bytes");
    }
    if (ranges.isEmpty() || ranges.size() > MessageLimits.WANT_RANGES_MAX) {
      throw new IllegalArgumentException(ranges.size() + " ranges wanted");
    }
  }

  @Override
  public int type() {
    return TYPE;
  }

  /** Id (u32), window (u32), a count, the ranges. */
  @Override
  public void writeTo(ByteWriter out) {
    out.u32(id).u32(windowBytes).varint(ranges.size());
    ranges.forEach(range -> range.writeTo(out));
  }

  public static Want readFrom(ByteReader in) throws MalformedException {
    long id = in.u32();
    long window = in.u32();
    int count = in.count("ranges", MessageLimits.WANT_RANGES_MAX);
    if (window < 1 || window > Integer.MAX_VALUE || count == 0) {
      throw new MalformedException(count + " ranges in a window of " + window + " bytes");
    }
    List<DotRange> ranges = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ranges.add(DotRange.readFrom(in));
    }
    return new Want(id, (int) window, ranges);
  }
}
