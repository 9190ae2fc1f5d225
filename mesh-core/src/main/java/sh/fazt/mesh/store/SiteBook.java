package sh.fazt.mesh.store;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.clock.Hlc;
import sh.fazt.mesh.delta.Head;
import sh.fazt.mesh.delta.SnapshotRecord;
import sh.fazt.mesh.delta.Summary;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.identity.VerifyKey;
import sh.fazt.mesh.schema.Value;

/**
 * The sites this node has met: a small number for each, how far its batches have come, and what it
 * had seen of the others by then. Confined.
 */
public final class SiteBook {
  private final Database database;
  private final Map<SiteId, Integer> numbers = new HashMap<>();
  private final Map<Integer, SiteId> sites = new HashMap<>();
  private @Nullable Map<SiteId, Long> forks;

  public SiteBook(Database database) {
    this.database = database;
  }

  /**
   * How far a site has come.
   *
   * @param head its last delivered batch, if any
   * @param clock its clock after that batch
   * @param shownSeq the last batch that was applied, 0 for none
   * @param shownPart how many changes of the batch after it were applied
   * @param forkedAt the first seq at which the site signed twice, if it did
   */
  public record Progress(
      Optional<Head> head, Hlc clock, long shownSeq, int shownPart, OptionalLong forkedAt) {
    public long seq() {
      return head.map(Head::seq).orElse(0L);
    }

    public Hash hash() {
      return head.map(Head::hash).orElse(Hash.ZERO);
    }

    /** Whether a batch lies behind a fork: it belongs to one branch of several. */
    public boolean isBranch(long seq) {
      return forkedAt.isPresent() && seq >= forkedAt.getAsLong();
    }
  }

  /** Drops what is remembered outside the database, after a transaction was rolled back. */
  public void forget() {
    numbers.clear();
    sites.clear();
    forks = null;
  }

  /** The site's number here, given at the first call; inside a write transaction. */
  public int number(SiteId site) {
    return known(site).orElseGet(() -> insert(site));
  }

  /** The site's number, to look for; for one that was never met NULL, which nothing equals. */
  public Value find(SiteId site) {
    return known(site).map(number -> Value.of(number)).orElse(Value.NULL);
  }

  private Optional<Integer> known(SiteId site) {
    Integer cached = numbers.get(site);
    if (cached != null) {
      return Optional.of(cached);
    }
    Optional<Integer> stored =
        database
            .first(
                "SELECT number FROM _mesh_site WHERE node = ? AND incarnation = ?",
                Value.of(site.node().value()),
                Value.of(site.incarnation()))
            .map(value -> (int) ((Value.Int) value).value());
    stored.ifPresent(number -> remember(number, site));
    return stored;
  }

  private int insert(SiteId site) {
    database.execute(
        "INSERT INTO _mesh_site (node, incarnation, clock) VALUES (?, ?, ?)",
        Value.of(site.node().value()),
        Value.of(site.incarnation()),
        StoredHlc.value(Hlc.ZERO));
    int number = (int) database.scalar("SELECT last_insert_rowid()");
    remember(number, site);
    return number;
  }

  private void remember(int number, SiteId site) {
    numbers.put(site, number);
    sites.put(number, site);
  }

  /** The site of that number. */
  public SiteId site(int number) {
    SiteId cached = sites.get(number);
    if (cached != null) {
      return cached;
    }
    String sql = "SELECT node, incarnation FROM _mesh_site WHERE number = ?";
    try (Rows rows = database.query(sql, Value.of(number))) {
      if (!rows.next()) {
        throw new IllegalStateException("no site has number " + number);
      }
      SiteId site = new SiteId(new VerifyKey(rows.blob(0)), (int) rows.integer(1));
      remember(number, site);
      return site;
    }
  }

  public Progress progress(SiteId site) {
    String sql =
        """
        SELECT head_seq, head_hash, clock, shown_seq, shown_part, forked_at FROM _mesh_site
        WHERE node = ? AND incarnation = ?""";
    try (Rows rows =
        database.query(sql, Value.of(site.node().value()), Value.of(site.incarnation()))) {
      if (!rows.next()) {
        return new Progress(Optional.empty(), Hlc.ZERO, 0, 0, OptionalLong.empty());
      }
      long seq = rows.integer(0);
      Optional<Head> head =
          seq == 0 ? Optional.empty() : Optional.of(new Head(seq, new Hash(rows.blob(1))));
      OptionalLong fork =
          rows.value(5) instanceof Value.Int at
              ? OptionalLong.of(at.value())
              : OptionalLong.empty();
      return new Progress(
          head, StoredHlc.of(rows.integer(2)), rows.integer(3), (int) rows.integer(4), fork);
    }
  }

  /** Takes note of the site's newest batch; inside a write transaction. */
  public void advance(SiteId site, Head head, Hlc clock) {
    database.execute(
        "UPDATE _mesh_site SET head_seq = ?, head_hash = ?, clock = ? WHERE number = ?",
        Value.of(head.seq()),
        Value.of(head.hash().value()),
        StoredHlc.value(clock),
        Value.of(number(site)));
  }

  /** Takes note of this node's own newest batch, which its tables show already. */
  public void advanceOwn(SiteId site, Head head, Hlc clock) {
    database.execute(
        """
        UPDATE _mesh_site SET head_seq = ?1, head_hash = ?2, clock = ?3, shown_seq = ?1
        WHERE number = ?4""",
        Value.of(head.seq()),
        Value.of(head.hash().value()),
        StoredHlc.value(clock),
        Value.of(number(site)));
  }

  /**
   * Takes note of what was applied: the site's batches up to {@code seq}, and {@code part} changes
   * of the next.
   */
  public void shown(SiteId site, long seq, int part) {
    database.execute(
        "UPDATE _mesh_site SET shown_seq = ?, shown_part = ? WHERE number = ?",
        Value.of(seq),
        Value.of(part),
        Value.of(number(site)));
  }

  /**
   * Takes note that the site signed two batches with that seq; inside a write transaction.
   *
   * @return false if so many sites have forked that no summary could name one more
   */
  public boolean fork(SiteId site, long seq) {
    if (forkedAt(site).isEmpty() && forks().size() >= Summary.FORKS_MAX) {
      return false;
    }
    database.execute(
        "UPDATE _mesh_site SET forked_at = min(coalesce(forked_at, ?1), ?1) WHERE number = ?2",
        Value.of(seq),
        Value.of(number(site)));
    forks = null;
    return true;
  }

  /** The first seq at which the site signed twice, if it did. */
  public OptionalLong forkedAt(SiteId site) {
    Long fork = forks().get(site);
    return fork == null ? OptionalLong.empty() : OptionalLong.of(fork);
  }

  /** The sites that signed twice, each with the first seq at which it did. */
  public Map<SiteId, Long> forks() {
    Map<SiteId, Long> known = forks;
    if (known == null) {
      known = seqs("SELECT number, forked_at FROM _mesh_site WHERE forked_at IS NOT NULL");
      forks = known;
    }
    return known;
  }

  /**
   * Takes note that {@code site} has seen {@code other}.
   *
   * @param at the seq of the batch that said so
   */
  public void see(SiteId site, SiteId other, SeenUpTo upTo, long at) {
    see(number(site), other, upTo, at);
  }

  void see(long number, SiteId other, SeenUpTo upTo, long at) {
    database.execute(
        """
        INSERT INTO _mesh_seen (site, other, seq, clock, moved_at) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (site, other) DO UPDATE SET
          seq = max(seq, excluded.seq), clock = max(clock, excluded.clock),
          moved_at = excluded.moved_at""",
        Value.of(number),
        Value.of(number(other)),
        Value.of(upTo.seq()),
        StoredHlc.value(upTo.clock()),
        Value.of(at));
  }

  /** Whether the site's node goes on as a later incarnation. */
  public boolean isSucceeded(SiteId site) {
    return database.scalar(
            """
            SELECT count(*) FROM _mesh_site
            WHERE node = ? AND incarnation > ? AND head_seq > 0""",
            Value.of(site.node().value()),
            Value.of(site.incarnation()))
        > 0;
  }

  /** What a site had seen of another: up to which batch, and that one's clock. */
  public record SeenUpTo(long seq, Hlc clock) {}

  /** What {@code site} had seen of each other site when it wrote its last delivered batch. */
  public Map<SiteId, SeenUpTo> seenBy(SiteId site) {
    return known(site).map(this::seenBy).orElseGet(TreeMap::new);
  }

  Map<SiteId, SeenUpTo> seenBy(long number) {
    Map<SiteId, SeenUpTo> seen = new TreeMap<>();
    String sql = "SELECT other, seq, clock FROM _mesh_seen WHERE site = ?";
    try (Rows rows = database.query(sql, Value.of(number))) {
      while (rows.next()) {
        seen.put(
            site((int) rows.integer(0)),
            new SeenUpTo(rows.integer(1), StoredHlc.of(rows.integer(2))));
      }
    }
    return seen;
  }

  /** Every site that was ever met. */
  public List<SiteId> all() {
    return List.copyOf(seqs("SELECT number, 0 FROM _mesh_site").keySet());
  }

  /** What each site had seen of each other, branches aside. */
  public List<SnapshotRecord.Seen> allSeen() {
    List<SnapshotRecord.Seen> seen = new ArrayList<>();
    String sql = "SELECT site, other, seq, clock FROM _mesh_seen WHERE site > 0 AND seq > 0";
    try (Rows rows = database.query(sql)) {
      while (rows.next()) {
        seen.add(
            new SnapshotRecord.Seen(
                site((int) rows.integer(0)),
                site((int) rows.integer(1)),
                rows.integer(2),
                StoredHlc.of(rows.integer(3))));
      }
    }
    return seen;
  }

  /** What this node holds, of a forked site up to the fork: in that all come to agree. */
  public Summary summary() {
    Map<SiteId, Head> heads = new TreeMap<>();
    String sql =
        """
        SELECT number, head_seq, head_hash FROM _mesh_site
        WHERE head_seq > 0 AND head_seq < coalesce(forked_at, head_seq + 1)
        UNION ALL
        SELECT number, seq, hash FROM _mesh_site JOIN _mesh_batch
          ON site = number AND seq = forked_at - 1
        WHERE head_seq >= forked_at""";
    try (Rows rows = database.query(sql)) {
      while (rows.next()) {
        heads.put(site((int) rows.integer(0)), new Head(rows.integer(1), new Hash(rows.blob(2))));
      }
    }
    return Summary.of(heads, forks());
  }

  /** What the tables show, as {@link #summary} has it of what is delivered. */
  public Summary shownSummary() {
    Map<SiteId, Head> heads = new TreeMap<>();
    String sql =
        """
        SELECT number, seq, hash FROM _mesh_site JOIN _mesh_batch
          ON site = number AND seq = min(shown_seq, coalesce(forked_at - 1, shown_seq))""";
    try (Rows rows = database.query(sql)) {
      while (rows.next()) {
        heads.put(site((int) rows.integer(0)), new Head(rows.integer(1), new Hash(rows.blob(2))));
      }
    }
    return Summary.of(heads, forks());
  }

  /** Up to which batch a site's were trimmed; 0 for none. */
  public long floor(SiteId site) {
    return database.scalar("SELECT floor_seq FROM _mesh_site WHERE number = ?", find(site));
  }

  /** Takes note of that; inside a write transaction. */
  public void raiseFloor(SiteId site, long seq) {
    database.execute(
        "UPDATE _mesh_site SET floor_seq = max(floor_seq, ?) WHERE number = ?",
        Value.of(seq),
        Value.of(number(site)));
  }

  /** Takes note that the tables show a site's batches up to that one, by a snapshot. */
  public void taken(SiteId site, Head head) {
    database.execute(
        """
        UPDATE _mesh_site SET taken_seq = ?1, taken_hash = ?2
        WHERE number = ?3 AND taken_seq < ?1""",
        Value.of(head.seq()),
        Value.of(head.hash().value()),
        Value.of(number(site)));
  }

  /** What the tables show by a snapshot alone, as those batches are not here yet. */
  public Map<SiteId, Head> takenAhead() {
    Map<SiteId, Head> ahead = new TreeMap<>();
    String sql =
        "SELECT number, taken_seq, taken_hash FROM _mesh_site"
            + " WHERE taken_seq > shown_seq AND forked_at IS NULL";
    try (Rows rows = database.query(sql)) {
      while (rows.next()) {
        ahead.put(site((int) rows.integer(0)), new Head(rows.integer(1), new Hash(rows.blob(2))));
      }
    }
    return ahead;
  }

  /** Of each site of which batches were trimmed the last of these. */
  public Summary floors() {
    Map<SiteId, Head> heads = new TreeMap<>();
    String sql =
        """
        SELECT number, floor_seq, coalesce(hash, zeroblob(32)) FROM _mesh_site
        LEFT JOIN _mesh_batch ON site = number AND seq = floor_seq
        WHERE floor_seq > 0""";
    try (Rows rows = database.query(sql)) {
      while (rows.next()) {
        heads.put(site((int) rows.integer(0)), new Head(rows.integer(1), new Hash(rows.blob(2))));
      }
    }
    return Summary.of(heads);
  }

  /** How many batches were ever delivered, trimmed ones included. */
  public long delivered() {
    return database.scalar("SELECT sum(head_seq) FROM _mesh_site");
  }

  /** How many batches have been trimmed. */
  public long trimmed() {
    return database.scalar("SELECT sum(floor_seq) FROM _mesh_site");
  }

  /** The last batch that was applied, for each site with any; no branches. */
  public Map<SiteId, Long> shown() {
    return seqs(
        """
        SELECT number, min(shown_seq, coalesce(forked_at - 1, shown_seq)) FROM _mesh_site
        WHERE shown_seq > 0 AND coalesce(forked_at, 2) > 1""");
  }

  /** Sites with delivered batches that are not applied yet, with the first such seq. */
  public Map<SiteId, Long> unshown() {
    return seqs("SELECT number, shown_seq + 1 FROM _mesh_site WHERE shown_seq < head_seq");
  }

  /** Sites of whose next transaction some changes are shown and others not yet. */
  public Map<SiteId, Long> shownInPart() {
    return seqs("SELECT number, shown_seq + 1 FROM _mesh_site WHERE shown_part > 0");
  }

  private Map<SiteId, Long> seqs(String sql) {
    Map<SiteId, Long> seqs = new TreeMap<>();
    try (Rows rows = database.query(sql)) {
      while (rows.next()) {
        seqs.put(site((int) rows.integer(0)), rows.integer(1));
      }
    }
    return seqs;
  }
}
