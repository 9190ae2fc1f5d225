package sh.fazt.mesh.delta;

import java.util.Map;
import java.util.Set;
import sh.fazt.mesh.clock.Hlc;
import sh.fazt.mesh.clock.Stamp;
import sh.fazt.mesh.identity.SiteId;

/**
 * Which writes lie in batches that were trimmed. Whoever has trimmed them has shown them: a row of
 * which it knows nothing more is dead.
 *
 * @param clocks of each site its highest stamp in such batches; sites that forked are absent
 * @param genesis the sites all of whose rows from before the mesh were in such batches
 */
public record Trimmed(Map<SiteId, Hlc> clocks, Set<SiteId> genesis) {
  public Trimmed {
    clocks = Map.copyOf(clocks);
    genesis = Set.copyOf(genesis);
  }

  /** Whether that write is one of them. */
  public boolean covers(Stamp stamp) {
    Hlc clock = clocks.get(stamp.site());
    return clock != null
        && (stamp.hlc().isGenesis()
            ? genesis.contains(stamp.site())
            : stamp.hlc().compareTo(clock) <= 0);
  }
}
