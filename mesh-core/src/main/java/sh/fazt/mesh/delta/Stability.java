package sh.fazt.mesh.delta;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.identity.VerifyKey;

/**
 * Which batches every member is on record to show: what is stable, nobody needs to be sent any
 * more, and nothing written from now on is concurrent with it.
 *
 * <p>Baquero, Almeida, Shoker, "Pure Operation-Based Replicated Data Types", 2017, §5 (causal
 * stability).
 *
 * @param upTo of each site the last stable batch; sites without one are absent
 * @param holding the members that are counted and are on record with less than this node shows,
 *     those that never said anything included
 * @param silent the members that have been silent for so long that they do not count
 */
public record Stability(Map<SiteId, Long> upTo, Set<VerifyKey> holding, Set<VerifyKey> silent) {
  public Stability {
    upTo = Map.copyOf(upTo);
    holding = Set.copyOf(holding);
    silent = Set.copyOf(silent);
  }

  /** The last stable batch of a site; 0 for none. */
  public long upTo(SiteId site) {
    return upTo.getOrDefault(site, 0L);
  }

  /**
   * Counts.
   *
   * <p>A member is silent if others have signed something so much later than it has. This node's
   * own clock alone silences nobody: where it has jumped ahead, all would seem to be.
   *
   * @param own what this node shows
   * @param others the other members as they are now, whatever their role
   * @param said the last acknowledgement of each, as far as it is known
   * @param horizonMillis after which a silent member does not count
   */
  public static Stability of(
      Summary own,
      Set<VerifyKey> others,
      Map<VerifyKey, Acknowledgement> said,
      long nowMillis,
      long horizonMillis) {
    Set<VerifyKey> silent = new TreeSet<>();
    Set<VerifyKey> holding = new TreeSet<>();
    Map<SiteId, Long> upTo = new TreeMap<>();
    own.heads().forEach((site, head) -> upTo.put(site, head.seq()));
    for (VerifyKey member : others) {
      Acknowledgement last = said.get(member);
      if (last != null
          && latestOfRest(member, others, said, nowMillis) - last.atMillis() > horizonMillis) {
        silent.add(member);
      } else {
        Summary shown = last == null ? Summary.EMPTY : last.shown();
        if (!shown.lacking(own).isEmpty()) {
          holding.add(member);
        }
        upTo.replaceAll((site, seq) -> Math.min(seq, shown.seq(site)));
      }
    }
    upTo.values().removeIf(seq -> seq == 0);
    return new Stability(upTo, holding, silent);
  }

  /** The time by the others' words: no later than our clock, whatever they say. */
  private static long latestOfRest(
      VerifyKey member,
      Set<VerifyKey> others,
      Map<VerifyKey, Acknowledgement> said,
      long nowMillis) {
    long latest =
        said.values().stream()
            .filter(each -> others.contains(each.node()) && !each.node().equals(member))
            .mapToLong(Acknowledgement::atMillis)
            .max()
            .orElse(0);
    return Math.min(latest, nowMillis);
  }
}
