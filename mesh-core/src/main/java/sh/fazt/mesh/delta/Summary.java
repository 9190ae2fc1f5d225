package sh.fazt.mesh.delta;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.identity.SiteId;

/**
 * What a node holds: of each site the last batch with none missing before it; and which sites it
 * knows to have forked, and where. Immutable; a version vector with proof.
 *
 * <p>Parker et al., "Detection of Mutual Inconsistency in Distributed Systems", 1983.
 */
public final class Summary {
  /** The most sites that a summary from a peer may name. */
  public static final int SITES_MAX = 10_000;

  /** The most forks that a summary from a peer may name. */
  public static final int FORKS_MAX = 5_000;

  public static final Summary EMPTY = of(Map.of());

  private final SortedMap<SiteId, Head> heads;
  private final SortedMap<SiteId, Long> forks;

  private Summary(SortedMap<SiteId, Head> heads, SortedMap<SiteId, Long> forks) {
    this.heads = heads;
    this.forks = forks;
  }

  public static Summary of(Map<SiteId, Head> heads) {
    return of(heads, Map.of());
  }

  /**
   * @param forks the sites that have forked, each with the first seq that it signed twice; its head
   *     lies before
   */
  public static Summary of(Map<SiteId, Head> heads, Map<SiteId, Long> forks) {
    return new Summary(new TreeMap<>(heads), new TreeMap<>(forks));
  }

  /** The heads in the order of their sites. */
  public Map<SiteId, Head> heads() {
    return Collections.unmodifiableMap(heads);
  }

  /** The sites that are known to have forked, each with the first seq that it signed twice. */
  public Map<SiteId, Long> forks() {
    return Collections.unmodifiableMap(forks);
  }

  /** The highest seq held of {@code site}, 0 for none. */
  public long seq(SiteId site) {
    Head head = heads.get(site);
    return head == null ? 0 : head.seq();
  }

  public Optional<Head> head(SiteId site) {
    return Optional.ofNullable(heads.get(site));
  }

  /** This with the given head in place of the site's former one. */
  public Summary with(SiteId site, Head head) {
    SortedMap<SiteId, Head> changed = new TreeMap<>(heads);
    changed.put(site, head);
    return new Summary(changed, forks);
  }

  /** What {@code theirs} holds and this does not, in the order of sites. */
  public List<DotRange> lacking(Summary theirs) {
    List<DotRange> ranges = new ArrayList<>();
    theirs.heads.forEach(
        (site, head) -> {
          long mine = seq(site);
          if (head.seq() > mine) {
            ranges.add(new DotRange(site, mine + 1, head.seq()));
          }
        });
    return ranges;
  }

  /** Equal hashes, equal summaries. */
  public Hash hash() {
    ByteWriter out = new ByteWriter();
    writeTo(out);
    return Hash.of(out.toBytes());
  }

  /**
   * A count, then per site its id, seq and hash, in the order of sites; a count, then per forked
   * site its id and the seq, in the order of sites.
   */
  public void writeTo(ByteWriter out) {
    out.varint(heads.size());
    heads.forEach(
        (site, head) -> {
          site.writeTo(out);
          out.varint(head.seq()).raw(head.hash().value());
        });
    out.varint(forks.size());
    forks.forEach(
        (site, seq) -> {
          site.writeTo(out);
          out.varint(seq);
        });
  }

  public static Summary readFrom(ByteReader in) throws MalformedException {
    int count = in.count("sites in a summary", SITES_MAX);
    SortedMap<SiteId, Head> heads = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      SiteId site = nextSite(in, heads);
      heads.put(site, new Head(seq(in), Hash.readFrom(in)));
    }
    return new Summary(heads, readForks(in, heads));
  }

  private static SortedMap<SiteId, Long> readForks(ByteReader in, Map<SiteId, Head> heads)
      throws MalformedException {
    int count = in.count("forks in a summary", FORKS_MAX);
    SortedMap<SiteId, Long> forks = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      SiteId site = nextSite(in, forks);
      long seq = seq(in);
      Head head = heads.get(site);
      if (head != null && head.seq() >= seq) {
        throw new MalformedException(site + " forked at " + seq + " and has " + head.seq());
      }
      forks.put(site, seq);
    }
    return forks;
  }

  private static SiteId nextSite(ByteReader in, SortedMap<SiteId, ?> before)
      throws MalformedException {
    SiteId site = SiteId.readFrom(in);
    if (!before.isEmpty() && before.lastKey().compareTo(site) >= 0) {
      throw new MalformedException("sites of a summary out of order: " + site);
    }
    return site;
  }

  private static long seq(ByteReader in) throws MalformedException {
    long seq = in.varint();
    if (seq < 1) {
      throw new MalformedException("seq starts at 1: " + Long.toUnsignedString(seq));
    }
    return seq;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Summary that && heads.equals(that.heads) && forks.equals(that.forks);
  }

  @Override
  public int hashCode() {
    return 31 * heads.hashCode() + forks.hashCode();
  }

  @Override
  public String toString() {
    return heads + " forks " + forks;
  }
}
