package sh.fazt.mesh.apply;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import sh.fazt.mesh.apply.IncomingDeletes.Numbers;
import sh.fazt.mesh.apply.IncomingDeletes.Purge;
import sh.fazt.mesh.apply.IncomingDeletes.Purges;
import sh.fazt.mesh.clock.Dot;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.store.ChangeLog;

/**
 * A transaction that is shown in slices, from one write transaction to the next: where it lies, and
 * what was found out about it. Confined.
 */
final class LargeTransaction {
  /** Batches that are looked through in one go. */
  private static final int STEP_BATCHES = 20;

  private final SiteId site;
  private final Span span;
  private final Map<Purge, Numbers> deletes = new HashMap<>();
  private Optional<ChangeLog.Logged> opened = Optional.empty();
  private Optional<Purges> held = Optional.empty();
  private long unjudged;

  /**
   * Where a transaction lies in its site's chain.
   *
   * @param first its first batch
   * @param end its last
   * @param changes of all of it
   */
  record Span(long first, long end, long changes) {
    boolean has(long seq) {
      return first <= seq && seq <= end;
    }
  }

  LargeTransaction(SiteId site, Span span) {
    this.site = site;
    this.span = span;
    this.unjudged = span.first();
  }

  Span span() {
    return span;
  }

  /** One of its batches; the last one asked for is kept open. */
  ChangeLog.Logged batch(long seq, ChangeLog log) {
    Dot dot = new Dot(site, seq);
    if (opened.filter(batch -> batch.batch().header().dot().equals(dot)).isEmpty()) {
      opened = log.find(dot);
    }
    return opened.orElseThrow(() -> new IllegalStateException(dot + " is not in the change log"));
  }

  /** Which of its deletes wait, once that is known. */
  Optional<Purges> held() {
    return held;
  }

  /** Takes note of which of its deletes wait. */
  void judged(Purges purges) {
    held = Optional.of(purges);
  }

  /** Looks through some more of its batches for mass deletes; only reads. */
  void look(IncomingDeletes judge, ChangeLog log) {
    for (int i = 0; i < STEP_BATCHES && unjudged <= span.end(); i++, unjudged++) {
      ChangeLog.Logged batch = batch(unjudged, log);
      IncomingDeletes.Placed.in(batch).forEach(placed -> judge.count(placed, deletes));
    }
    if (unjudged > span.end()) {
      judged(judge.judge(deletes));
    }
  }
}
