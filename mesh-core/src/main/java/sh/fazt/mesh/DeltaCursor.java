package sh.fazt.mesh;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.delta.DotRange;
import sh.fazt.mesh.store.BranchBook;
import sh.fazt.mesh.store.ChangeLog;
import sh.fazt.mesh.store.SiteBook;
import sh.fazt.mesh.wire.BatchSeal;
import sh.fazt.mesh.wire.SignedBatch;

/**
 * Walks over wanted batches in the order in which they were delivered here, in which each comes
 * after all that its author had seen; then over those of forked sites that are only carried here.
 * Who asks for what lies behind a fork does not know of it, and is given the longest branch, since
 * other sites' batches tell of having seen that much. Confined to the mesh thread.
 */
public final class DeltaCursor {
  private final ChangeLog log;
  private final Deque<Long> carriers = new ArrayDeque<>();
  private final List<DotRange> ranges;
  private long after;

  DeltaCursor(ChangeLog log, SiteBook sites, BranchBook branches, List<DotRange> ranges) {
    this.log = log;
    this.ranges = new ArrayList<>();
    for (DotRange range : ranges) {
      Optional<Hash> longer = branches.longerThanTheChain(range.site());
      long trunk = sites.forkedAt(range.site()).orElse(Long.MAX_VALUE) - 1;
      if (longer.isEmpty() || range.to() <= trunk) {
        this.ranges.add(range);
      } else {
        if (range.from() <= trunk) {
          this.ranges.add(new DotRange(range.site(), range.from(), trunk));
        }
        long from = Math.max(range.from(), trunk + 1);
        carriers.addAll(
            branches.carriers(longer.get(), new DotRange(range.site(), from, range.to())));
      }
    }
    this.after = log.before(this.ranges);
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
