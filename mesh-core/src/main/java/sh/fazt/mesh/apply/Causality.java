package sh.fazt.mesh.apply;

import java.util.Map;
import sh.fazt.mesh.clock.Stamp;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.store.SiteBook.SeenUpTo;

/**
 * What the author of a batch had seen when it wrote it.
 *
 * @param seen up to where, for each other site
 */
record Causality(SiteId author, Map<SiteId, SeenUpTo> seen) {
  /** Whether the author knew of the write at {@code stamp}. */
  boolean knew(Stamp stamp) {
    if (stamp.site().equals(author)) {
      return true;
    }
    SeenUpTo upTo = seen.get(stamp.site());
    // Genesis stamps lie below every clock; whoever met the site at all has met them.
    return upTo != null && (stamp.hlc().isGenesis() || stamp.hlc().compareTo(upTo.clock()) <= 0);
  }
}
