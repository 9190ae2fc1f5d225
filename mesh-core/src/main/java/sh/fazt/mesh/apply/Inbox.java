package sh.fazt.mesh.apply;

import java.util.Optional;
import java.util.function.Predicate;
import sh.fazt.mesh.change.BatchHeader;
import sh.fazt.mesh.clock.Dot;
import sh.fazt.mesh.clock.Hlc;
import sh.fazt.mesh.delta.Head;
import sh.fazt.mesh.identity.MeshId;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.identity.VerifyKey;
import sh.fazt.mesh.store.ChangeLog;
import sh.fazt.mesh.store.ForkTable;
import sh.fazt.mesh.store.SiteBook;
import sh.fazt.mesh.wire.SignedBatch;
import sh.fazt.mesh.wire.VerifiedBatch;

/**
 * Takes verified batches into the change log: in the order of each site's chain, and never before
 * what their authors had seen. Confined.
 */
final class Inbox {
  private final MeshId mesh;
  private final SiteBook sites;
  private final ChangeLog log;
  private final ForkTable forks;

  Inbox(MeshId mesh, SiteBook sites, ChangeLog log, ForkTable forks) {
    this.mesh = mesh;
    this.sites = sites;
    this.log = log;
    this.forks = forks;
  }

  /**
   * Delivers a batch or says why not; inside a write transaction.
   *
   * @param isMember whether a node's batches are welcome
   */
  Ingested deliver(VerifiedBatch verified, Predicate<VerifyKey> isMember, long nowMillis) {
    BatchHeader header = verified.batch().header();
    Dot dot = header.dot();
    SiteBook.Progress progress = sites.progress(dot.site());
    if (!header.mesh().equals(mesh)) {
      return new Ingested.Refused(dot + " belongs to mesh " + header.mesh());
    } else if (!isMember.test(dot.site().node())) {
      return new Ingested.UnknownAuthor(dot);
    } else if (dot.seq() <= progress.seq()) {
      return repeated(verified, nowMillis);
    } else if (dot.seq() > progress.seq() + 1) {
      return new Ingested.Missing(dot, new Dot(dot.site(), dot.seq() - 1));
    } else if (!header.previous().equals(progress.hash())) {
      return unchained(verified, nowMillis);
    } else if (isBackdated(header, progress)) {
      return new Ingested.Refused(dot + " is stamped before its predecessor");
    }
    Optional<Dot> needed = unmet(header);
    if (needed.isPresent()) {
      return new Ingested.Missing(dot, needed.get());
    }
    take(verified, progress, nowMillis);
    return new Ingested.Delivered(dot, verified.signed().hash());
  }

  private Ingested repeated(VerifiedBatch verified, long nowMillis) {
    Dot dot = verified.signed().dot();
    SignedBatch held = log.held(dot);
    if (held.hash().equals(verified.signed().hash())) {
      return new Ingested.Duplicate(dot);
    }
    forks.put(held, verified.signed(), nowMillis);
    return new Ingested.Forked(dot, dot + " was signed twice with different content");
  }

  private Ingested unchained(VerifiedBatch verified, long nowMillis) {
    Dot dot = verified.signed().dot();
    if (dot.seq() == 1) {
      return new Ingested.Refused(dot + " is the first of its site and names one before it");
    }
    SignedBatch held = log.held(new Dot(dot.site(), dot.seq() - 1));
    forks.put(held, verified.signed(), nowMillis);
    return new Ingested.Forked(dot, dot + " does not follow " + held.hash());
  }

  private static boolean isBackdated(BatchHeader header, SiteBook.Progress progress) {
    return !header.high().equals(Hlc.ZERO) && header.low().compareTo(progress.clock()) <= 0;
  }

  private Optional<Dot> unmet(BatchHeader header) {
    return header.seen().stream()
        .map(BatchHeader.Seen::dot)
        .filter(seen -> sites.progress(seen.site()).seq() < seen.seq())
        .findFirst();
  }

  private void take(VerifiedBatch verified, SiteBook.Progress progress, long nowMillis) {
    BatchHeader header = verified.batch().header();
    SiteId site = header.dot().site();
    Hlc clock = Hlc.max(progress.clock(), header.high());
    log.append(verified, clock, nowMillis);
    sites.advance(site, new Head(header.dot().seq(), verified.signed().hash()), clock);
    for (BatchHeader.Seen seen : header.seen()) {
      SiteId other = seen.dot().site();
      sites.see(site, other, seen.dot().seq(), log.clockAt(seen.dot()));
    }
  }
}
