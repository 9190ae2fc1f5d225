package sh.fazt.mesh;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import sh.fazt.mesh.delta.DotRange;
import sh.fazt.mesh.store.BranchBook;
import sh.fazt.mesh.store.ChangeLog;
import sh.fazt.mesh.wire.BatchSeal;
import sh.fazt.mesh.wire.SignedBatch;

/**
 * Walks over wanted batches in the order in which they were delivered here, in which each comes
 * after all that its author had seen; then over those of forked sites that are only carried here.
 * Confined to the mesh thread.
 */
public final class DeltaCursor {
  private final ChangeLog log;
  private final Deque<Long> carriers = new ArrayDeque<>();
  private final List<DotRange> ranges;
  private long after;

  DeltaCursor(ChangeLog log, BranchBook branches, List<DotRange> ranges) {
    this.log = log;
    this.ranges = List.copyOf(ranges);
    this.after = log.before(ranges);
    ranges.forEach(range -> carriers.addAll(branches.beyondTheChain(range)));
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
    if (batches.isEmpty() && !carriers.isEmpty()) {
      batches.add(BatchSeal.alone(BatchSeal.carried(log.envelope(carriers.remove()))));
    }
    return batches;
  }
}
