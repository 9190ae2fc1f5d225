package sh.fazt.mesh.store;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.change.BatchHeader;
import sh.fazt.mesh.change.Carried;
import sh.fazt.mesh.clock.Dot;
import sh.fazt.mesh.clock.Stamp;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.schema.Value;

/**
 * The branches of forked sites: what this replica holds of them besides the chain in its change
 * log, carried there by the batches of others. A branch is named by the hash of its first batch,
 * the one that follows the trunk. Confined.
 */
public final class BranchBook {
  private final Database database;
  private final SiteBook sites;

  public BranchBook(Database database, SiteBook sites) {
    this.database = database;
    this.sites = sites;
  }

  /**
   * Takes note of what a batch carries; inside a write transaction.
   *
   * @param carrier the carrying batch's number in the change log
   */
  public void put(long carrier, Carried carried) {
    BatchHeader header = carried.batch().header();
    Optional<Hash> before = branchOf(header.dot().site(), header.previous());
    Hash branch = before.orElse(carried.hash());
    boolean genesis =
        carried.batch().changes().stream().anyMatch(change -> change.hlc().isGenesis());
    database.execute(
        """
        INSERT INTO _mesh_carried
          (carrier, site, seq, hash, previous, branch, low, high, genesis)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        Value.of(carrier),
        Value.of(sites.number(header.dot().site())),
        Value.of(header.dot().seq()),
        Value.of(carried.hash().value()),
        Value.of(header.previous().value()),
        Value.of(branch.value()),
        StoredHlc.value(header.low()),
        StoredHlc.value(header.high()),
        Value.of(genesis ? 1 : 0));
    if (before.isEmpty()) {
      inheritSeen(header.dot(), carrier);
    }
  }

  private Optional<Hash> branchOf(SiteId site, Hash batch) {
    return hash(
        "SELECT branch FROM _mesh_carried WHERE hash = ? AND site = ? LIMIT 1",
        Value.of(batch.value()),
        sites.find(site));
  }

  /** What the branch begins with is what its site had seen of others on the trunk. */
  private void inheritSeen(Dot first, long carrier) {
    database.execute(
        """
        INSERT INTO _mesh_seen (site, other, seq, clock, moved_at)
        SELECT -?1, other, seq, clock, moved_at FROM _mesh_seen
        WHERE site = ?2 AND moved_at < ?3""",
        Value.of(carrier),
        sites.find(first.site()),
        Value.of(first.seq()));
  }

  /** How many changes a site's batches hold from one seq to another, what they carry aside. */
  public long written(SiteId site, long from, long to) {
    return database.scalar(
        """
        SELECT coalesce(sum(changes), 0) FROM _mesh_batch
        WHERE site = ? AND seq BETWEEN ? AND ? AND id NOT IN (SELECT carrier FROM _mesh_carried)""",
        sites.find(site),
        Value.of(from),
        Value.of(to));
  }

  /** Whether the batch with that number carries another. */
  public boolean carries(long number) {
    return database.scalar("SELECT count(*) FROM _mesh_carried WHERE carrier = ?", Value.of(number))
        > 0;
  }

  /** Whether a carried batch with that hash is here. */
  public boolean holds(Hash batch) {
    return database.scalar(
            "SELECT count(*) FROM _mesh_carried WHERE hash = ?", Value.of(batch.value()))
        > 0;
  }

  /** Another carried batch in that place, with the same batch before it, if one is here. */
  public OptionalLong sibling(Dot dot, Hash hash, Hash previous) {
    return database
        .first(
            """
            SELECT carrier FROM _mesh_carried
            WHERE site = ? AND seq = ? AND previous = ? AND hash <> ? LIMIT 1""",
            sites.find(dot.site()),
            Value.of(dot.seq()),
            Value.of(previous.value()),
            Value.of(hash.value()))
        .map(carrier -> OptionalLong.of(((Value.Int) carrier).value()))
        .orElse(OptionalLong.empty());
  }

  /**
   * The branches on which a write may stand; none if its site has not forked or the write is on the
   * trunk. Two, if a site used one stamp on two branches.
   */
  public Set<Hash> at(Stamp stamp) {
    Set<Hash> branches = new HashSet<>();
    OptionalLong fork = sites.forkedAt(stamp.site());
    if (fork.isEmpty()) {
      return branches;
    }
    Value site = sites.find(stamp.site());
    Value hlc = StoredHlc.value(stamp.hlc());
    Value from = Value.of(fork.getAsLong());
    String chain =
        """
        SELECT hash FROM _mesh_batch WHERE site = ?1 AND seq = ?3 AND ?3 <=
          (SELECT seq FROM _mesh_batch WHERE site = ?1 AND low <= ?2 ORDER BY low DESC LIMIT 1)
        UNION
        SELECT branch FROM _mesh_carried
        WHERE site = ?1 AND seq >= ?3 AND low <= ?2 AND high >= ?2""";
    try (Rows rows = database.query(chain, site, hlc, from)) {
      while (rows.next()) {
        branches.add(new Hash(rows.blob(0)));
      }
    }
    return branches;
  }

  /** The batches that carry a write here: who has seen one of them has seen the write. */
  public List<Dot> carriersOf(Stamp stamp) {
    List<Dot> carriers = new ArrayList<>();
    String sql =
        """
        SELECT b.site, b.seq FROM _mesh_carried AS c JOIN _mesh_batch AS b ON b.id = c.carrier
        WHERE c.site = ? AND c.low <= ?2 AND c.high >= ?2""";
    try (Rows rows = database.query(sql, sites.find(stamp.site()), StoredHlc.value(stamp.hlc()))) {
      while (rows.next()) {
        carriers.add(new Dot(sites.site((int) rows.integer(0)), rows.integer(1)));
      }
    }
    return carriers;
  }

  /** The branch of a carried batch, by the number of its carrier in the change log. */
  public Hash branch(long carrier) {
    return hash("SELECT branch FROM _mesh_carried WHERE carrier = ?", Value.of(carrier))
        .orElseThrow(() -> new IllegalStateException("batch " + carrier + " carries nothing"));
  }

  /** What the author of a write had seen of others by the last batch of its branch that came. */
  public Map<SiteId, SiteBook.SeenUpTo> seenBy(SiteId author, Set<Hash> on) {
    Optional<Hash> carried = on.stream().filter(this::holds).findFirst();
    OptionalLong fork = sites.forkedAt(author);
    boolean chain =
        carried.isEmpty()
            || fork.isEmpty()
            || log(author, fork.getAsLong()).filter(on::contains).isPresent();
    return chain ? sites.seenBy(author) : seenOn(carried.get());
  }

  private Optional<Hash> log(SiteId site, long seq) {
    return hash(
        "SELECT hash FROM _mesh_batch WHERE site = ? AND seq = ?", sites.find(site), Value.of(seq));
  }

  /** What the author of a branch had seen of others, up to the last batch of it that came. */
  public Map<SiteId, SiteBook.SeenUpTo> seenOn(Hash branch) {
    return sites.seenBy(seenKey(branch));
  }

  /** Takes note of what a carried batch says that its author had seen. */
  public void see(Hash branch, Dot seen, SiteBook.SeenUpTo upTo, long at) {
    sites.see(seenKey(branch), seen.site(), upTo, at);
  }

  /** Under which number {@code _mesh_seen} keeps a branch: apart from the sites'. */
  private long seenKey(Hash branch) {
    return -database.scalar(
        "SELECT min(carrier) FROM _mesh_carried WHERE branch = ?", Value.of(branch.value()));
  }

  /**
   * What the change log holds of a forked site beyond the fork and no trunk carries: the numbers of
   * the first such batches, in their order.
   */
  public List<Long> uncarried(SiteId site, int limit) {
    List<Long> numbers = new ArrayList<>();
    String sql =
        """
        SELECT b.id FROM _mesh_batch AS b JOIN _mesh_site AS s ON s.number = b.site
        LEFT JOIN _mesh_carried AS own ON own.carrier = b.id
        WHERE s.number = ?1 AND b.seq >= s.forked_at AND b.changes > 0
          AND length(b.envelope) > 0 AND NOT EXISTS (
          SELECT 1 FROM _mesh_carried AS c
          JOIN _mesh_batch AS k ON k.id = c.carrier JOIN _mesh_site AS t ON t.number = k.site
          WHERE c.hash = coalesce(own.hash, b.hash)
            AND k.seq < coalesce(t.forked_at, k.seq + 1))
        ORDER BY b.seq LIMIT ?2""";
    try (Rows rows = database.query(sql, sites.find(site), Value.of(limit))) {
      while (rows.next()) {
        numbers.add(rows.integer(0));
      }
    }
    return numbers;
  }

  private Optional<Hash> hash(String sql, Value... arguments) {
    return database.first(sql, arguments).map(value -> new Hash(((Value.Blob) value).value()));
  }
}
