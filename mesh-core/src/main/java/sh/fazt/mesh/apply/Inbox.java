package sh.fazt.mesh.apply;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import sh.fazt.mesh.change.Batch;
import sh.fazt.mesh.change.BatchHeader;
import sh.fazt.mesh.clock.Dot;
import sh.fazt.mesh.clock.Hlc;
import sh.fazt.mesh.delta.Head;
import sh.fazt.mesh.identity.MeshId;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.roster.Authors;
import sh.fazt.mesh.store.ChangeLog;
import sh.fazt.mesh.store.SiteBook;
import sh.fazt.mesh.wire.VerifiedBatch;

/**
 * Takes verified batches into the change log: in the order of each site's chain, and never before
 * what their authors had seen. Confined.
 */
final class Inbox {
  private final MeshId mesh;
  private final SiteBook sites;
  private final ChangeLog log;
  private final Forks forks;
  private final Supplier<Authors> authors;

  /**
   * @param authors tells whose batches are welcome now
   */
  Inbox(MeshId mesh, SiteBook sites, ChangeLog log, Forks forks, Supplier<Authors> authors) {
    this.mesh = mesh;
    this.authors = authors;
    this.sites = sites;
    this.log = log;
    this.forks = forks;
  }

  /** Delivers a batch or says why not; inside a write transaction. */
  Ingested deliver(VerifiedBatch verified, long nowMillis) {
    BatchHeader header = verified.batch().header();
    Dot dot = header.dot();
    SiteBook.Progress progress = sites.progress(dot.site());
    Optional<Ingested> stranger = stranger(verified);
    if (stranger.isPresent()) {
      return stranger.get();
    } else if (dot.seq() <= progress.seq() || progress.isBranch(dot.seq())) {
      return repeated(verified, progress, nowMillis);
    } else if (dot.seq() > progress.seq() + 1) {
      return new Ingested.Missing(dot, new Dot(dot.site(), dot.seq() - 1));
    } else if (!header.previous().equals(progress.hash())) {
      return unchained(verified, nowMillis);
    } else if (isBackdated(header, progress)) {
      return new Ingested.Refused(dot + " is stamped before its predecessor");
    } else if (forks.isBesideABranch(verified, nowMillis)) {
      return new Ingested.Forked(dot, true, dot + " is on another branch than one that is carried");
    }
    Optional<Dot> needed = unmet(header);
    if (needed.isPresent()) {
      return new Ingested.Missing(dot, needed.get());
    }
    take(verified, progress, nowMillis);
    return new Ingested.Delivered(dot, verified.signed().hash());
  }

  /** Whether all of them are of this mesh and by nodes that are welcome. */
  boolean areWelcome(List<VerifiedBatch> batches) {
    return batches.stream().allMatch(each -> stranger(each).isEmpty());
  }

  /**
   * Whether it, or what it carries, is of another mesh or by nobody that this node knows, or it is
   * by somebody who may write no more. What is carried was passed on by one who may: were it
   * refused, so were all that follows it of the carrier's.
   */
  private Optional<Ingested> stranger(VerifiedBatch verified) {
    Batch batch = verified.batch();
    Dot dot = batch.header().dot();
    for (BatchHeader header : List.of(batch.header(), batch.content().header())) {
      if (!header.mesh().equals(mesh)) {
        return Optional.of(
            new Ingested.Refused(header.dot() + " belongs to mesh " + header.mesh()));
      } else if (!authors.get().knows(header.dot().site().node())) {
        return Optional.of(new Ingested.UnknownAuthor(dot));
      }
    }
    return authors.get().welcome(dot, verified.signed().hash())
        ? Optional.empty()
        : Optional.of(new Ingested.Retired(dot));
  }

  private Ingested repeated(VerifiedBatch verified, SiteBook.Progress progress, long nowMillis) {
    Dot dot = verified.signed().dot();
    // What a snapshot has brought is known by its frontier alone.
    boolean bygone = dot.seq() <= sites.floor(dot.site()) && log.hash(dot).isEmpty();
    if (bygone || forks.holds(dot, verified.signed().hash())) {
      return new Ingested.Duplicate(dot, verified.signed().hash());
    }
    boolean parts = dot.seq() <= progress.seq() && forks.second(verified, nowMillis);
    return new Ingested.Forked(
        dot,
        parts || progress.isBranch(dot.seq()),
        dot + " was signed twice with different content");
  }

  private Ingested unchained(VerifiedBatch verified, long nowMillis) {
    Dot dot = verified.signed().dot();
    if (dot.seq() == 1) {
      return new Ingested.Refused(dot + " is the first of its site and names one before it");
    }
    forks.unchained(verified, nowMillis);
    return new Ingested.Forked(dot, false, dot + " does not follow the batch before it here");
  }

  private static boolean isBackdated(BatchHeader header, SiteBook.Progress progress) {
    return !header.high().equals(Hlc.ZERO) && header.low().compareTo(progress.clock()) <= 0;
  }

  private Optional<Dot> unmet(BatchHeader header) {
    return header.seen().stream().flatMap(seen -> needed(seen.dot()).stream()).findFirst();
  }

  /**
   * What is lacking of a site up to a batch; what lies behind a fork is carried by who holds it,
   * and what a retired site wrote beyond what counts never comes.
   */
  private Optional<Dot> needed(Dot seen) {
    SiteBook.Progress progress = sites.progress(seen.site());
    long chain = progress.forkedAt().orElse(Long.MAX_VALUE) - 1;
    long last = Math.min(seen.seq(), Math.min(chain, authors.get().limit(seen.site())));
    return progress.seq() < last ? Optional.of(new Dot(seen.site(), last)) : Optional.empty();
  }

  private void take(VerifiedBatch verified, SiteBook.Progress progress, long nowMillis) {
    BatchHeader header = verified.batch().header();
    SiteId site = header.dot().site();
    Hlc clock = Hlc.max(progress.clock(), header.high());
    log.append(verified, clock, nowMillis);
    sites.advance(site, new Head(header.dot().seq(), verified.signed().hash()), clock);
    for (BatchHeader.Seen seen : header.seen()) {
      SiteBook.SeenUpTo upTo = new SiteBook.SeenUpTo(seen.dot().seq(), log.clockBy(seen.dot()));
      sites.see(site, seen.dot().site(), upTo, header.dot().seq());
    }
    if (verified.batch().carried().isPresent()) {
      forks.carried(log.number(header.dot()), verified.batch().carried().get(), nowMillis);
    }
  }
}
