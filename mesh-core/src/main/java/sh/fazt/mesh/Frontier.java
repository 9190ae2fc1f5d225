package sh.fazt.mesh;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import sh.fazt.mesh.delta.Acknowledgement;
import sh.fazt.mesh.delta.Stability;
import sh.fazt.mesh.delta.Summary;
import sh.fazt.mesh.identity.MeshId;
import sh.fazt.mesh.identity.VerifyKey;
import sh.fazt.mesh.roster.Member;
import sh.fazt.mesh.roster.Roster;
import sh.fazt.mesh.store.AckTable;
import sh.fazt.mesh.store.Database;
import sh.fazt.mesh.store.SiteBook;

/**
 * What the members are on record to show, and which batches are stable by that. Confined to the
 * thread of its {@link Mesh} or {@link MeshView}.
 */
final class Frontier {
  /** After which a member that has said nothing does not hold the log back any more. */
  static final long HORIZON_MILLIS = 90 * 24 * 60 * 60 * 1000L;

  private final SiteBook sites;
  private final AckTable acks;

  Frontier(Database database, SiteBook sites) {
    this.sites = sites;
    this.acks = new AckTable(database);
  }

  /** What is stable now, as far as is known here. */
  Stability stability(Roster roster, VerifyKey self, long nowMillis) {
    return Stability.of(
        sites.shownSummary(), others(roster, self), acks.all(), nowMillis, HORIZON_MILLIS);
  }

  private static Set<VerifyKey> others(Roster roster, VerifyKey self) {
    return roster.members().stream()
        .filter(member -> member.active() && !member.node().equals(self))
        .map(Member::node)
        .collect(Collectors.toSet());
  }

  LogFigures figures(Roster roster, VerifyKey self, long nowMillis) {
    Stability stability = stability(roster, self, nowMillis);
    List<String> holding =
        roster.members().stream()
            .filter(member -> stability.holding().contains(member.node()))
            .map(Member::name)
            .toList();
    return new LogFigures(
        sites.delivered(),
        stability.upTo().values().stream().mapToLong(Long::longValue).sum(),
        sites.trimmed(),
        holding);
  }

  Map<VerifyKey, Acknowledgement> said() {
    return acks.all();
  }

  /** Keeps what a member has said, if it said nothing later. @return whether that is so */
  boolean hear(MeshId mesh, Acknowledgement said) {
    Acknowledgement last = acks.all().get(said.node());
    boolean later = last == null || last.atMillis() < said.atMillis();
    boolean news = later && said.isTrue(mesh);
    if (news) {
      acks.put(said);
    }
    return news;
  }

  /** What this node has shown by now, if it has said so; see {@link Acknowledging#say}. */
  Optional<Acknowledgement> last(VerifyKey self) {
    return Optional.ofNullable(acks.all().get(self));
  }

  /** What the tables show. */
  Summary shown() {
    return sites.shownSummary();
  }
}
