package sh.fazt.mesh;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import sh.fazt.mesh.apply.Ingested;
import sh.fazt.mesh.apply.Restamp;
import sh.fazt.mesh.apply.RowProof;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.delta.Acknowledgement;
import sh.fazt.mesh.delta.DotRange;
import sh.fazt.mesh.delta.Summary;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.identity.MeshId;
import sh.fazt.mesh.identity.SigningKey;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.roster.Printable;
import sh.fazt.mesh.roster.RosterLimits;
import sh.fazt.mesh.schema.Value;
import sh.fazt.mesh.store.Database;
import sh.fazt.mesh.store.KeyFolder;
import sh.fazt.mesh.store.Meta.Fact;
import sh.fazt.mesh.store.ParkedTable;
import sh.fazt.mesh.store.PeerTable;
import sh.fazt.mesh.store.ReplicaLock;
import sh.fazt.mesh.wire.SignedBatch;

/**
 * One replica at work: a database, its change log and its keys. It takes in what any program writes
 * to the file, and what peers send. It has no threads and no network of its own; every method must
 * be called on the thread that opened it, and may throw a {@link sh.fazt.mesh.fault.MeshException}
 * for what the database or the disk refuses. What such a call committed before stays, of the rest
 * nothing does; calling again goes on.
 */
public final class Mesh implements AutoCloseable {
  private static final long KEEP_DAYS_MAX = 36_500;

  private final MeshParts parts;
  private final ReplicaLock lock;
  private final Ambient ambient;
  private final SignedHere signed;
  private long dataVersion = -1;
  private boolean closed;

  private Mesh(MeshParts parts, ReplicaLock lock, Ambient ambient, SignedHere signed) {
    this.parts = parts;
    this.lock = lock;
    this.ambient = ambient;
    this.signed = signed;
  }

  /**
   * Opens the replica in {@code file} for work; no other process may have it open for work.
   *
   * @throws sh.fazt.mesh.fault.MeshException NO_DATABASE, NOT_A_DATABASE, NOT_INITIALIZED,
   *     KEYS_MISSING, ALREADY_OPEN
   */
  public static Mesh open(Path file, Ambient ambient) {
    return open(file, ambient, new SignedHere());
  }

  /**
   * Opens the replica again, after this was closed, as where it {@link #mustReopen}. What it opens
   * knows what was signed in this process before, see {@link #isElsewhere}.
   *
   * @throws sh.fazt.mesh.fault.MeshException as {@link #open}
   */
  public Mesh openAgain() {
    return open(file(), ambient, signed);
  }

  private static Mesh open(Path file, Ambient ambient, SignedHere signed) {
    Database database = Replica.open(file);
    try {
      KeyFolder folder = KeyFolder.of(file);
      Replica.requireWritable(database);
      Replica.nodeKey(database, folder);
      ReplicaLock lock = ReplicaLock.take(folder);
      try {
        return new Mesh(new MeshParts(database, folder, ambient, signed), lock, ambient, signed);
      } catch (RuntimeException e) {
        lock.close();
        throw e;
      }
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
  }

  public MeshId id() {
    return parts.own.mesh();
  }

  public SiteId site() {
    return parts.own.site();
  }

  public SigningKey nodeKey() {
    return parts.own.key();
  }

  public Path file() {
    return parts.database.file();
  }

  public Ambient ambient() {
    return ambient;
  }

  /** Who is a member, and how one becomes one. */
  public Membership membership() {
    return parts.membership;
  }

  /**
   * Calls this node so on local networks; in the mesh its name stays.
   *
   * @throws MeshException USAGE if it is empty, over 64 bytes, or holds what does not show
   */
  public void nameBeacon(String name) {
    try {
      Printable.require("a name", name, RosterLimits.NAME_BYTES_MAX);
    } catch (IllegalArgumentException e) {
      throw new MeshException(
          ErrorCode.USAGE,
          "no name to announce: " + e.getMessage(),
          "fazt beacon set-name NAME",
          e);
    }
    parts.write(() -> parts.meta.put(Fact.BEACON_NAME, Value.of(name)));
  }

  /** What members have said of what their tables show. */
  public Acknowledging acknowledging() {
    return parts.acknowledging;
  }

  /** See {@link Acknowledging#say}; empty if it is not time, or nothing may be signed. */
  public Optional<Acknowledgement> acknowledge() {
    return parts.guard.isOver()
        ? Optional.empty()
        : parts.acknowledging.say(parts.database::makeDurable);
  }

  /**
   * Drops some of the batches that every member has and that are older than {@link #keepLog} says.
   *
   * @return whether there is more to do at once
   */
  public boolean trim() {
    return !parts.guard.isOver() && parts.trimming.step();
  }

  /**
   * The whole state of this replica at this moment, for a member that lacks batches which were
   * trimmed; empty if it cannot be read just now.
   */
  public Optional<SnapshotSource> snapshot() {
    return parts.guard.isOver() ? Optional.empty() : parts.snapshots.open();
  }

  /** Begins to take in another member's whole state; close it. */
  public Rebase rebase() {
    return new Rebase(parts, ambient);
  }

  /** Whether another member has confirmed the state that was taken in last. */
  public Unconfirmed unconfirmed() {
    return new Unconfirmed(parts);
  }

  /** Up to where the change log was trimmed, of each site with any such batch. */
  public Summary floors() {
    return parts.sites.floors();
  }

  /**
   * Keeps batches for so many days, and as long as any member needs them; without a number for
   * ever.
   *
   * @throws MeshException USAGE if the number is below 0 or above 36,500
   */
  public void keepLog(OptionalLong days) {
    if (days.isPresent() && (days.getAsLong() < 0 || days.getAsLong() > KEEP_DAYS_MAX)) {
      throw new MeshException(
          ErrorCode.USAGE,
          "the log is kept for 0 to " + KEEP_DAYS_MAX + " days, not " + days.getAsLong(),
          "fazt mesh log --help");
    }
    parts.write(
        () -> {
          if (days.isPresent()) {
            parts.meta.put(Fact.KEEP_LOG, Value.of(days.getAsLong()));
          } else {
            parts.meta.remove(Fact.KEEP_LOG);
          }
        });
  }

  /** What it is made of. */
  MeshParts parts() {
    return parts;
  }

  /** What is to be done about sites that signed twice. */
  public Branches branches() {
    return parts.branches;
  }

  /** What a person may want to see of this replica. */
  public MeshView view() {
    return parts.view;
  }

  /**
   * Signs again, with the time of now, what was written here while this machine's clock was ahead,
   * so that others need not wait for it. The clock must be right by now. The replica goes on as its
   * next incarnation when it is opened again, and must be.
   *
   * @return how many rows are concerned; 0 if nothing is ahead, and then nothing has happened
   */
  public long restamp() {
    parts.local.catchUp();
    AtomicLong rows = new AtomicLong();
    parts.write(
        () -> {
          parts.local.takeRest();
          Restamp restamp =
              new Restamp(
                  parts.catalog,
                  parts.sites,
                  parts.log,
                  new ParkedTable(parts.database),
                  ambient.now());
          rows.set(restamp.run());
          if (rows.get() > 0) {
            parts.meta.put(Fact.INCARNATION, Value.of(parts.own.site().incarnation() + 1));
            // Nothing that is ahead is shown any more.
            parts.meta.remove(Fact.CLOCK);
          }
        });
    if (rows.get() > 0) {
      parts.guard.retire();
    }
    return rows.get();
  }

  /**
   * Begins a session of small messages that are not stored: their numbers start anew, and the
   * session's own number was given to none before.
   */
  public long takeSession() {
    AtomicLong session = new AtomicLong();
    parts.write(
        () -> {
          session.set(parts.meta.integer(Fact.SESSION).orElse(0L) + 1);
          parts.meta.put(Fact.SESSION, Value.of(session.get()));
        });
    return session.get();
  }

  /** Mass deletes that wait, and what becomes of them. */
  public MassDeletes massDeletes() {
    return parts.massDeletes;
  }

  /** What is remembered of other nodes' whereabouts. */
  public PeerTable peers() {
    return new PeerTable(parts.database);
  }

  /** Whether another connection has committed since this was last asked. */
  public boolean changedOutside() {
    long now = parts.database.scalar("PRAGMA data_version");
    boolean changed = now != dataVersion;
    dataVersion = now;
    return changed;
  }

  /**
   * Takes in what was written to the tracked tables, as much as one short turn can, and looks again
   * at what was waiting. What takes long is done on a snapshot; the write lock is taken only to
   * keep what was found.
   *
   * @return this site's batches since this was last asked, those of an {@link #ingest} included
   * @see #hasMore
   */
  public List<SignedBatch> harvest() {
    if (parts.guard.isOver()) {
      parts.guard.settle();
    } else {
      parts.guard.requireNewest();
      parts.local.takeIn();
    }
    return takeFresh();
  }

  /**
   * Whether {@link #harvest} should be called again at once: there was more than one turn could
   * take, or rows that were there before the mesh are still being taken in or sent.
   */
  public boolean hasMore() {
    return !parts.guard.isOver() && (parts.local.hasMore() || parts.fresh.isBehind());
  }

  /**
   * Whether so much was written here that to take it in is the work of many turns of {@link
   * #harvest}: {@link #ingest} would have to do that first.
   */
  public boolean isBehind() {
    return parts.local.isBehind();
  }

  /**
   * Looks at the next rows, touched or not, on a snapshot. Those that are not as they were last
   * shown are taken in by the next {@link #harvest}.
   *
   * @param sinceMillis since when they may have changed, Unix milliseconds; their time, for want of
   *     a better one
   * @return whether there are more; if not, the next call begins with the first row again
   */
  public boolean scrub(long sinceMillis) {
    return !parts.guard.isOver() && parts.local.scrub(sinceMillis);
  }

  /**
   * Whether nothing more is signed until the database is opened again, as it should be now: it goes
   * on as the next incarnation then. While its keys cannot be marked, {@link #harvest} tries to.
   */
  public boolean mustReopen() {
    return parts.guard.mustReopen();
  }

  /** Whether the database turned out to be an older copy of itself. */
  public boolean isOlderCopy() {
    return parts.guard.isOlderCopy();
  }

  /**
   * Whether another process works with this node's keys: it has signed a batch, as a site of this
   * node, when it had seen what was signed here. One of the two must stop.
   */
  public boolean isElsewhere() {
    return parts.guard.isElsewhere();
  }

  /** This site's batches since this or {@link #harvest} was last called. */
  public List<SignedBatch> takeFresh() {
    return parts.guard.isOver() ? List.of() : parts.fresh.take();
  }

  /** How many changes peers' batches have brought since this replica was opened. */
  public long rowsReceived() {
    return parts.remote.rowsReceived();
  }

  /** How many changes were made here and signed since this was last asked. */
  public long takeRowsWritten() {
    return parts.fresh.takeChanges();
  }

  /** How many rows that were there before the mesh were looked at since this was opened. */
  public long genesisRows() {
    return parts.genesis.rows();
  }

  /**
   * Tells the replica that it holds all that a peer holds; a newcomer waits for this before it
   * sends the rows that it brought along.
   *
   * @return whether it had waited
   */
  public boolean caughtUp() {
    return parts.genesis.send();
  }

  /**
   * Checks what a peer sent, and in one transaction takes in what was written here, delivers,
   * merges and shows.
   *
   * <p>A batch that this node signed and the change log lacks shows that the database is an older
   * copy of itself. Nothing is signed from then on; opened again, it goes on as a new incarnation.
   *
   * @param envelopes signed batches as {@link SignedBatch#envelope} has them, in an order in which
   *     each follows what its author had seen
   * @return one result an envelope, in their order, up to the first that cannot be taken in at all
   * @throws sh.fazt.mesh.fault.MeshException FAILURE after a result {@link Ingested.OwnPast}
   */
  public List<Ingested> ingest(List<Bytes> envelopes) {
    return parts.remote.ingest(envelopes);
  }

  /**
   * Shows rows again as the signed batches of the change log have them. What was written here is
   * taken in first; rows of which more has come since they were judged are left alone.
   *
   * @return how many rows were mended
   */
  public int mend(List<RowProof> proofs) {
    parts.local.catchUp();
    AtomicInteger mended = new AtomicInteger();
    parts.write(
        () -> {
          parts.local.takeRest();
          mended.set(parts.ingestion.mend(proofs, ambient.now()));
        });
    return mended.get();
  }

  /** What the change log holds. */
  public Summary summary() {
    return parts.sites.summary();
  }

  /** A cursor over the batches in {@code ranges}, in an order in which they can be delivered. */
  public DeltaCursor delta(List<DotRange> ranges) {
    return parts.branches.delta(ranges);
  }

  /**
   * What to show of the tables to somebody who proved to hold an invitation.
   *
   * @throws sh.fazt.mesh.fault.MeshException TABLE_UNSUPPORTED if one takes too much text to tell
   *     of
   */
  public PreviewSource preview() {
    return new PreviewSource(parts.database, parts.catalog).requireTellable();
  }

  /**
   * Begins to replicate tables; rows that are there already are taken in by the next {@link
   * #harvest}.
   *
   * @param evenPrivate whether a table that holds secrets may be among them
   */
  public void track(Set<String> tables, boolean evenPrivate) {
    parts.write(() -> parts.tracking.track(tables, evenPrivate));
    parts.genesis.lookAgain();
  }

  /**
   * Has columns of a table merge so from now on, on all nodes once they have heard of it.
   *
   * @param words the word for its type, such as {@code counter}, by the name of the column; {@code
   *     lww} for the last write to win again
   * @throws MeshException TABLE_UNKNOWN, COLUMN_UNKNOWN, USAGE or NOT_A_MEMBER; then nothing has
   *     changed
   */
  public void merge(String table, Map<String, String> words) {
    parts.write(() -> new MergeChoice(parts.catalog, parts.membership).choose(table, words));
  }

  /**
   * Ends the replication of tables here; their rows stay, here and elsewhere. A transaction of
   * which a part is signed is taken in to its end first: others show it whole or not at all.
   */
  public void untrack(Set<String> tables) {
    parts.write(
        () -> {
          if (parts.author.hasOpenTransaction()) {
            parts.local.takeRest();
          }
          parts.tracking.untrack(tables);
        });
  }

  /** Calling again does nothing. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      parts.database.close();
      lock.close();
    }
  }
}
