package sh.fazt.mesh.node;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import sh.fazt.mesh.frame.MeshLink;
import sh.fazt.mesh.identity.VerifyKey;
import sh.fazt.mesh.lan.Neighbour;
import sh.fazt.mesh.netty.ListenAddress;

/*
 A move is a second call, at an address on the local network. Its link takes the place of the first
 on both sides, as any later link does, and a call that fails changes nothing. Both sides may find
 each other in one moment; the smaller key goes first, so that two calls do not cross.
*/
/**
 * Moves links to the local network: those to members that are there, once nothing is under way on
 * them. Confined to the mesh thread.
 */
final class Moving {
  private static final String TIMER = "moving";
  private static final long LOOK_MILLIS = 1_000;

  /** What the larger key leaves the smaller one. */
  static final long COURTESY_MILLIS = 5_000;

  /** From a call that failed to the next. */
  static final long RETRY_MILLIS = 300_000;

  private final Agenda agenda;
  private final VerifyKey self;
  private final Reception reception;
  private final Caller caller;
  private final Predicate<VerifyKey> level;
  private final Map<VerifyKey, Wish> wishes = new TreeMap<>();
  private final Map<VerifyKey, Set<String>> hosts = new HashMap<>();

  /** A member that is near, and when a link to it may be moved. */
  private record Wish(Neighbour neighbour, long dueMillis) {}

  /**
   * @param level whether a linked peer and this node hold the same just now
   */
  Moving(
      Agenda agenda,
      VerifyKey self,
      Reception reception,
      Caller caller,
      Predicate<VerifyKey> level) {
    this.agenda = agenda;
    this.self = self;
    this.reception = reception;
    this.caller = caller;
    this.level = level;
  }

  void start() {
    agenda.schedule(TIMER, agenda.nowMillis() + LOOK_MILLIS, this::look);
  }

  /** A member is near, or near at other addresses than before. */
  void found(Neighbour neighbour) {
    boolean first = self.compareTo(neighbour.node()) < 0;
    long due = agenda.nowMillis() + (first ? 0 : COURTESY_MILLIS);
    wishes.put(neighbour.node(), new Wish(neighbour, due));
    Set<String> known = new HashSet<>();
    neighbour.addresses().forEach(address -> known.add(host(address)));
    hosts.put(neighbour.node(), known);
  }

  /** A member is near no longer, as far as is heard; a link that is there may still be. */
  void lost(VerifyKey member) {
    wishes.remove(member);
  }

  /** Whether a link goes to where its peer's beacons said that it is. */
  boolean isNear(MeshLink link) {
    return hosts.getOrDefault(link.peer(), Set.of()).contains(host(link.address()));
  }

  /** Without the port, and without the interface, which the two ends write differently. */
  private static String host(String address) {
    return ListenAddress.parse(address).host().replaceFirst("%.*", "");
  }

  private void look() {
    agenda.schedule(TIMER, agenda.nowMillis() + LOOK_MILLIS, this::look);
    hosts.keySet().removeIf(peer -> !wishes.containsKey(peer) && reception.find(peer).isEmpty());
    for (Wish wish : List.copyOf(wishes.values())) {
      VerifyKey peer = wish.neighbour().node();
      Optional<MeshLink> link = reception.find(peer);
      if (link.isEmpty()) {
        // Whoever is called anew is called near by first.
        wishAgain(wish.neighbour(), Math.min(wish.dueMillis(), agenda.nowMillis() + RETRY_MILLIS));
      } else if (!isNear(link.get())
          && wish.dueMillis() <= agenda.nowMillis()
          && level.test(peer)) {
        move(wish.neighbour());
      }
    }
  }

  /** Once for each time that it is found: a link that was moved and looks otherwise stays. */
  private void move(Neighbour neighbour) {
    wishAgain(neighbour, Long.MAX_VALUE);
    caller.move(
        neighbour.node(),
        neighbour.addresses().get(0),
        () -> wishAgain(neighbour, agenda.nowMillis() + RETRY_MILLIS));
  }

  private void wishAgain(Neighbour neighbour, long dueMillis) {
    wishes.computeIfPresent(
        neighbour.node(), (node, wish) -> new Wish(wish.neighbour(), dueMillis));
  }
}
