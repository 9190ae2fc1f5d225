package sh.fazt.mesh.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.clock.Dot;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.schema.Value;
import sh.fazt.mesh.wire.SignedBatch;

/**
 * Proofs that a site forked: two batches with its signature of which one chain can hold but one.
 * One proof a site is kept: that of the place where its branches part, as soon as that is known.
 * Confined.
 */
public final class ForkTable {
  private final Database database;
  private final SiteBook sites;

  public ForkTable(Database database, SiteBook sites) {
    this.database = database;
    this.sites = sites;
  }

  /** A fork, by the batch that this node holds, and when it was found, Unix milliseconds. */
  public record Found(Dot held, long foundMillis) {}

  /**
   * The proof of a fork; whoever has the two can check it without anything else.
   *
   * @param ours the envelope of the batch that this node holds
   * @param theirs the envelope of another batch with this dot, or of one with the next dot that
   *     does not follow it
   */
  public record Proof(Bytes ours, Bytes theirs) {}

  /** Keeps a proof in place of the site's former one; inside a write transaction. */
  public void put(SignedBatch held, SignedBatch other, long nowMillis) {
    database.execute(
        "INSERT OR REPLACE INTO _mesh_fork (site, seq, found_at, ours, theirs)"
            + " VALUES (?, ?, ?, ?, ?)",
        Value.of(sites.number(held.dot().site())),
        Value.of(held.dot().seq()),
        Value.of(nowMillis),
        Value.of(held.envelope()),
        Value.of(other.envelope()));
  }

  /** The forks that were found, in the order in which their sites were met. */
  public List<Found> all() {
    List<Found> found = new ArrayList<>();
    String sql = "SELECT site, seq, found_at FROM _mesh_fork ORDER BY site";
    try (Rows rows = database.query(sql)) {
      while (rows.next()) {
        Dot held = new Dot(sites.site((int) rows.integer(0)), rows.integer(1));
        found.add(new Found(held, rows.integer(2)));
      }
    }
    return found;
  }

  /** What proves that a site forked, if it is known. */
  public Optional<Proof> proof(SiteId site) {
    String sql =
        """
        SELECT ours, theirs FROM _mesh_fork
        WHERE site = (SELECT number FROM _mesh_site WHERE node = ? AND incarnation = ?)""";
    try (Rows rows =
        database.query(sql, Value.of(site.node().value()), Value.of(site.incarnation()))) {
      return rows.next() ? Optional.of(new Proof(rows.blob(0), rows.blob(1))) : Optional.empty();
    }
  }
}
