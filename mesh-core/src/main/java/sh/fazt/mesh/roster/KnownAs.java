package sh.fazt.mesh.roster;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import sh.fazt.mesh.identity.NodeId;
import sh.fazt.mesh.identity.VerifyKey;

/**
 * What nodes and personas are called before people: by their names, and where two have one name, by
 * the beginning of their ids and keys too. Immutable.
 */
public final class KnownAs {
  private static final int LETTERS = 4;

  private final Roster roster;
  private final Map<String, Set<VerifyKey>> nodes = new HashMap<>();
  private final Map<String, Set<VerifyKey>> personas = new HashMap<>();

  private KnownAs(Roster roster) {
    this.roster = roster;
    for (Member member : roster.members()) {
      add(nodes, member.name(), member.node());
      if (member.active()) {
        add(personas, member.personaName(), member.persona());
      }
    }
  }

  public static KnownAs in(Roster roster) {
    return new KnownAs(roster);
  }

  private static void add(Map<String, Set<VerifyKey>> all, String name, VerifyKey key) {
    all.computeIfAbsent(folded(name), any -> new HashSet<>()).add(key);
  }

  private static String folded(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  /** {@code laptop}, or {@code laptop (4Kd9)}; the id of a node that was never a member. */
  public String node(VerifyKey node) {
    String id = NodeId.of(node).text();
    return roster
        .member(node)
        .map(member -> apart(nodes, member.name(), id.substring(id.lastIndexOf('_') + 1)))
        .orElse(id);
  }

  /** Whose a member is: {@code jay}, or {@code jay (5281)} with the first of the key's digits. */
  public String owner(Member member) {
    return apart(personas, member.personaName(), member.persona().value().hex());
  }

  private static String apart(Map<String, Set<VerifyKey>> all, String name, String mark) {
    boolean alone = all.getOrDefault(folded(name), Set.of()).size() <= 1;
    return alone ? name : name + " (" + mark.substring(0, LETTERS) + ")";
  }
}
