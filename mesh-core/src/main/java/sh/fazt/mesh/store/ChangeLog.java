package sh.fazt.mesh.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.change.Batch;
import sh.fazt.mesh.change.BatchHeader;
import sh.fazt.mesh.change.Change;
import sh.fazt.mesh.clock.Dot;
import sh.fazt.mesh.clock.Hlc;
import sh.fazt.mesh.delta.DotRange;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.identity.VerifyKey;
import sh.fazt.mesh.schema.Value;
import sh.fazt.mesh.wire.BatchSeal;
import sh.fazt.mesh.wire.SignedBatch;
import sh.fazt.mesh.wire.VerifiedBatch;

/**
 * The batches this node holds, its own and others', as the signed bytes. The order of their numbers
 * is the order of delivery, in which each batch stands after all that its author had seen. Of a
 * batch that was trimmed its number, hash and times stay; it is no more among those that are found.
 * Confined.
 */
public final class ChangeLog {
  private final Database database;
  private final SiteBook sites;

  public ChangeLog(Database database, SiteBook sites) {
    this.database = database;
    this.sites = sites;
  }

  /**
   * Stores a batch that extends its site's chain; inside a write transaction.
   *
   * @param clock the site's clock after the batch
   */
  public void append(VerifiedBatch verified, Hlc clock, long nowMillis) {
    SignedBatch signed = verified.signed();
    BatchHeader header = verified.batch().header();
    boolean genesis =
        verified.batch().changes().stream().anyMatch(change -> change.hlc().isGenesis());
    List<Change> changes = verified.batch().content().changes();
    long deletes = changes.stream().filter(Change.Delete.class::isInstance).count();
    database.execute(
        """
        INSERT INTO _mesh_batch
          (site, seq, hash, low, clock, genesis, last, changes, deletes, received_at, envelope)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        Value.of(sites.number(signed.dot().site())),
        Value.of(signed.dot().seq()),
        Value.of(signed.hash().value()),
        StoredHlc.value(header.low()),
        StoredHlc.value(clock),
        Value.of(genesis ? 1 : 0),
        Value.of(header.last() ? 1 : 0),
        Value.of(changes.size()),
        Value.of(deletes),
        Value.of(nowMillis),
        Value.of(signed.envelope()));
  }

  /** One stored batch, opened. */
  public record Logged(long number, Batch batch, long receivedAtMillis, Hash hash, int bytes) {
    /** The batch whose changes are to be merged. */
    public Batch content() {
      return batch.content();
    }
  }

  private static Logged logged(Rows rows) {
    Bytes envelope = rows.blob(1);
    return new Logged(
        rows.integer(0),
        BatchSeal.reopen(envelope),
        rows.integer(2),
        new Hash(rows.blob(3)),
        envelope.size());
  }

  private static final String LOGGED =
      "SELECT id, envelope, received_at, hash FROM _mesh_batch WHERE length(envelope) > 0 ";

  public Optional<Logged> find(long number) {
    try (Rows rows = database.query(LOGGED + "AND id = ?", Value.of(number))) {
      return rows.next() ? Optional.of(logged(rows)) : Optional.empty();
    }
  }

  /** The first batch that was delivered after {@code number}. */
  public Optional<Logged> next(long number) {
    try (Rows rows = database.query(LOGGED + "AND id > ? ORDER BY id LIMIT 1", Value.of(number))) {
      return rows.next() ? Optional.of(logged(rows)) : Optional.empty();
    }
  }

  public Optional<Logged> find(Dot dot) {
    try (Rows rows =
        database.query(
            LOGGED + "AND site = ? AND seq = ?", sites.find(dot.site()), Value.of(dot.seq()))) {
      return rows.next() ? Optional.of(logged(rows)) : Optional.empty();
    }
  }

  /** When a batch came to be here, Unix milliseconds; never, if it did not. */
  public long receivedMillis(Dot dot) {
    return database
        .first(
            "SELECT received_at FROM _mesh_batch WHERE site = ? AND seq = ?",
            sites.find(dot.site()),
            Value.of(dot.seq()))
        .map(at -> ((Value.Int) at).value())
        .orElse(Long.MAX_VALUE);
  }

  /**
   * Puts the place of a batch into the log that is known by a snapshot alone; inside a write
   * transaction.
   *
   * @param clock the site's after that batch
   */
  public void appendTrimmed(Dot dot, Hash hash, Hlc clock, long nowMillis) {
    database.execute(
        """
        INSERT INTO _mesh_batch
          (site, seq, hash, low, clock, genesis, last, changes, deletes, received_at, envelope)
        VALUES (?1, ?2, ?3, ?4, ?4, 0, 1, 0, 0, ?5, x'')""",
        Value.of(sites.number(dot.site())),
        Value.of(dot.seq()),
        Value.of(hash.value()),
        StoredHlc.value(clock),
        Value.of(nowMillis));
  }

  /** Drops what a batch holds; inside a write transaction. */
  public void trim(Dot dot) {
    database.execute(
        "UPDATE _mesh_batch SET envelope = x'' WHERE site = ? AND seq = ?",
        sites.find(dot.site()),
        Value.of(dot.seq()));
  }

  /**
   * A batch as it was signed, if it is in the log; without its envelope, if it was trimmed.
   *
   * @throws IllegalStateException if it is not there
   */
  public SignedBatch held(Dot dot) {
    String sql = "SELECT hash, envelope FROM _mesh_batch WHERE site = ? AND seq = ?";
    try (Rows rows = database.query(sql, sites.find(dot.site()), Value.of(dot.seq()))) {
      if (!rows.next()) {
        throw new IllegalStateException(dot + " is not in the change log");
      }
      return new SignedBatch(dot, new Hash(rows.blob(0)), rows.blob(1));
    }
  }

  /**
   * A batch as it was signed, by its number.
   *
   * @throws IllegalStateException if no batch has it
   */
  public Bytes envelope(long number) {
    try (Rows rows =
        database.query("SELECT envelope FROM _mesh_batch WHERE id = ?", Value.of(number))) {
      if (!rows.next()) {
        throw new IllegalStateException("no batch " + number);
      }
      return rows.blob(0);
    }
  }

  public Optional<Hash> hash(Dot dot) {
    return database
        .first(
            "SELECT hash FROM _mesh_batch WHERE site = ? AND seq = ?",
            sites.find(dot.site()),
            Value.of(dot.seq()))
        .map(value -> new Hash(((Value.Blob) value).value()));
  }

  /** The site's clock at the last batch that is here up to that one: its highest stamp so far. */
  public Hlc clockBy(Dot dot) {
    return database
        .first(
            "SELECT clock FROM _mesh_batch WHERE site = ? AND seq <= ? ORDER BY seq DESC LIMIT 1",
            sites.find(dot.site()),
            Value.of(dot.seq()))
        .map(clock -> StoredHlc.of(((Value.Int) clock).value()))
        .orElse(Hlc.ZERO);
  }

  /** Shows the batches, the newest first, for as long as {@code more} says so. */
  public void backwards(Predicate<Logged> more) {
    try (Rows rows = database.query(LOGGED + "ORDER BY id DESC")) {
      boolean wanted = true;
      while (wanted && rows.next()) {
        wanted = more.test(logged(rows));
      }
    }
  }

  /** How many changes a node's batches hold that came to be here after {@code afterMillis}. */
  public long changesOf(VerifyKey node, long afterMillis) {
    return database.scalar(
        """
        SELECT coalesce(sum(changes), 0) FROM _mesh_batch
        WHERE received_at > ? AND site IN (SELECT number FROM _mesh_site WHERE node = ?)""",
        Value.of(afterMillis),
        Value.of(node.value()));
  }

  /** How many batches of a node came to be here after {@code afterMillis}. */
  public long batchesOf(VerifyKey node, long afterMillis) {
    return database.scalar(
        """
        SELECT count(*) FROM _mesh_batch
        WHERE received_at > ? AND site IN (SELECT number FROM _mesh_site WHERE node = ?)""",
        Value.of(afterMillis),
        Value.of(node.value()));
  }

  /** How many changes a site's batches hold from the first on that is stamped after {@code hlc}. */
  public long changesAfter(SiteId site, Hlc hlc) {
    return database.scalar(
        "SELECT coalesce(sum(changes), 0) FROM _mesh_batch WHERE site = ? AND clock > ?",
        sites.find(site),
        StoredHlc.value(hlc));
  }

  /** The lowest stamp of a site's batches beyond {@code seq}, if any are here. */
  public Optional<Hlc> lowestAfter(SiteId site, long seq) {
    return database
        .first(
            "SELECT low FROM _mesh_batch WHERE site = ? AND seq > ? ORDER BY seq LIMIT 1",
            sites.find(site),
            Value.of(seq))
        .map(low -> StoredHlc.of(((Value.Int) low).value()));
  }

  /** Shows a node's batches that came to be here after {@code afterMillis}. */
  public void eachOf(VerifyKey node, long afterMillis, Consumer<Logged> consumer) {
    String condition =
        """
        AND received_at > ? AND site IN (SELECT number FROM _mesh_site WHERE node = ?)
        ORDER BY id""";
    try (Rows rows =
        database.query(LOGGED + condition, Value.of(afterMillis), Value.of(node.value()))) {
      while (rows.next()) {
        consumer.accept(logged(rows));
      }
    }
  }

  /** The number of a batch in the order of delivery; 0 if it is not here. */
  public long number(Dot dot) {
    return database.scalar(
        "SELECT id FROM _mesh_batch WHERE site = ? AND seq = ?",
        sites.find(dot.site()),
        Value.of(dot.seq()));
  }

  /** The place in the order of delivery behind which all of {@code ranges} lie. */
  public long before(List<DotRange> ranges) {
    return ranges.stream()
        .mapToLong(range -> firstFrom(range) - 1)
        .filter(place -> place >= 0)
        .min()
        .orElse(Long.MAX_VALUE);
  }

  private long firstFrom(DotRange range) {
    return database.scalar(
        "SELECT min(id) FROM _mesh_batch WHERE site = ? AND seq BETWEEN ? AND ?",
        sites.find(range.site()),
        Value.of(range.from()),
        Value.of(range.to()));
  }

  /** The seq that ends the transaction to which the batch {@code seq} belongs, if it is here. */
  public Optional<Long> endOfTransaction(SiteId site, long seq) {
    return database
        .first(
            "SELECT min(seq) FROM _mesh_batch WHERE site = ? AND seq >= ? AND last = 1",
            sites.find(site),
            Value.of(seq))
        .filter(value -> value instanceof Value.Int)
        .map(value -> ((Value.Int) value).value());
  }

  /** The seq that begins the transaction to which the batch {@code seq} belongs. */
  public long startOfTransaction(SiteId site, long seq) {
    return 1
        + database.scalar(
            "SELECT coalesce(max(seq), 0) FROM _mesh_batch WHERE site = ? AND seq < ? AND last = 1",
            sites.find(site),
            Value.of(seq));
  }

  /** How many changes a site's batches hold from one seq to another. */
  public long changes(SiteId site, long from, long to) {
    return database.scalar(
        """
        SELECT coalesce(sum(changes), 0) FROM _mesh_batch
        WHERE site = ? AND seq BETWEEN ? AND ?""",
        sites.find(site),
        Value.of(from),
        Value.of(to));
  }

  /** How many of the site's batches up to {@code head} belong to a transaction still open there. */
  public int openParts(SiteId site, long head) {
    return (int)
        (head
            - database.scalar(
                "SELECT max(seq) FROM _mesh_batch WHERE site = ? AND last = 1", sites.find(site)));
  }

  /**
   * The batches within {@code ranges} that were delivered after {@code after}, in the order of
   * delivery: at least one if there is any, and no more once they weigh {@code bytesMax}.
   */
  public List<Numbered> page(List<DotRange> ranges, long after, int bytesMax) {
    List<Numbered> page = new ArrayList<>();
    int bytes = 0;
    String sql =
        """
        SELECT id, site, seq, hash, envelope FROM _mesh_batch
        WHERE id > ? AND length(envelope) > 0 ORDER BY id""";
    try (Rows rows = database.query(sql, Value.of(after))) {
      while (bytes < bytesMax && rows.next()) {
        Dot dot = new Dot(sites.site((int) rows.integer(1)), rows.integer(2));
        if (isWithin(dot, ranges)) {
          Bytes envelope = rows.blob(4);
          bytes += envelope.size();
          SignedBatch batch = new SignedBatch(dot, new Hash(rows.blob(3)), envelope);
          page.add(new Numbered(rows.integer(0), batch));
        }
      }
    }
    return page;
  }

  /** A batch and its number in the order of delivery. */
  public record Numbered(long number, SignedBatch batch) {}

  private static boolean isWithin(Dot dot, List<DotRange> ranges) {
    return ranges.stream()
        .anyMatch(
            range ->
                range.site().equals(dot.site())
                    && range.from() <= dot.seq()
                    && dot.seq() <= range.to());
  }

  /** The values that writes gave. */
  public LoggedValues values() {
    return new LoggedValues(database, sites, this);
  }

  /** A batch's number in the order of delivery, and its hash. */
  public record Place(long number, Hash hash) {}

  /** The batch that was delivered last, if any was. */
  public Optional<Place> newest() {
    try (Rows rows = database.query("SELECT id, hash FROM _mesh_batch ORDER BY id DESC LIMIT 1")) {
      return rows.next()
          ? Optional.of(new Place(rows.integer(0), new Hash(rows.blob(1))))
          : Optional.empty();
    }
  }

  /** Whether that batch stands in that place. */
  public boolean has(Place place) {
    return database
        .first("SELECT hash FROM _mesh_batch WHERE id = ?", Value.of(place.number()))
        .equals(Optional.of(Value.of(place.hash().value())));
  }

  public long count() {
    return database.scalar("SELECT count(*) FROM _mesh_batch");
  }
}
