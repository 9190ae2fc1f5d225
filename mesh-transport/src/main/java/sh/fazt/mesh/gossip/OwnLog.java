package sh.fazt.mesh.gossip;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.clock.Dot;
import sh.fazt.mesh.delta.Head;
import sh.fazt.mesh.delta.Summary;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.roster.Authors;

/** What our change log holds, as the engine was told; confined. */
final class OwnLog {
  private final SiteId self;
  private final TreeMap<SiteId, Head> heads;
  private final Map<SiteId, Long> limits = new TreeMap<>();
  private Authors authors = Authors.NONE;
  private Summary floors = Summary.EMPTY;
  private @Nullable Summary summary;
  private @Nullable Hash hash;

  OwnLog(SiteId self, Summary summary) {
    this.self = self;
    this.heads = new TreeMap<>(summary.heads());
    summary.forks().forEach((site, seq) -> limits.put(site, seq - 1));
    this.summary = summary;
  }

  /** 0 for none. */
  long seq(SiteId site) {
    Head head = heads.get(site);
    return head == null ? 0 : head.seq();
  }

  boolean holds(Dot dot) {
    return seq(dot.site()) >= dot.seq();
  }

  Optional<Head> head(SiteId site) {
    return Optional.ofNullable(heads.get(site));
  }

  /**
   * Takes note of the next batch of a site.
   *
   * @throws IllegalStateException if it leaves a gap
   */
  void extend(Dot dot, Hash batch) {
    long before = seq(dot.site());
    if (dot.seq() != before + 1) {
      throw new IllegalStateException(dot + " after " + before + ": gap");
    }
    heads.put(dot.site(), new Head(dot.seq(), batch));
    summary = null;
    hash = null;
  }

  /**
   * Takes note that a site has forked.
   *
   * @param trunk the last batch before the fork that we hold
   * @param limit the seq of the last one there is
   */
  void close(SiteId site, Optional<Head> trunk, long limit) {
    limits.put(site, limit);
    trunk.ifPresentOrElse(head -> heads.put(site, head), () -> heads.remove(site));
    summary = null;
    hash = null;
  }

  /** A snapshot was taken in; of this site's own batches the log is told one by one even so. */
  void jump(Summary now) {
    now.heads()
        .forEach(
            (site, head) -> {
              if (!site.equals(self)) {
                heads.put(site, head);
              }
            });
    now.forks()
        .forEach(
            (site, seq) -> {
              limits.put(site, seq - 1);
              if (!now.heads().containsKey(site)) {
                heads.remove(site);
              }
            });
    summary = null;
    hash = null;
  }

  /** Up to where batches were trimmed. */
  void trimmed(Summary upTo) {
    floors = upTo;
  }

  Summary floors() {
    return floors;
  }

  /** The seq beyond which a site has no chain, as it has forked or may write no more. */
  long limit(SiteId site) {
    return Math.min(limits.getOrDefault(site, Long.MAX_VALUE), authors.limit(site));
  }

  /** Takes note of whose batches count, and how far. */
  void authors(Authors now) {
    authors = now;
  }

  Authors authors() {
    return authors;
  }

  Set<SiteId> sites() {
    return heads.keySet();
  }

  /** Of forked sites nobody holds more than the trunk, of retired ones no more than counts. */
  void bound(Holdings holdings) {
    limits.forEach(holdings::lower);
    if (authors.retiresAny()) {
      for (SiteId site : List.copyOf(holdings.seqs().keySet())) {
        holdings.lower(site, authors.limit(site));
      }
    }
  }

  Summary summary() {
    Summary known = summary;
    if (known == null) {
      Map<SiteId, Long> forks = new TreeMap<>();
      limits.forEach((site, limit) -> forks.put(site, limit + 1));
      known = Summary.of(heads, forks);
      summary = known;
    }
    return known;
  }

  Hash hash() {
    Hash known = hash;
    if (known == null) {
      known = summary().hash();
      hash = known;
    }
    return known;
  }

  /** How many batches this holds and {@code others} lacks. */
  long ahead(Holdings others) {
    long count = 0;
    for (var entry : heads.entrySet()) {
      count += Math.max(0, entry.getValue().seq() - others.seq(entry.getKey()));
    }
    return count;
  }

  /** How many batches {@code others} holds and this lacks. */
  long behind(Holdings others) {
    long count = 0;
    for (var entry : others.seqs().entrySet()) {
      count += Math.max(0, entry.getValue() - seq(entry.getKey()));
    }
    return count;
  }
}
