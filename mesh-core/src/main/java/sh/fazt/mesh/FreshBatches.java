package sh.fazt.mesh;

import java.util.ArrayList;
import java.util.List;
import sh.fazt.mesh.delta.DotRange;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.store.BranchBook;
import sh.fazt.mesh.store.ChangeLog;
import sh.fazt.mesh.store.Database;
import sh.fazt.mesh.store.ForkTable;
import sh.fazt.mesh.store.SiteBook;
import sh.fazt.mesh.wire.SignedBatch;

/**
 * Gives out a site's own batches, each once. From the log, not from memory: whatever went wrong
 * after a commit, no batch is forgotten. Confined.
 */
final class FreshBatches {
  private static final int PAGE_BYTES = 1 << 20;

  private final Database database;
  private final SiteBook sites;
  private final ChangeLog log;
  private final SiteId site;
  private final Runnable release;
  private long takenSeq;
  private boolean behind;
  private long changes;

  /**
   * @param release makes sure that what was signed may leave the machine
   */
  FreshBatches(Database database, SiteBook sites, ChangeLog log, SiteId site, Runnable release) {
    this.database = database;
    this.sites = sites;
    this.log = log;
    this.site = site;
    this.release = release;
    this.takenSeq = sites.progress(site).seq();
  }

  /** Whether there are batches that could not be given out when this was last asked. */
  boolean isBehind() {
    return behind;
  }

  /** The batches since this was last asked. */
  List<SignedBatch> take() {
    long newest = sites.progress(site).seq();
    List<SignedBatch> fresh = new ArrayList<>();
    behind = newest > takenSeq;
    if (behind) {
      // A batch that peers have seen must survive a power cut, or its number would be used twice.
      release.run();
      ForkTable proofs = new ForkTable(database, sites);
      List<DotRange> range = List.of(new DotRange(site, takenSeq + 1, newest));
      DeltaCursor cursor = new DeltaCursor(log, sites, proofs, range);
      List<SignedBatch> page = cursor.next(PAGE_BYTES);
      while (!page.isEmpty()) {
        fresh.addAll(page);
        page = cursor.next(PAGE_BYTES);
      }
      changes += new BranchBook(database, sites).written(site, takenSeq + 1, newest);
      takenSeq = newest;
      behind = false;
    }
    return fresh;
  }

  /** How many changes they held that were made here, since this was last asked. */
  long takeChanges() {
    long taken = changes;
    changes = 0;
    return taken;
  }
}
