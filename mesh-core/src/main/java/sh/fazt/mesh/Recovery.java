package sh.fazt.mesh;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;
import sh.fazt.mesh.identity.RecoveryPhrase;
import sh.fazt.mesh.identity.SigningKey;
import sh.fazt.mesh.identity.VerifyKey;
import sh.fazt.mesh.roster.Member;
import sh.fazt.mesh.roster.Recoverable;
import sh.fazt.mesh.roster.Roster;
import sh.fazt.mesh.roster.RosterLimits;
import sh.fazt.mesh.roster.Rotate;
import sh.fazt.mesh.roster.SignedOp;

/**
 * What it takes to replace the key of the persona that founded a mesh, by the words that the mesh
 * was founded with. It looks and signs, and changes nothing; {@link Membership#rotate} does.
 * Immutable.
 *
 * @param persona the key that is replaced
 * @param name of the persona
 * @param kept its nodes that go on under the new key
 * @param removed its nodes that will be removed for good
 */
public record Recovery(
    Roster roster,
    RecoveryPhrase words,
    VerifyKey persona,
    String name,
    List<Member> kept,
    List<Member> removed) {
  public Recovery {
    kept = List.copyOf(kept);
    removed = List.copyOf(removed);
  }

  /** Which nodes of the persona go on. */
  public sealed interface Choice {
    /** The node of the database, if it is the persona's, and those that are named so. */
    record Named(Set<String> peers) implements Choice {
      public Named {
        peers = Set.copyOf(peers);
      }
    }

    /** All of them: the key was lost, and nobody else has it. */
    record All() implements Choice {}
  }

  /**
   * Looks at the mesh that {@code database} is part of.
   *
   * @throws MeshException PHRASE_UNKNOWN if these are not the words, NOT_A_MEMBER if there are
   *     none, PEER_UNKNOWN if a name is of no node of the persona's, TOO_MANY, and as {@link
   *     MeshView#open}
   */
  public static Recovery plan(Path database, RecoveryPhrase words, Choice choice) {
    try (MeshView view = MeshView.open(database)) {
      return plan(view.roster(), view.node(), words, choice);
    }
  }

  private static Recovery plan(Roster roster, VerifyKey self, RecoveryPhrase words, Choice choice) {
    Recoverable now =
        roster.recoverable().filter(Recoverable::isPossible).orElseThrow(Recovery::none);
    if (!now.recovery().equals(words.commitment())) {
      throw unknown();
    }
    List<Member> owned =
        roster.members().stream().filter(each -> each.persona().equals(now.persona())).toList();
    Set<VerifyKey> kept = new TreeSet<>();
    for (Member member : owned) {
      if (choice instanceof Choice.All || member.node().equals(self)) {
        kept.add(member.node());
      }
    }
    if (choice instanceof Choice.Named named) {
      named.peers().forEach(peer -> kept.add(named(owned, peer).node()));
    }
    if (kept.size() > RosterLimits.KEPT_MAX) {
      throw new MeshException(
          ErrorCode.TOO_MANY,
          kept.size() + " nodes; at most " + RosterLimits.KEPT_MAX + " go on, the others join anew",
          "fazt mesh recover --keep PEER");
    }
    String name = owned.stream().map(Member::personaName).findFirst().orElse("owner");
    return new Recovery(
        roster,
        words,
        now.persona(),
        name,
        owned.stream().filter(each -> kept.contains(each.node())).toList(),
        owned.stream().filter(each -> !kept.contains(each.node()) && !each.removed()).toList());
  }

  private static Member named(Collection<Member> owned, String peer) {
    Optional<Member> found =
        owned.stream()
            .filter(
                each ->
                    each.id().text().equals(peer)
                        || each.name()
                            .toLowerCase(Locale.ROOT)
                            .equals(peer.toLowerCase(Locale.ROOT)))
            .reduce((first, last) -> last);
    return found.orElseThrow(
        () ->
            new MeshException(
                ErrorCode.PEER_UNKNOWN,
                "no node " + peer + " of the persona whose key is replaced",
                "fazt mesh peers"));
  }

  /**
   * Signs the replacement. Store {@code next} safely before anybody hears of it.
   *
   * @param nextWords which may replace the new key one day; empty if none
   */
  public SignedOp sign(SigningKey next, Optional<RecoveryPhrase> nextWords) {
    Hash recovery = nextWords.map(RecoveryPhrase::commitment).orElse(Hash.ZERO);
    List<VerifyKey> nodes = kept.stream().map(Member::node).toList();
    return roster.next(Rotate.to(persona, next, recovery, nodes), words.key());
  }

  private static MeshException none() {
    return new MeshException(
        ErrorCode.NOT_A_MEMBER,
        "this mesh was founded without recovery words, or they were used and no others made",
        "fazt mesh remove PEER");
  }

  static MeshException unknown() {
    return new MeshException(
        ErrorCode.PHRASE_UNKNOWN,
        "these words are of another mesh, or were used before: each replacement of a key makes new"
            + " ones",
        "Look for the paper that was written last");
  }
}
