package sh.fazt.mesh.capture;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.change.Batch;
import sh.fazt.mesh.change.BatchHeader;
import sh.fazt.mesh.change.Cell;
import sh.fazt.mesh.change.Change;
import sh.fazt.mesh.clock.Dot;
import sh.fazt.mesh.clock.Hlc;
import sh.fazt.mesh.delta.Head;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.schema.Value;
import sh.fazt.mesh.store.ChangeLog;
import sh.fazt.mesh.store.SiteBook;
import sh.fazt.mesh.wire.BatchSeal;
import sh.fazt.mesh.wire.SignedBatch;
import sh.fazt.mesh.wire.VerifiedBatch;
import sh.fazt.mesh.wire.WireLimits;

/** Turns changes into this site's next signed batches, chained and logged. Confined. */
public final class BatchAuthor {
  private static final int CHANGE_OVERHEAD_BYTES = 24;

  private final OwnSite own;
  private final SiteBook sites;
  private final ChangeLog log;
  private long changes;

  public BatchAuthor(OwnSite own, SiteBook sites, ChangeLog log) {
    this.own = own;
    this.sites = sites;
    this.log = log;
  }

  /**
   * Signs and logs {@code signed} as one transaction, in several batches if they are many; inside a
   * write transaction. Stamps must grow along the list, genesis aside.
   */
  public List<SignedBatch> write(List<Change> signed, long nowMillis) {
    List<SignedBatch> written = new ArrayList<>();
    List<List<Change>> parts = parts(signed);
    changes += signed.size();
    for (int i = 0; i < parts.size(); i++) {
      written.add(writeOne(parts.get(i), i, i == parts.size() - 1, nowMillis));
    }
    return written;
  }

  /** How many changes were signed since this was last asked. */
  public long takeChanges() {
    long taken = changes;
    changes = 0;
    return taken;
  }

  private static List<List<Change>> parts(List<Change> changes) {
    List<List<Change>> parts = new ArrayList<>();
    List<Change> part = new ArrayList<>();
    long bytes = 0;
    for (Change change : changes) {
      long weight = weight(change);
      boolean full =
          bytes + weight > WireLimits.BATCH_BYTES_TARGET
              || part.size() >= WireLimits.BATCH_CHANGES_TARGET;
      if (full && !part.isEmpty()) {
        parts.add(part);
        part = new ArrayList<>();
        bytes = 0;
      }
      part.add(change);
      bytes += weight;
    }
    if (!part.isEmpty()) {
      parts.add(part);
    }
    return parts;
  }

  private static long weight(Change change) {
    long bytes = CHANGE_OVERHEAD_BYTES;
    for (Cell cell : change.cells()) {
      bytes += cell.value().bytes();
    }
    for (Value value : change.key().values()) {
      bytes += value.bytes();
    }
    return bytes;
  }

  private SignedBatch writeOne(List<Change> changes, int part, boolean last, long nowMillis) {
    SiteBook.Progress progress = sites.progress(own.site());
    Hlc low = Hlc.MAX;
    Hlc high = Hlc.ZERO;
    for (Change change : changes) {
      if (!change.hlc().isGenesis()) {
        low = low.compareTo(change.hlc()) <= 0 ? low : change.hlc();
        high = Hlc.max(high, change.hlc());
      }
    }
    Dot dot = new Dot(own.site(), progress.seq() + 1);
    Hash previous = progress.hash();
    Hlc from = high.equals(Hlc.ZERO) ? Hlc.ZERO : low;
    BatchHeader header =
        new BatchHeader(own.mesh(), dot, previous, part, last, 0, from, high, freshlySeen());
    VerifiedBatch batch = BatchSeal.sign(new Batch(header, changes), own.key());
    log.append(batch, nowMillis);
    sites.advance(
        own.site(), new Head(dot.seq(), batch.signed().hash()), Hlc.max(progress.clock(), high));
    sites.shown(own.site(), dot.seq());
    return batch.signed();
  }

  private List<BatchHeader.Seen> freshlySeen() {
    Map<SiteId, SiteBook.SeenUpTo> before = sites.seenBy(own.site());
    List<BatchHeader.Seen> fresh = new ArrayList<>();
    sites
        .summary()
        .heads()
        .forEach(
            (site, head) -> {
              SiteBook.SeenUpTo known = before.get(site);
              if (!site.equals(own.site()) && (known == null || known.seq() < head.seq())) {
                fresh.add(new BatchHeader.Seen(new Dot(site, head.seq()), head.hash()));
                sites.see(own.site(), site, head.seq(), sites.progress(site).clock());
              }
            });
    return fresh;
  }
}
