package sh.fazt.mesh;

import java.util.Optional;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.capture.OwnSite;
import sh.fazt.mesh.change.Batch;
import sh.fazt.mesh.change.BatchHeader.Seen;
import sh.fazt.mesh.clock.Dot;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.store.ChangeLog;
import sh.fazt.mesh.store.Database;
import sh.fazt.mesh.store.KeyFolder;
import sh.fazt.mesh.store.KeyFolder.HighWater;
import sh.fazt.mesh.store.SiteBook;
import sh.fazt.mesh.wire.VerifiedBatch;

/**
 * Keeps what stands outside the database in step with it: the high-water mark stands before a batch
 * can leave the machine, and before the next is signed; what was remembered is forgotten after a
 * rollback.
 */
final class WriteGuard {
  private final Database database;
  private final KeyFolder folder;
  private final SiteBook sites;
  private final ChangeLog log;
  private final OwnSite own;
  private final LockShare share;
  private final SignedHere signed;
  private long savedSeq;
  private Optional<ChangeLog.Place> newest;
  private boolean doubtful;
  private Optional<Ending> ending = Optional.empty();
  private Optional<HighWater> owed = Optional.empty();
  private boolean elsewhere;

  /** Why nothing more is signed until the database is opened again. */
  private enum Ending {
    OLDER_COPY("is an older copy of itself"),
    RESTAMPED("was signed anew");

    private final String words;

    Ending(String words) {
      this.words = words;
    }
  }

  /** What is to be kept in step. */
  record Kept(Database database, KeyFolder folder, SiteBook sites, ChangeLog log) {}

  WriteGuard(Kept kept, OwnSite own, SignedHere signed, LockShare share) {
    this.database = kept.database();
    this.folder = kept.folder();
    this.sites = kept.sites();
    this.log = kept.log();
    this.own = own;
    this.signed = signed;
    this.share = share;
    this.newest = log.newest();
    signed.begin(own.site(), signedSeq());
  }

  private long signedSeq() {
    return sites.progress(own.site()).seq();
  }

  /**
   * Runs {@code work} in one write transaction of this site. As long as the mark of what was signed
   * before cannot be written, nothing more is. Others have their share of the lock first.
   *
   * @param forget drops what was remembered, after a rollback
   */
  void write(Runnable work, Runnable forget) {
    saveHighWater();
    share.await();
    boolean done = false;
    try {
      newest =
          database.write(
              () -> {
                share.taken();
                requireNewest();
                work.run();
                signed.reach(own.site(), signedSeq());
                return log.newest();
              });
      // The mark is moved by whoever lets a batch leave. To fail for it here would tell the caller
      // that nothing was written, after it was.
      done = true;
    } finally {
      share.released();
      if (!done) {
        forget.run();
      }
    }
  }

  private void saveHighWater() {
    long seq = signedSeq();
    if (seq > savedSeq && ending.isEmpty()) {
      folder.saveHighWater(new HighWater(own.site().incarnation(), seq));
      savedSeq = seq;
    }
  }

  /**
   * Makes sure that no number of a committed batch can be used twice, so that the batch may leave.
   * A flush that follows one that failed may succeed without what the first has lost; from then on
   * the mark is flushed too, which tells after a power cut that the database is older.
   */
  void release() {
    saveHighWater();
    boolean done = false;
    try {
      database.makeDurable();
      done = true;
    } finally {
      doubtful |= !done;
    }
    if (doubtful) {
      folder.flushHighWater();
    }
  }

  /**
   * Refuses to go on with a database that lacks batches which this very object saw in it: an older
   * copy was put in its place meanwhile. If some of those were its own, it goes on as the next
   * incarnation when it is opened, since the key folder knows of them.
   *
   * @throws MeshException FAILURE
   */
  void requireNewest() {
    if (signedSeq() < savedSeq || !newest.map(log::has).orElse(true)) {
      end(Ending.OLDER_COPY);
    }
    requireWhole();
  }

  /**
   * Of {@code batch}, or of what it carries, the dot that shows that this database is not the only
   * one of its node, or is an older copy: its node signed it, as this site or as a later
   * incarnation, and the change log does not have it; or another process has.
   */
  Optional<Dot> ownPast(VerifiedBatch batch) {
    if (isOwnPast(batch.batch(), batch.signed().hash())) {
      return Optional.of(batch.signed().dot());
    }
    return batch
        .batch()
        .carried()
        .filter(carried -> isOwnPast(carried.batch(), carried.hash()))
        .map(carried -> carried.batch().header().dot());
  }

  private boolean isOwnPast(Batch batch, Hash hash) {
    Dot dot = batch.header().dot();
    if (!batch.header().mesh().equals(own.mesh())
        || !dot.site().node().equals(own.site().node())
        || log.hash(dot).equals(Optional.of(hash))) {
      return false;
    }
    boolean another = !signed.has(dot) && batch.header().seen().stream().anyMatch(this::isOurs);
    elsewhere |= another;
    return another || dot.site().incarnation() >= own.site().incarnation();
  }

  private boolean isOurs(Seen seen) {
    return signed.has(seen.dot()) && log.hash(seen.dot()).equals(Optional.of(seen.hash()));
  }

  /**
   * Whether a batch was met that another process signed with this node's key: it was not signed
   * here, and its author had seen what was. The time of a clock would prove nothing.
   */
  boolean isElsewhere() {
    return elsewhere;
  }

  /** Has nothing more signed: the database goes on as another incarnation when it is opened. */
  void retire() {
    end(Ending.RESTAMPED);
  }

  private void end(Ending reason) {
    ending = ending.or(() -> Optional.of(reason));
  }

  /**
   * Marks the database as an older copy; it goes on as the next incarnation when it is opened. If
   * the mark cannot be written, {@link #settle} must be called until it can.
   *
   * @param proof as {@link #ownPast} has it
   */
  void lose(Dot proof) {
    end(Ending.OLDER_COPY);
    long seq = signedSeq();
    if (proof.site().equals(own.site())) {
      seq = Math.max(seq + 1, proof.seq());
    } else if (proof.site().compareTo(own.site()) > 0) {
      seq = proof.seq();
    }
    int incarnation = Math.max(proof.site().incarnation(), own.site().incarnation());
    owed = Optional.of(new HighWater(incarnation, seq));
    settle();
  }

  /** Writes the mark that could not be written when the database was marked, if any. */
  void settle() {
    owed.ifPresent(folder::saveHighWater);
    owed = Optional.empty();
  }

  /**
   * Refuses to go on with a database that was marked.
   *
   * @throws MeshException FAILURE
   */
  void requireWhole() {
    if (ending.isPresent()) {
      throw new MeshException(
          ErrorCode.FAILURE,
          database.file() + " " + ending.get().words + " and must be opened again",
          null);
    }
  }

  /** Whether nothing more is signed. */
  boolean isOver() {
    return ending.isPresent();
  }

  /** Whether nothing more is signed, and no number is used twice if the database is opened now. */
  boolean mustReopen() {
    return isOver() && owed.isEmpty();
  }

  /** Whether it was marked as an older copy since it was opened. */
  boolean isOlderCopy() {
    return ending.equals(Optional.of(Ending.OLDER_COPY));
  }
}
