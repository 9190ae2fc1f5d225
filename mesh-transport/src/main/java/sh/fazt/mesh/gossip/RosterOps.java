package sh.fazt.mesh.gossip;

import java.util.ArrayList;
import java.util.List;
import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;

/**
 * Signed roster operations, verbatim, each after those it builds on.
 *
 * @param ops at most {@link MessageLimits#ROSTER_OPS_MAX}, together at most {@link
 *     MessageLimits#ROSTER_BYTES_MAX} bytes
 */
public record RosterOps(List<Bytes> ops) implements Message {
  public static final int TYPE = 0x0e;

  public RosterOps {
    ops = List.copyOf(ops);
    if (ops.size() > MessageLimits.ROSTER_OPS_MAX || !fits(ops)) {
      throw new IllegalArgumentException(ops.size() + " roster operations of too many bytes");
    }
  }

  @Override
  public int type() {
    return TYPE;
  }

  /** A count, then each operation with its length. */
  @Override
  public void writeTo(ByteWriter out) {
    out.varint(ops.size());
    ops.forEach(out::bytes);
  }

  public static RosterOps readFrom(ByteReader in) throws MalformedException {
    int count = in.count("roster operations", MessageLimits.ROSTER_OPS_MAX);
    List<Bytes> ops = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ops.add(in.bytes(MessageLimits.ROSTER_OP_BYTES_MAX));
    }
    if (!fits(ops)) {
      throw new MalformedException("roster operations of too many bytes");
    }
    return new RosterOps(ops);
  }

  private static boolean fits(List<Bytes> ops) {
    return ops.stream().allMatch(op -> op.size() <= MessageLimits.ROSTER_OP_BYTES_MAX)
        && ops.stream().mapToInt(Bytes::size).sum() <= MessageLimits.ROSTER_BYTES_MAX;
  }
}
