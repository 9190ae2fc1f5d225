package sh.fazt.mesh.store;

import java.util.ArrayList;
import java.util.List;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.clock.Dot;
import sh.fazt.mesh.schema.Value;
import sh.fazt.mesh.wire.SignedBatch;

/**
 * Proofs that a site forked: two batches with its signature of which one chain can hold but one.
 * One proof a site is kept, the first that was found. Confined.
 */
public final class ForkTable {
  private final Database database;
  private final SiteBook sites;

  public ForkTable(Database database, SiteBook sites) {
    this.database = database;
    this.sites = sites;
  }

  /**
   * One proof; whoever has the two envelopes can check it without anything else.
   *
   * @param held the dot of the batch that this node holds
   * @param foundMillis Unix milliseconds
   * @param ours the envelope of that batch
   * @param theirs the envelope of another batch with this dot, or of one with the next dot that
   *     does not follow it
   */
  public record Proof(Dot held, long foundMillis, Bytes ours, Bytes theirs) {}

  /** Keeps a proof, unless there is one of that site; inside a write transaction. */
  public void put(SignedBatch held, SignedBatch other, long nowMillis) {
    database.execute(
        """
        INSERT INTO _mesh_fork (site, seq, found_at, ours, theirs) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (site) DO NOTHING""",
        Value.of(sites.number(held.dot().site())),
        Value.of(held.dot().seq()),
        Value.of(nowMillis),
        Value.of(held.envelope()),
        Value.of(other.envelope()));
  }

  /** The proofs, in the order in which the sites were met. */
  public List<Proof> all() {
    List<Proof> proofs = new ArrayList<>();
    String sql = "SELECT site, seq, found_at, ours, theirs FROM _mesh_fork ORDER BY site";
    try (Rows rows = database.query(sql)) {
      while (rows.next()) {
        Dot held = new Dot(sites.site((int) rows.integer(0)), rows.integer(1));
        proofs.add(new Proof(held, rows.integer(2), rows.blob(3), rows.blob(4)));
      }
    }
    return proofs;
  }
}
