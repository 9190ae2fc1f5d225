package sh.fazt.mesh.capture;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.change.Batch;
import sh.fazt.mesh.change.BatchHeader;
import sh.fazt.mesh.change.Carried;
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
  private final BooleanSupplier mayWrite;

  /**
   * @param mayWrite whether this node's role lets it write now
   */
  public BatchAuthor(OwnSite own, SiteBook sites, ChangeLog log, BooleanSupplier mayWrite) {
    this.mayWrite = mayWrite;
    this.own = own;
    this.sites = sites;
    this.log = log;
  }

  /** Whether this node's role lets it write now; if not, nothing is signed. */
  public boolean mayWrite() {
    return mayWrite.getAsBoolean();
  }

  /** A draft of nothing. */
  Draft nothing() {
    return new Draft(List.of(), sites.progress(own.site()).clock(), List.of());
  }

  /**
   * Batches that are signed but in no log yet: nobody may see them, and their numbers are free
   * until they are kept.
   *
   * @param clock this site's clock before them
   * @param seen what the first of them says that this site has seen since its last
   */
  record Draft(List<VerifiedBatch> batches, Hlc clock, List<BatchHeader.Seen> seen) {
    Draft {
      batches = List.copyOf(batches);
      seen = List.copyOf(seen);
    }
  }

  /** Signs and logs {@code signed} as one transaction; inside a write transaction. */
  List<SignedBatch> write(List<Change> signed, long nowMillis) {
    Draft draft = draft(signed, true);
    keep(draft, nowMillis);
    return draft.batches().stream().map(VerifiedBatch::signed).toList();
  }

  /**
   * Signs changes as this site's next batches, in several if they are many. Stamps must grow along
   * the list, genesis aside. Only reads.
   *
   * @param whole whether the transaction ends with them; others wait for its end before they show
   *     any of it
   */
  Draft draft(List<Change> signed, boolean whole) {
    SiteBook.Progress progress = sites.progress(own.site());
    int part = log.openParts(own.site(), progress.seq());
    List<List<Change>> parts = parts(signed);
    if (parts.isEmpty() && whole && part > 0) {
      parts.add(List.of());
    }
    List<BatchHeader.Seen> seen = parts.isEmpty() ? List.of() : freshlySeen();
    List<VerifiedBatch> batches = new ArrayList<>();
    Dot dot = new Dot(own.site(), progress.seq() + 1);
    Hash previous = progress.hash();
    for (int i = 0; i < parts.size(); i++) {
      boolean last = whole && i == parts.size() - 1;
      VerifiedBatch batch =
          sign(parts.get(i), dot, previous, part + i, last, i == 0 ? seen : List.of());
      batches.add(batch);
      dot = new Dot(own.site(), dot.seq() + 1);
      previous = batch.signed().hash();
    }
    return new Draft(batches, progress.clock(), seen);
  }

  /** Logs a draft, the first since it was made; inside a write transaction. */
  void keep(Draft draft, long nowMillis) {
    if (!draft.batches().isEmpty() && !mayWrite()) {
      throw new IllegalStateException("a node that may not write has signed something");
    }
    Hlc clock = draft.clock();
    for (VerifiedBatch batch : draft.batches()) {
      clock = Hlc.max(clock, batch.batch().header().high());
      log.append(batch, clock, nowMillis);
    }
    if (!draft.batches().isEmpty()) {
      SignedBatch last = draft.batches().get(draft.batches().size() - 1).signed();
      sites.advanceOwn(own.site(), new Head(last.dot().seq(), last.hash()), clock);
    }
    see(draft.seen(), draft.batches());
  }

  private void see(List<BatchHeader.Seen> seen, List<VerifiedBatch> batches) {
    for (BatchHeader.Seen each : seen) {
      SiteBook.SeenUpTo upTo = new SiteBook.SeenUpTo(each.dot().seq(), log.clockBy(each.dot()));
      sites.see(own.site(), each.dot().site(), upTo, batches.get(0).signed().dot().seq());
    }
  }

  /** Whether a transaction of many turns is under way, into which nothing else may be signed. */
  public boolean hasOpenTransaction() {
    return log.openParts(own.site(), sites.progress(own.site()).seq()) > 0;
  }

  /**
   * Signs and logs batches of forked sites, one in each batch of this site's: their transactions
   * are transactions here, and the last ends with them. Inside a write transaction.
   *
   * @return this site's batches, in the order of {@code carried}
   */
  public List<SignedBatch> carry(List<Carried> carried, long nowMillis) {
    SiteBook.Progress progress = sites.progress(own.site());
    List<BatchHeader.Seen> seen = freshlySeen();
    List<VerifiedBatch> batches = new ArrayList<>();
    Hash previous = progress.hash();
    int part = 0;
    for (int i = 0; i < carried.size(); i++) {
      boolean last = carried.get(i).batch().header().last() || i == carried.size() - 1;
      BatchHeader header =
          new BatchHeader(
              own.mesh(),
              new Dot(own.site(), progress.seq() + 1 + i),
              previous,
              part,
              last,
              0,
              Hlc.ZERO,
              Hlc.ZERO,
              i == 0 ? seen : List.of());
      part = last ? 0 : part + 1;
      VerifiedBatch batch = BatchSeal.sign(new Batch(header, carried.get(i)), own.key());
      batches.add(batch);
      previous = batch.signed().hash();
    }
    keep(new Draft(batches, progress.clock(), seen), nowMillis);
    return batches.stream().map(VerifiedBatch::signed).toList();
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

  private VerifiedBatch sign(
      List<Change> changes,
      Dot dot,
      Hash previous,
      int part,
      boolean last,
      List<BatchHeader.Seen> seen) {
    Hlc low = Hlc.MAX;
    Hlc high = Hlc.ZERO;
    for (Change change : changes) {
      if (!change.hlc().isGenesis()) {
        low = low.compareTo(change.hlc()) <= 0 ? low : change.hlc();
        high = Hlc.max(high, change.hlc());
      }
    }
    Hlc from = high.equals(Hlc.ZERO) ? Hlc.ZERO : low;
    BatchHeader header =
        new BatchHeader(own.mesh(), dot, previous, part, last, 0, from, high, seen);
    return BatchSeal.sign(new Batch(header, changes), own.key());
  }

  /**
   * What was shown here since the last batch: what is delivered and waits, nobody here has seen.
   */
  private List<BatchHeader.Seen> freshlySeen() {
    Map<SiteId, SiteBook.SeenUpTo> before = sites.seenBy(own.site());
    Map<SiteId, Head> taken = sites.takenAhead();
    List<BatchHeader.Seen> fresh = new ArrayList<>();
    sites
        .shown()
        .forEach(
            (site, shown) -> {
              SiteBook.SeenUpTo known = before.get(site);
              boolean ahead = taken.containsKey(site);
              if (!site.equals(own.site()) && !ahead && shown > (known == null ? 0 : known.seq())) {
                fresh.add(seen(new Dot(site, shown)));
              }
            });
    taken.forEach(
        (site, head) -> {
          SiteBook.SeenUpTo known = before.get(site);
          if (head.seq() > (known == null ? 0 : known.seq())) {
            fresh.add(new BatchHeader.Seen(new Dot(site, head.seq()), head.hash()));
          }
        });
    return fresh;
  }

  private BatchHeader.Seen seen(Dot dot) {
    return new BatchHeader.Seen(
        dot, log.hash(dot).orElseThrow(() -> new IllegalStateException("no batch " + dot)));
  }
}
