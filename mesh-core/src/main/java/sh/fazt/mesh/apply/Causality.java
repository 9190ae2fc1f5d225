package sh.fazt.mesh.apply;

import java.util.Collections;
import java.util.Map;
import java.util.Set;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.clock.Dot;
import sh.fazt.mesh.clock.Stamp;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.store.BranchBook;
import sh.fazt.mesh.store.ChangeLog;
import sh.fazt.mesh.store.SiteBook.SeenUpTo;

/**
 * What the author of a batch had seen when it wrote it.
 *
 * @param seen up to where, for each other site
 * @param on the branches of a forked author on which the batch may stand; none on a trunk
 */
record Causality(SiteId author, Map<SiteId, SeenUpTo> seen, Set<Hash> on, BranchBook branches) {
  static Causality of(ChangeLog.Logged logged, BranchBook branches) {
    SiteId author = logged.content().header().dot().site();
    if (logged.batch().carried().isPresent()) {
      Hash branch = branches.branch(logged.number());
      return new Causality(author, branches.seenOn(branch), Set.of(branch), branches);
    }
    return ofWrite(new Stamp(logged.batch().header().high(), author), branches);
  }

  /** What the author of a write had seen by its last batch. */
  static Causality ofWrite(Stamp stamp, BranchBook branches) {
    SiteId author = stamp.site();
    Set<Hash> on = branches.at(stamp);
    return new Causality(author, branches.seenBy(author, on), on, branches);
  }

  /** Whether the author knew of the write at {@code stamp}. */
  boolean knew(Stamp stamp) {
    if (stamp.site().equals(author)) {
      Set<Hash> branch = branches.at(stamp);
      return branch.isEmpty() || !Collections.disjoint(branch, on);
    }
    SeenUpTo upTo = seen.get(stamp.site());
    // Genesis stamps lie below every clock; whoever met the site at all has met them.
    boolean met =
        upTo != null && (stamp.hlc().isGenesis() || stamp.hlc().compareTo(upTo.clock()) <= 0);
    return met || branches.carriersOf(stamp).stream().anyMatch(this::has);
  }

  private boolean has(Dot carrier) {
    SeenUpTo upTo = seen.get(carrier.site());
    return carrier.site().equals(author) || (upTo != null && upTo.seq() >= carrier.seq());
  }
}
