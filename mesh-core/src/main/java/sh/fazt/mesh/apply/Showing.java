package sh.fazt.mesh.apply;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import sh.fazt.mesh.apply.IncomingDeletes.Purges;
import sh.fazt.mesh.apply.LargeTransaction.Span;
import sh.fazt.mesh.change.BatchHeader;
import sh.fazt.mesh.clock.Dot;
import sh.fazt.mesh.clock.Stopwatch;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.roster.Authors;
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

  /** Time after which it is. */
  static final long TURN_NANOS = 6_000_000;

  /** Changes of a slice where smaller transactions have used up the turn. */
  private static final int SLICE_CHANGES_MIN = TURN_CHANGES / 5;

  private final BatchApplier applier;
  private final SiteBook sites;
  private final ChangeLog log;
  private final Map<SiteId, LargeTransaction> large;
  private final Map<Dot, ChangeLog.Logged> fresh;
  private final Authors authors;
  private final Stopwatch watch;
  private final long endNanos;
  private long left = TURN_CHANGES;

  /**
   * @param large the large transaction of each site that is being shown, kept from one turn to the
   *     next
   * @param fresh batches of the log that need not be opened again
   * @param authors how much of each site is to come at most
   */
  Showing(
      BatchApplier applier,
      Map<SiteId, LargeTransaction> large,
      Map<Dot, ChangeLog.Logged> fresh,
      Authors authors,
      Stopwatch watch) {
    this.applier = applier;
    this.authors = authors;
    this.sites = applier.stores().sites();
    this.log = applier.stores().log();
    this.large = large;
    this.fresh = fresh;
    this.watch = watch;
    this.endNanos = watch.nanos() + TURN_NANOS;
  }

  /**
   * The transaction of a site that is to be shown next.
   *
   * @param seq its first batch that is not shown whole
   * @param part how many changes of that are shown
   */
  private record Next(SiteId site, Span span, long seq, int part) {
    boolean isLarge() {
      return span.changes() > ATOMIC_CHANGES_MAX;
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
    } while (hasRoom() && left < before);
    waiting.forEach(site -> showSlice(site, waiting));
    return waiting.stream().anyMatch(site -> next(site, waiting).isPresent());
  }

  /** Whether more may be shown in this turn; something always may. */
  private boolean hasRoom() {
    return left == TURN_CHANGES || (left > 0 && watch.nanos() <= endNanos);
  }

  private void showWhole(SiteId site, Set<SiteId> waiting) {
    Optional<Next> next = next(site, waiting);
    while (next.isPresent() && !next.get().isLarge() && hasRoom()) {
      Span span = next.get().span();
      Purges held = applier.deletes().heldOf(site, span.first(), span.end());
      for (long seq = next.get().seq(); seq <= span.end(); seq++) {
        find(new Dot(site, seq)).ifPresent(batch -> applier.show(batch, 0, held, () -> true));
      }
      sites.shown(site, span.end(), 0);
      left -= Math.max(1, span.changes());
      next = next(site, waiting);
    }
  }

  private Optional<ChangeLog.Logged> find(Dot dot) {
    ChangeLog.Logged known = fresh.get(dot);
    return known == null ? log.find(dot) : Optional.of(known);
  }

  private void showSlice(SiteId site, Set<SiteId> waiting) {
    Optional<Next> next = next(site, waiting).filter(Next::isLarge);
    if (next.isPresent()) {
      LargeTransaction transaction =
          large.computeIfAbsent(site, begun -> begin(site, next.get().span()));
      transaction.held().ifPresent(held -> showSlice(transaction, next.get(), held));
    }
  }

  /** Takes note of a large transaction, and of which of its deletes wait, if that is known. */
  private LargeTransaction begin(SiteId site, Span span) {
    LargeTransaction begun = new LargeTransaction(site, span);
    Optional<Purges> noted = applier.stores().slices().find(site).map(Purges::new);
    if (noted.isPresent()) {
      begun.judged(noted.get());
    } else if (!applier.deletes().mayBeIn(site, span.first(), span.end())) {
      begun.judged(Purges.NONE);
    }
    return begun;
  }

  private void showSlice(LargeTransaction transaction, Next from, Purges held) {
    SiteId site = from.site();
    long end = transaction.span().end();
    BooleanSupplier more = slice();
    long seq = from.seq();
    int part = from.part();
    boolean whole = true;
    while (whole && seq <= end) {
      ChangeLog.Logged batch = transaction.batch(seq, log);
      part = applier.show(batch, part, held, more);
      whole = part == batch.content().changes().size();
      seq += whole ? 1 : 0;
      part = whole ? 0 : part;
    }
    sites.shown(site, seq - 1, part);
    if (seq > end) {
      applier.stores().slices().drop(site);
      large.remove(site);
    } else {
      applier.stores().slices().note(site, held.tables());
    }
    left = 0;
  }

  /** Whether a slice may have one more change: one always, then as many as there is room for. */
  private BooleanSupplier slice() {
    long changes = Math.max(left, SLICE_CHANGES_MIN);
    long end = Math.max(endNanos, watch.nanos() + TURN_NANOS / 5);
    AtomicLong shown = new AtomicLong();
    return () -> shown.getAndIncrement() == 0 || (shown.get() <= changes && watch.nanos() <= end);
  }

  /** The next transaction, if it is whole and its author had seen nothing that is not shown. */
  private Optional<Next> next(SiteId site, Set<SiteId> waiting) {
    SiteBook.Progress progress = sites.progress(site);
    long seq = progress.shownSeq() + 1;
    return span(progress, site, seq)
        .map(span -> new Next(site, span, seq, progress.shownPart()))
        .filter(next -> waiting.size() == 1 || isSeenShown(next));
  }

  /** Where the transaction lies to which a batch belongs, if all of it is here. */
  private Optional<Span> span(SiteBook.Progress progress, SiteId site, long seq) {
    LargeTransaction known = large.get(site);
    if (known != null && known.span().has(seq)) {
      return Optional.of(known.span());
    }
    large.remove(site);
    OptionalLong end = endOfTransaction(progress, site, seq);
    if (end.isEmpty()) {
      return Optional.empty();
    }
    long first = log.startOfTransaction(site, seq);
    long changes = log.changes(site, first, end.getAsLong());
    return Optional.of(new Span(first, end.getAsLong(), changes));
  }

  /**
   * The rest of a transaction never comes if a fork has cut it off, or what counts of a retired
   * site ends before it, or if its author has gone on as another incarnation in the middle of it,
   * with a copy of its database from then.
   */
  private OptionalLong endOfTransaction(SiteBook.Progress progress, SiteId site, long seq) {
    Optional<Long> end = log.endOfTransaction(site, seq);
    if (end.isPresent()) {
      return OptionalLong.of(end.get());
    }
    boolean cut =
        seq <= progress.seq()
            && (progress.isBranch(progress.seq() + 1)
                || progress.seq() >= authors.limit(site)
                || sites.isSucceeded(site));
    return cut ? OptionalLong.of(progress.seq()) : OptionalLong.empty();
  }

  private boolean isSeenShown(Next next) {
    long last = next.isLarge() ? next.seq() : next.span().end();
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
    long chain = progress.forkedAt().orElse(Long.MAX_VALUE) - 1;
    long last = Math.min(seen.seq(), Math.min(chain, authors.limit(seen.site())));
    return progress.shownSeq() >= last;
  }
}
