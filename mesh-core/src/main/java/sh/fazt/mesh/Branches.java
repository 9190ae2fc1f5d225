package sh.fazt.mesh;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import sh.fazt.mesh.apply.Ingestion;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.capture.BatchAuthor;
import sh.fazt.mesh.change.Carried;
import sh.fazt.mesh.delta.DotRange;
import sh.fazt.mesh.delta.Head;
import sh.fazt.mesh.delta.Summary;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.store.BranchBook;
import sh.fazt.mesh.store.ChangeLog;
import sh.fazt.mesh.store.Database;
import sh.fazt.mesh.store.ForkTable;
import sh.fazt.mesh.store.SiteBook;
import sh.fazt.mesh.wire.BatchSeal;
import sh.fazt.mesh.wire.SignedBatch;

/**
 * What a replica does about sites that signed twice, as a database does that was put back or copied
 * with its keys: nothing of either branch may be lost. Confined to the thread of its {@link Mesh}.
 */
public final class Branches {
  /** Batches after which a page, carried in one write transaction, ends with a transaction. */
  private static final int PAGE_BATCHES = 64;

  /** Bytes of batches after which it does. */
  private static final int PAGE_BYTES = 4 << 20;

  /** Batches at which a page ends in the middle of a transaction. */
  private static final int PAGE_BATCHES_MAX = 1_024;

  /** Bytes of batches at which it does. */
  private static final int PAGE_BYTES_MAX = 32 << 20;

  /**
   * Where a page ends.
   *
   * @param batches with which it ends at the end of a transaction
   * @param bytes of batches with which it does
   * @param batchesMax with which it ends in any case
   * @param bytesMax of batches with which it does
   */
  record Page(int batches, int bytes, int batchesMax, int bytesMax) {}

  private final Consumer<Runnable> writer;
  private final SiteBook sites;
  private final ChangeLog log;
  private final BranchBook branches;
  private final ForkTable proofs;
  private final BatchAuthor author;
  private final Ingestion ingestion;
  private final RemoteWrites remote;
  private final Ambient ambient;
  private Page pageEnd = new Page(PAGE_BATCHES, PAGE_BYTES, PAGE_BATCHES_MAX, PAGE_BYTES_MAX);

  /**
   * @param writer runs work in one write transaction, and rolls it back if it throws
   */
  Branches(
      Database database,
      Consumer<Runnable> writer,
      SiteBook sites,
      ChangeLog log,
      BatchAuthor author,
      Ingestion ingestion,
      RemoteWrites remote,
      Ambient ambient) {
    this.writer = writer;
    this.sites = sites;
    this.log = log;
    this.branches = new BranchBook(database, sites);
    this.proofs = new ForkTable(database, sites);
    this.author = author;
    this.ingestion = ingestion;
    this.remote = remote;
    this.ambient = ambient;
  }

  /**
   * What is left of a forked site's chain.
   *
   * @param limit the seq of its last batch, 0 if it forked with the first
   * @param head the last of it that is here
   */
  public record Trunk(SiteId site, long limit, Optional<Head> head) {}

  /**
   * Takes note that a site has forked, if two batches prove it: both signed by it, with one dot,
   * and following the same one. Neither is delivered.
   *
   * @return whether they do; false also for batches of this node's own that were lost, and of nodes
   *     whose batches are not welcome
   * @see #takeFound
   */
  public boolean prove(Bytes one, Bytes other) {
    return remote.prove(one, other);
  }

  /** Those that were found to have forked, or to have forked earlier, since this was last asked. */
  public List<Trunk> takeFound() {
    Set<SiteId> forked = ingestion.forked();
    if (forked.isEmpty()) {
      return List.of();
    }
    Summary summary = sites.summary();
    List<Trunk> trunks = new ArrayList<>();
    for (SiteId site : forked) {
      // One that was found in a transaction that was rolled back has not forked, as far as is
      // known.
      sites
          .forkedAt(site)
          .ifPresent(seq -> trunks.add(new Trunk(site, seq - 1, summary.head(site))));
    }
    // Only now: what could not be read is asked for again.
    ingestion.forgetForked(forked);
    return trunks;
  }

  /** Whether there is something that {@link #carry} would sign. */
  public boolean mustCarry() {
    return author.mayWrite()
        && sites.forks().keySet().stream().anyMatch(site -> !branches.uncarried(site, 1).isEmpty());
  }

  /**
   * Signs, within batches of this site's own, a page of what this replica holds of forked sites and
   * nobody has carried. Where a transaction of many turns is under way it waits.
   *
   * @return whether there is more to carry
   */
  public boolean carry() {
    if (mustCarry() && !author.hasOpenTransaction()) {
      writer.accept(() -> sites.forks().keySet().forEach(this::carryPage));
    }
    return mustCarry();
  }

  /** Has pages end elsewhere. */
  void endPagesAt(Page end) {
    this.pageEnd = end;
  }

  /** See {@link Mesh#delta}. */
  DeltaCursor delta(List<DotRange> ranges) {
    return new DeltaCursor(log, sites, proofs, ranges);
  }

  private void carryPage(SiteId site) {
    List<Carried> page = new ArrayList<>();
    long bytes = 0;
    boolean full = false;
    for (long number : branches.uncarried(site, pageEnd.batchesMax())) {
      if (!full) {
        Carried carried = BatchSeal.carried(log.envelope(number));
        page.add(carried);
        bytes += carried.signed().size();
        boolean enough = page.size() >= pageEnd.batches() || bytes >= pageEnd.bytes();
        full = (enough && carried.batch().header().last()) || bytes >= pageEnd.bytesMax();
      }
    }
    if (!page.isEmpty()) {
      List<SignedBatch> carriers = author.carry(page, ambient.now());
      for (int i = 0; i < carriers.size(); i++) {
        branches.put(log.number(carriers.get(i).dot()), page.get(i));
      }
    }
  }
}
