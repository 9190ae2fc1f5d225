package sh.fazt.mesh.roster;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.clock.Dot;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.identity.VerifyKey;

/**
 * Whose batches count, and of those who may write no more, how far. Immutable.
 *
 * <p>Of a retired node those batches count that a full member is on record to have held. On these
 * all members agree who know of the same operations.
 */
public final class Authors {
  /** Before anything is known. */
  public static final Authors NONE = new Authors(Set.of(), Map.of());

  private final Set<VerifyKey> writers;
  private final Map<VerifyKey, SortedMap<Integer, Reach>> retired;

  /**
   * @param writers who may write
   * @param retired who may not, and how far their batches count
   */
  Authors(Set<VerifyKey> writers, Map<VerifyKey, SortedMap<Integer, Reach>> retired) {
    this.writers = new HashSet<>(writers);
    this.retired = new HashMap<>(retired);
  }

  /**
   * As a fold found. Those who were admitted without effect, as by somebody who was removed, are
   * treated as the removed are: what they wrote meanwhile may be on some nodes.
   */
  static Authors of(Fold fold) {
    Set<VerifyKey> writers = new HashSet<>();
    Set<VerifyKey> ended = new HashSet<>(fold.removed());
    for (SignedOp operation : fold.ignored().keySet()) {
      if (operation.operation() instanceof Operation.Add add) {
        ended.add(add.applicant().node());
      }
    }
    for (Member member : fold.members().values()) {
      boolean writes = !member.removed() && member.role() == Role.FULL;
      (writes ? writers : ended).add(member.node());
    }
    ended.removeAll(writers);
    Map<VerifyKey, SortedMap<Integer, Reach>> retired = new HashMap<>();
    ended.forEach(node -> retired.put(node, Heads.union(fold.heads(node))));
    return new Authors(writers, retired);
  }

  /** Whether a batch is welcome. */
  public boolean welcome(Dot dot, Hash hash) {
    VerifyKey node = dot.site().node();
    if (!isRetired(node)) {
      return writers.contains(node);
    }
    Reach reach = reaches(node).get(dot.site().incarnation());
    return reach != null && reach.has(dot.seq(), hash);
  }

  /** Whether that node is one of those that write, or once did. */
  public boolean knows(VerifyKey node) {
    return writers.contains(node) || isRetired(node);
  }

  /** Whether that node's batches count no further than some place. */
  public boolean isRetired(VerifyKey node) {
    return retired.containsKey(node);
  }

  /** Whether there is any node whose batches count no further than some place. */
  public boolean retiresAny() {
    return !retired.isEmpty();
  }

  /** Whether the same nodes may write no more, and their batches count as far. */
  public boolean endsLike(Authors other) {
    return retired.equals(other.retired);
  }

  /** The seq of the last batch of a site that counts; {@link Long#MAX_VALUE} without an end. */
  public long limit(SiteId site) {
    if (!isRetired(site.node())) {
      return Long.MAX_VALUE;
    }
    Reach reach = reaches(site.node()).get(site.incarnation());
    return reach == null ? 0 : reach.seq();
  }

  private SortedMap<Integer, Reach> reaches(VerifyKey node) {
    return retired.getOrDefault(node, new TreeMap<>());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Authors that
        && writers.equals(that.writers)
        && retired.equals(that.retired);
  }

  @Override
  public int hashCode() {
    return 31 * writers.hashCode() + retired.hashCode();
  }

  @Override
  public String toString() {
    return writers.size() + " writers, retired " + retired;
  }
}
