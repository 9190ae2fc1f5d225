package sh.fazt.mesh.store;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import sh.fazt.mesh.clock.Dot;
import sh.fazt.mesh.clock.Hlc;
import sh.fazt.mesh.delta.SnapshotRecord.Floor;
import sh.fazt.mesh.delta.Summary;
import sh.fazt.mesh.delta.Trimmed;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.schema.Value;

/** How far the change log was trimmed, by the stamps of what is gone. Only reads. Confined. */
public final class FloorBook {
  private final Database database;
  private final SiteBook sites;
  private final ChangeLog log;

  public FloorBook(Database database, SiteBook sites) {
    this.database = database;
    this.sites = sites;
    this.log = new ChangeLog(database, sites);
  }

  /**
   * Whether there may have been rows that were forgotten: that is switched on, and something was
   * trimmed, here or by whoever gave this node its state.
   */
  public boolean mayHide() {
    return new Meta(database).find(Meta.Fact.FORGETS).isPresent()
        && database.scalar("SELECT count(*) FROM _mesh_site WHERE floor_seq > 0") > 0;
  }

  /** The highest stamp of all that was trimmed. */
  public Hlc latest() {
    return floors(sites.floors()).values().stream().map(Floor::clock).reduce(Hlc.ZERO, Hlc::max);
  }

  /** Floors with the clocks of their sites. */
  public Map<SiteId, Floor> floors(Summary summary) {
    Map<SiteId, Floor> floors = new TreeMap<>();
    summary
        .heads()
        .forEach(
            (site, head) ->
                floors.put(site, new Floor(head, log.clockBy(new Dot(site, head.seq())))));
    return floors;
  }

  /** The writes up to these floors, which this node or another has reached. */
  public Trimmed trimmed(Map<SiteId, Floor> floors) {
    Map<SiteId, Hlc> clocks = new TreeMap<>();
    Set<SiteId> genesis = new HashSet<>();
    floors.forEach(
        (site, floor) -> {
          if (sites.forkedAt(site).isEmpty()) {
            clocks.put(site, floor.clock());
            if (lastGenesis(site) <= floor.head().seq()) {
              genesis.add(site);
            }
          }
        });
    return new Trimmed(clocks, genesis);
  }

  /** The last batch of a site in which there are rows from before the mesh, or may be. */
  private long lastGenesis(SiteId site) {
    return database.scalar(
        """
        SELECT max(
          (SELECT coalesce(max(seq), 0) FROM _mesh_batch WHERE site = ?1 AND genesis = 1),
          (SELECT CASE WHEN taken_seq > shown_seq THEN taken_seq ELSE 0 END
             FROM _mesh_site WHERE number = ?1))""",
        sites.find(site).equals(Value.NULL) ? Value.of(-1) : sites.find(site));
  }
}
