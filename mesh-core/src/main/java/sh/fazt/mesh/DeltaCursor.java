package sh.fazt.mesh;

import java.util.ArrayList;
import java.util.List;
import sh.fazt.mesh.delta.DotRange;
import sh.fazt.mesh.store.ChangeLog;
import sh.fazt.mesh.wire.SignedBatch;

/**
 * Walks over wanted batches in the order in which they were delivered here, in which each comes
 * after all that its author had seen. Confined to the mesh thread.
 */
public final class DeltaCursor {
  private final ChangeLog log;
  private final List<DotRange> ranges;
  private long after;

  DeltaCursor(ChangeLog log, List<DotRange> ranges) {
    this.log = log;
    this.ranges = List.copyOf(ranges);
    this.after = log.before(ranges);
  }

  /**
   * The next batches: at least one if any is left, and no more once they weigh {@code bytesMax}.
   */
  public List<SignedBatch> next(int bytesMax) {
    List<SignedBatch> batches = new ArrayList<>();
    for (ChangeLog.Numbered each : log.page(ranges, after, bytesMax)) {
      after = each.number();
      batches.add(each.batch());
    }
    return batches;
  }
}
