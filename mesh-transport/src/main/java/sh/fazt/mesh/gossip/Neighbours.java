package sh.fazt.mesh.gossip;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import sh.fazt.mesh.identity.Chance;
import sh.fazt.mesh.identity.VerifyKey;

/*
 The roster names every member to every node, so a neighbour is drawn from all of them alike: the
 passive view and the shuffles of HyParView, which keep such a choice up where nobody knows everyone,
 have nothing to do here. A link that is changed now and then keeps the graph random, and joins two
 halves of it that have enough neighbours each and none in common.
*/
/**
 * Whom this node is linked with. In a small mesh that is everyone; in a larger one a few members
 * drawn by chance, so that the graph of all links is connected, shallow, and cheap for each.
 *
 * <p>Leitão, Pereira and Rodrigues, "HyParView", DSN 2007, §4: its active view.
 */
final class Neighbours {
  /** Said to a neighbour that is let go. */
  static final String ENOUGH = "it has neighbours enough";

  private final GossipConfig.Linking limits;
  private final Chance chance;
  private final Peers peers;
  private final Set<VerifyKey> sought = new TreeSet<>();

  /** Members that could not be reached since the last stroll. */
  private final Set<VerifyKey> unreached = new HashSet<>();

  private List<VerifyKey> members = List.of();
  private Set<VerifyKey> told = Set.of();
  private boolean lonely;

  Neighbours(GossipConfig.Linking limits, Chance chance, Peers peers) {
    this.limits = limits;
    this.chance = chance;
    this.peers = peers;
  }

  void schedule(Turn turn) {
    long millis = lonely ? limits.lonelyMillis() : limits.strollMillis();
    turn.schedule(new Timer.Stroll(), turn.nowMillis + Jitter.around(millis, chance));
  }

  /** The other members as they are now. */
  void members(Turn turn, Set<VerifyKey> present) {
    members = List.copyOf(new TreeSet<>(present));
    sought.retainAll(present);
    unreached.retainAll(present);
    settle(turn);
  }

  /** A member that was sought cannot be reached just now. */
  void unreached(Turn turn, VerifyKey member) {
    if (!isSmall() && !peers.of(member).connected && sought.remove(member)) {
      unreached.add(member);
      settle(turn);
    }
  }

  /** There is a new link, or one less. */
  void moved(Turn turn) {
    letGo(turn, limits.linksMax());
    settle(turn);
  }

  /** Changes one link for another, and tries again whom it could not reach. */
  void stroll(Turn turn) {
    unreached.clear();
    lonely = false;
    letGo(turn, limits.linksMin() - 1);
    settle(turn);
    schedule(turn);
  }

  private boolean isSmall() {
    return members.size() <= limits.everyoneMax();
  }

  /** Parts from any one neighbour if there are more than that, where not all are linked. */
  private void letGo(Turn turn, int kept) {
    List<PeerState> linked = peers.introduced();
    if (!isSmall() && linked.size() > kept) {
      PeerState one = linked.get((int) Jitter.below(linked.size(), chance));
      sought.remove(one.key);
      turn.send(one, new Bye(ENOUGH));
      turn.drop(one, ENOUGH);
    }
  }

  private void settle(Turn turn) {
    if (isSmall()) {
      sought.addAll(members);
    } else {
      seek();
    }
    if (!sought.equals(told)) {
      told = Set.copyOf(sought);
      turn.add(new Output.Seek(told));
    }
    boolean nobodyLeft = missing() > 0;
    if (nobodyLeft && !lonely) {
      lonely = true;
      schedule(turn);
    }
    lonely = nobodyLeft;
  }

  /** Seeks as many as are missing, and no more. */
  private void seek() {
    List<VerifyKey> pending = pending();
    for (int excess = -missing(); excess > 0 && !pending.isEmpty(); excess--) {
      sought.remove(pending.remove((int) Jitter.below(pending.size(), chance)));
    }
    List<VerifyKey> others = new ArrayList<>(members);
    others.removeIf(
        member ->
            peers.isIntroduced(member) || sought.contains(member) || unreached.contains(member));
    for (int missing = missing(); missing > 0 && !others.isEmpty(); missing--) {
      sought.add(others.remove((int) Jitter.below(others.size(), chance)));
    }
  }

  /** How many links are missing, those that are sought counted as made; negative if too many. */
  private int missing() {
    return isSmall() ? 0 : limits.linksMin() - peers.introduced().size() - pending().size();
  }

  private List<VerifyKey> pending() {
    List<VerifyKey> pending = new ArrayList<>(sought);
    pending.removeIf(peers::isIntroduced);
    return pending;
  }
}
