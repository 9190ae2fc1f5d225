package sh.fazt.mesh.gossip;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import sh.fazt.mesh.clock.Dot;
import sh.fazt.mesh.delta.DotRange;
import sh.fazt.mesh.identity.SiteId;

/** One want that is being answered; confined to the engine. */
final class Pull {
  final long id;
  final PeerState peer;
  private final Map<SiteId, List<DotRange>> ranges = new TreeMap<>();
  private final Map<SiteId, Long> arrived = new TreeMap<>();
  private long settledBytes;
  long deadlineMillis;

  Pull(long id, PeerState peer, List<DotRange> wanted) {
    this.id = id;
    this.peer = peer;
    for (DotRange range : wanted) {
      ranges.computeIfAbsent(range.site(), site -> new ArrayList<>()).add(range);
    }
  }

  Set<SiteId> sites() {
    return ranges.keySet();
  }

  /** Whether that batch was asked for. */
  boolean expects(Dot dot) {
    return ranges.getOrDefault(dot.site(), List.of()).stream()
        .anyMatch(range -> range.from() <= dot.seq() && dot.seq() <= range.to());
  }

  void arrived(Dot dot) {
    arrived.merge(dot.site(), dot.seq(), Math::max);
  }

  /** The last batch of a site that came, or else the one before the first that was asked for. */
  long reached(SiteId site) {
    List<DotRange> asked = ranges.getOrDefault(site, List.of());
    return arrived.getOrDefault(site, asked.isEmpty() ? 0 : asked.get(0).from() - 1);
  }

  /** The first batch of a site that did not come. */
  Dot next(SiteId site) {
    return new Dot(site, reached(site) + 1);
  }

  /** Whether all of a site came. */
  boolean isComplete(SiteId site) {
    List<DotRange> asked = ranges.getOrDefault(site, List.of());
    return asked.isEmpty() || reached(site) >= asked.get(asked.size() - 1).to();
  }

  /** Counts bytes that are dealt with. @return what to grant anew, 0 while it is little */
  int settle(int bytes, int windowBytes) {
    settledBytes += bytes;
    if (settledBytes < windowBytes / 4) {
      return 0;
    }
    int grant = (int) Math.min(settledBytes, Integer.MAX_VALUE);
    settledBytes -= grant;
    return grant;
  }
}
