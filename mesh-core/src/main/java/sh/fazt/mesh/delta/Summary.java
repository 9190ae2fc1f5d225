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
 * What a node holds: of each site the last batch with none missing before it. Immutable; a version
 * vector with proof.
 *
 * <p>Parker et al., "Detection of Mutual Inconsistency in Distributed Systems", 1983.
 */
public final class Summary {
  /** The most sites that a summary from a peer may name. */
  public static final int SITES_MAX = 10_000;

  public static final Summary EMPTY = new Summary(new TreeMap<>());

  private final SortedMap<SiteId, Head> heads;

  private Summary(SortedMap<SiteId, Head> heads) {
    this.heads = heads;
  }

  public static Summary of(Map<SiteId, Head> heads) {
    return new Summary(new TreeMap<>(heads));
  }

  /** The heads in the order of their sites. */
  public Map<SiteId, Head> heads() {
    return Collections.unmodifiableMap(heads);
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
    return new Summary(changed);
  }

  /** This raised, site by site, to whichever head is further on. */
  public Summary join(Summary other) {
    SortedMap<SiteId, Head> joined = new TreeMap<>(heads);
    other.heads.forEach(
        (site, head) -> joined.merge(site, head, (a, b) -> a.seq() >= b.seq() ? a : b));
    return new Summary(joined);
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

  /** How many batches {@code theirs} holds and this does not. */
  public long behind(Summary theirs) {
    return lacking(theirs).stream().mapToLong(DotRange::size).sum();
  }

  /** Equal hashes, equal summaries. */
  public Hash hash() {
    ByteWriter out = new ByteWriter();
    writeTo(out);
    return Hash.of(out.toBytes());
  }

  /** A count, then per site its id, seq and hash, in the order of sites. */
  public void writeTo(ByteWriter out) {
    out.varint(heads.size());
    heads.forEach(
        (site, head) -> {
          site.writeTo(out);
          out.varint(head.seq()).raw(head.hash().value());
        });
  }

  public static Summary readFrom(ByteReader in) throws MalformedException {
    int count = in.count("sites in a summary", SITES_MAX);
    SortedMap<SiteId, Head> heads = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      SiteId site = SiteId.readFrom(in);
      long seq = in.varint();
      if (seq < 1) {
        throw new MalformedException("seq starts at 1: " + Long.toUnsignedString(seq));
      }
      if (!heads.isEmpty() && heads.lastKey().compareTo(site) >= 0) {
        throw new MalformedException("sites of a summary out of order: " + site);
      }
      heads.put(site, new Head(seq, Hash.readFrom(in)));
    }
    return new Summary(heads);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Summary that && heads.equals(that.heads);
  }

  @Override
  public int hashCode() {
    return heads.hashCode();
  }

  @Override
  public String toString() {
    return heads.toString();
  }
}
