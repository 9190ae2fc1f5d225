package sh.fazt.mesh.gossip;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import sh.fazt.mesh.delta.Summary;
import sh.fazt.mesh.identity.SiteId;

/** Of each site the highest seq that someone is believed to hold; confined. */
final class Holdings {
  /** As many as a summary has: of more sites nothing is kept until the next one. */
  static final int SITES_MAX = Summary.SITES_MAX;

  private final Map<SiteId, Long> seqs = new TreeMap<>();

  /** 0 for none. */
  long seq(SiteId site) {
    return seqs.getOrDefault(site, 0L);
  }

  void raise(SiteId site, long seq) {
    if (seqs.size() < SITES_MAX || seqs.containsKey(site)) {
      seqs.merge(site, seq, Math::max);
    }
  }

  void lower(SiteId site, long seq) {
    if (seq(site) > seq) {
      seqs.put(site, seq);
    }
  }

  void replace(Summary summary) {
    seqs.clear();
    summary.heads().forEach((site, head) -> seqs.put(site, head.seq()));
  }

  void clear() {
    seqs.clear();
  }

  Map<SiteId, Long> seqs() {
    return Collections.unmodifiableMap(seqs);
  }
}
