package sh.fazt.mesh;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.delta.DotRange;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.store.ChangeLog;
import sh.fazt.mesh.store.ForkTable;
import sh.fazt.mesh.store.SiteBook;
import sh.fazt.mesh.wire.BatchSeal;
import sh.fazt.mesh.wire.SignedBatch;

/**
 * Walks over wanted batches in the order in which they were delivered here, in which each comes
 * after all that its author had seen. Where a site has forked, both batches of that place are
 * given: who asks for it does not know of the fork, and has its proof by them. The one that is not
 * in the change log here comes last. Confined to the mesh thread.
 */
public final class DeltaCursor {
  private final ChangeLog log;
  private final ForkTable proofs;
  private final List<DotRange> ranges;
  private final Deque<SiteId> forks = new ArrayDeque<>();
  private final Deque<SignedBatch> parting = new ArrayDeque<>();
  private long after;

  DeltaCursor(ChangeLog log, SiteBook sites, ForkTable proofs, List<DotRange> ranges) {
    this.log = log;
    this.proofs = proofs;
    this.ranges = ranges;
    for (DotRange range : ranges) {
      long fork = sites.forkedAt(range.site()).orElse(Long.MAX_VALUE);
      if (range.from() <= fork && fork <= range.to()) {
        forks.add(range.site());
      }
    }
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
    if (batches.isEmpty()) {
      while (parting.isEmpty() && !forks.isEmpty()) {
        proofs.proof(forks.remove()).ifPresent(this::part);
      }
      Optional.ofNullable(parting.poll()).ifPresent(batches::add);
    }
    return batches;
  }

  private void part(ForkTable.Proof proof) {
    for (Bytes envelope : List.of(proof.ours(), proof.theirs())) {
      if (envelope.isEmpty()) {
        continue;
      }
      SignedBatch batch = BatchSeal.signed(envelope);
      if (!log.hash(batch.dot()).equals(Optional.of(batch.hash()))) {
        parting.add(batch);
      }
    }
  }
}
