package sh.fazt.mesh;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import sh.fazt.mesh.apply.StillNeeded;
import sh.fazt.mesh.clock.Dot;
import sh.fazt.mesh.delta.Stability;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.store.ChangeLog;
import sh.fazt.mesh.store.Database;
import sh.fazt.mesh.store.Meta;
import sh.fazt.mesh.store.Meta.Fact;
import sh.fazt.mesh.store.SiteBook;

/**
 * Drops batches that every member has and that are older than they are to be kept, of each site the
 * first ones, up to the first that is still needed here. Each site's last batch stays: it shows a
 * node that was put back to an older copy what it has lost. Confined.
 */
final class Trimming {
  /** Changes that are looked at in one turn, but for the last batch's. */
  static final long TURN_CHANGES = 1_000;

  /** Batches that go in one write transaction. */
  static final int TURN_BATCHES = 64;

  private static final long DAY_MILLIS = 24 * 60 * 60 * 1000L;

  private final Database database;
  private final Consumer<Runnable> writer;
  private final Meta meta;
  private final SiteBook sites;
  private final ChangeLog log;
  private final StillNeeded needed;
  private final Membership membership;
  private final Acknowledging acknowledging;
  private final Ambient ambient;
  private final Set<SiteId> done = new HashSet<>();

  /**
   * @param writer runs work in one write transaction, and rolls it back if it throws
   */
  Trimming(
      Database database,
      Consumer<Runnable> writer,
      SiteBook sites,
      ChangeLog log,
      StillNeeded needed,
      Membership membership,
      Acknowledging acknowledging,
      Ambient ambient) {
    this.database = database;
    this.writer = writer;
    this.meta = new Meta(database);
    this.sites = sites;
    this.log = log;
    this.needed = needed;
    this.membership = membership;
    this.acknowledging = acknowledging;
    this.ambient = ambient;
  }

  /**
   * One turn.
   *
   * @return whether another has something to do at once; if not, the next begins anew
   */
  boolean step() {
    Optional<Long> days = meta.integer(Fact.KEEP_LOG);
    // Who may not write puts rows back from the log when an application changes them.
    if (days.isEmpty() || !membership.mayWrite() || !database.hasWriteAheadLog()) {
      return false;
    }
    long untilMillis = ambient.now() - days.get() * DAY_MILLIS;
    List<Dot> gone = database.read(() -> look(acknowledging.stability(), untilMillis));
    boolean trimmed = false;
    try {
      if (!gone.isEmpty()) {
        writer.accept(() -> gone.forEach(this::trim));
        trimmed = true;
      }
    } finally {
      if (!trimmed) {
        done.clear();
      }
    }
    return trimmed;
  }

  private void trim(Dot dot) {
    log.trim(dot);
    sites.raiseFloor(dot.site(), dot.seq());
  }

  private List<Dot> look(Stability stability, long untilMillis) {
    List<Dot> gone = new ArrayList<>();
    long changes = 0;
    for (SiteId site : stability.upTo().keySet()) {
      OptionalLong next = next(site, 0, stability, untilMillis);
      long seq = next.orElse(0);
      while (next.isPresent() && gone.size() < TURN_BATCHES && changes < TURN_CHANGES) {
        gone.add(new Dot(site, seq));
        changes += log.changes(site, seq, seq);
        next = next(site, seq, stability, untilMillis);
        seq = next.orElse(0);
      }
    }
    return gone;
  }

  /** The site's next batch after {@code seq}, or its floor, if it may go. */
  private OptionalLong next(SiteId site, long seq, Stability stability, long untilMillis) {
    if (done.contains(site)) {
      return OptionalLong.empty();
    }
    Dot dot = new Dot(site, Math.max(seq, sites.floor(site)) + 1);
    SiteBook.Progress progress = sites.progress(site);
    boolean due =
        dot.seq() <= stability.upTo(site)
            && dot.seq() <= progress.shownSeq()
            && dot.seq() < progress.seq()
            && log.receivedMillis(dot) <= untilMillis;
    boolean goes = due && log.find(dot).filter(each -> !isNeeded(each)).isPresent();
    if (!goes) {
      done.add(site);
    }
    return goes ? OptionalLong.of(dot.seq()) : OptionalLong.empty();
  }

  private boolean isNeeded(ChangeLog.Logged logged) {
    return needed.is(logged, ambient.now());
  }
}
