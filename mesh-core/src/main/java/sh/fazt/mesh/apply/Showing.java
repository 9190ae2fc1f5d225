package sh.fazt.mesh.apply;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import sh.fazt.mesh.apply.IncomingDeletes.Purges;
import sh.fazt.mesh.change.BatchHeader;
import sh.fazt.mesh.clock.Dot;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.store.ChangeLog;
import sh.fazt.mesh.store.SiteBook;

/**
 * Brings delivered batches into the tables: after what their authors had seen, a transaction at
 * once, and as much as an application can be made to wait for. A large transaction is shown in
 * slices, each in a write transaction of its own. One use, within one write transaction.
 */
final class Showing {
  /** Changes of a transaction that is shown at once. */
  static final int ATOMIC_CHANGES_MAX = 10_000;

  /** Changes after which the rest is left for the next write transaction. */
  static final int TURN_CHANGES = 500;

  /** Changes of a slice where smaller transactions have used up the turn. */
  private static final int SLICE_CHANGES_MIN = TURN_CHANGES / 5;

  private final BatchApplier applier;
  private final SiteBook sites;
  private final ChangeLog log;
  private final Map<Dot, Purges> held;
  private final Map<Dot, ChangeLog.Logged> fresh;
  private long left = TURN_CHANGES;

  /**
   * @param held which deletes wait, of the large transactions that are being shown, by the first
   *     batch; kept from one turn to the next
   * @param fresh batches of the log that need not be opened again
   */
  Showing(BatchApplier applier, Map<Dot, Purges> held, Map<Dot, ChangeLog.Logged> fresh) {
    this.fresh = fresh;
    this.applier = applier;
    this.sites = applier.stores().sites();
    this.log = applier.stores().log();
    this.held = held;
  }

  /**
   * The transaction of a site that is to be shown next.
   *
   * @param seq its first batch that is not shown whole
   * @param first its first batch
   * @param changes of all of it
   */
  private record Next(SiteId site, long seq, int part, long first, long end, long changes) {
    boolean isLarge() {
      return changes > ATOMIC_CHANGES_MAX;
    }
  }

  /**
   * Shows what can be shown, as far as one turn goes.
   *
   * @return whether there is more that can be shown
   */
  boolean turn() {
    Set<SiteId> waiting = sites.unshown().keySet();
    long before;
    do {
      // What one site has shown may be what another's author had seen.
      before = left;
      waiting.forEach(site -> showWhole(site, waiting));
    } while (left > 0 && left < before);
    waiting.forEach(site -> showSlice(site, waiting));
    return waiting.stream().anyMatch(site -> next(site, waiting).isPresent());
  }

  private void showWhole(SiteId site, Set<SiteId> waiting) {
    Optional<Next> next = next(site, waiting);
    while (next.isPresent() && !next.get().isLarge() && left > 0) {
      Next now = next.get();
      Purges purges = applier.deletes().heldOf(site, now.first(), now.end());
      for (long seq = now.seq(); seq <= now.end(); seq++) {
        find(new Dot(site, seq)).ifPresent(batch -> showAll(batch, purges));
      }
      sites.shown(site, now.end(), 0);
      left -= Math.max(1, now.changes());
      next = next(site, waiting);
    }
  }

  private Optional<ChangeLog.Logged> find(Dot dot) {
    ChangeLog.Logged known = fresh.get(dot);
    return known == null ? log.find(dot) : Optional.of(known);
  }

  private void showAll(ChangeLog.Logged batch, Purges purges) {
    applier.show(batch, 0, batch.content().changes().size(), purges);
  }

  private void showSlice(SiteId site, Set<SiteId> waiting) {
    Optional<Next> next = next(site, waiting).filter(Next::isLarge);
    if (next.isEmpty()) {
      return;
    }
    Next now = next.get();
    Dot first = new Dot(site, now.first());
    Purges purges =
        held.computeIfAbsent(first, dot -> applier.deletes().heldOf(site, dot.seq(), now.end()));
    long room = Math.max(left, SLICE_CHANGES_MIN);
    long seq = now.seq();
    int part = now.part();
    while (room > 0 && seq <= now.end()) {
      ChangeLog.Logged batch = find(new Dot(site, seq)).orElseThrow();
      int to = (int) Math.min(batch.content().changes().size(), part + room);
      applier.show(batch, part, to, purges);
      room -= to - part;
      boolean whole = to == batch.content().changes().size();
      seq += whole ? 1 : 0;
      part = whole ? 0 : to;
    }
    sites.shown(site, seq - 1, part);
    left = 0;
    if (seq > now.end()) {
      held.remove(first);
    }
  }

  /** The next transaction, if it is whole and its author had seen nothing that is not shown. */
  private Optional<Next> next(SiteId site, Set<SiteId> waiting) {
    SiteBook.Progress progress = sites.progress(site);
    long seq = progress.shownSeq() + 1;
    OptionalLong end = endOfTransaction(progress, site, seq);
    if (end.isEmpty()) {
      return Optional.empty();
    }
    long first = log.startOfTransaction(site, seq);
    long changes = log.changes(site, first, end.getAsLong());
    Next next = new Next(site, seq, progress.shownPart(), first, end.getAsLong(), changes);
    boolean ready = waiting.size() == 1 || isSeenShown(next);
    return ready ? Optional.of(next) : Optional.empty();
  }

  /**
   * The rest of a transaction never comes if a fork has cut it off, or if its author has gone on as
   * another incarnation in the middle of it, with a copy of its database from then.
   */
  private OptionalLong endOfTransaction(SiteBook.Progress progress, SiteId site, long seq) {
    Optional<Long> end = log.endOfTransaction(site, seq);
    if (end.isPresent()) {
      return OptionalLong.of(end.get());
    }
    boolean cut =
        seq <= progress.seq() && (progress.isBranch(progress.seq() + 1) || sites.isSucceeded(site));
    return cut ? OptionalLong.of(progress.seq()) : OptionalLong.empty();
  }

  private boolean isSeenShown(Next next) {
    long last = next.isLarge() ? next.seq() : next.end();
    for (long seq = next.seq(); seq <= last; seq++) {
      List<BatchHeader.Seen> seen =
          find(new Dot(next.site(), seq))
              .map(batch -> batch.batch().header().seen())
              .orElse(List.of());
      if (!seen.stream().allMatch(each -> isShown(each.dot()))) {
        return false;
      }
    }
    return true;
  }

  private boolean isShown(Dot seen) {
    SiteBook.Progress progress = sites.progress(seen.site());
    long last = Math.min(seen.seq(), progress.forkedAt().orElse(Long.MAX_VALUE) - 1);
    return progress.shownSeq() >= last;
  }
}
