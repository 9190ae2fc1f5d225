package sh.fazt.mesh;

import java.util.function.Supplier;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.store.Database;
import sh.fazt.mesh.store.KeyFolder;
import sh.fazt.mesh.store.KeyFolder.HighWater;
import sh.fazt.mesh.store.SiteBook;

/**
 * Keeps what stands outside the database in step with it: the high-water mark follows each commit,
 * before a batch can leave the machine; what was remembered is forgotten after a rollback.
 */
final class WriteGuard {
  private final Database database;
  private final KeyFolder folder;
  private final SiteBook sites;
  private long savedSeq;

  WriteGuard(Database database, KeyFolder folder, SiteBook sites) {
    this.database = database;
    this.folder = folder;
    this.sites = sites;
  }

  /**
   * Runs {@code work} in one write transaction of {@code own} site.
   *
   * @param forget drops what was remembered, after a rollback
   */
  <T> T write(SiteId own, Supplier<T> work, Runnable forget) {
    boolean done = false;
    try {
      T result = database.write(work);
      done = true;
      saveHighWater(own);
      return result;
    } finally {
      if (!done) {
        forget.run();
      }
    }
  }

  private void saveHighWater(SiteId own) {
    long seq = sites.progress(own).seq();
    if (seq > savedSeq) {
      savedSeq = seq;
      folder.saveHighWater(new HighWater(own.incarnation(), seq));
    }
  }

  /**
   * Compares what a peer says it holds of this node's own batches with what is here, and marks the
   * database as an older copy if something is missing.
   */
  boolean holds(SiteId own, long seq) {
    boolean held = seq <= sites.progress(own).seq();
    if (!held) {
      folder.saveHighWater(new HighWater(own.incarnation(), seq));
    }
    return held;
  }
}
