package sh.fazt.mesh.node;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import sh.fazt.mesh.Mesh;
import sh.fazt.mesh.gossip.GossipConfig;
import sh.fazt.mesh.gossip.GossipEngine;
import sh.fazt.mesh.gossip.PeerView;
import sh.fazt.mesh.identity.VerifyKey;
import sh.fazt.mesh.roster.Member;
import sh.fazt.mesh.roster.OtherMembers;

/** How this node stands with each member just now. Confined to the mesh thread. */
final class Contacts implements Verifying.Reach {
  /** How old the stored time of the last sync may become while it goes on. */
  private static final long LEVEL_MILLIS = 60_000;

  private final Mesh mesh;
  private final GossipEngine engine;
  private final Reception reception;
  private final Caller caller;

  Contacts(Mesh mesh, GossipEngine engine, Reception reception, Caller caller) {
    this.mesh = mesh;
    this.engine = engine;
    this.reception = reception;
    this.caller = caller;
  }

  /** What is known of every peer that was ever linked. */
  Map<VerifyKey, PeerView> views() {
    Map<VerifyKey, PeerView> views = new TreeMap<>();
    engine.peers().forEach(view -> views.put(view.peer(), view));
    return views;
  }

  /** How many peers have introduced themselves on a link. */
  int linked() {
    return (int) engine.peers().stream().filter(PeerView::connected).count();
  }

  /** Whether this node seeks a link with every member. */
  boolean linksAll() {
    List<Member> others = OtherMembers.of(mesh.membership().roster(), mesh.nodeKey().verifyKey());
    return others.size() <= GossipConfig.standard().linking().everyoneMax();
  }

  @Override
  public boolean isLinked(VerifyKey peer) {
    PeerView view = views().get(peer);
    return view != null && view.connected();
  }

  @Override
  public boolean isWithinReach(VerifyKey peer) {
    return reception.find(peer).isPresent() || caller.isCalling();
  }

  /** Whether nothing is under way on the link to a peer. */
  boolean isLevel(VerifyKey peer) {
    PeerView view = views().get(peer);
    return view != null && isCompared(view) && view.behind() == 0 && view.ahead() == 0;
  }

  /** Whether this node has all that one of its peers has said to hold. */
  boolean hasCaughtUp() {
    return engine.peers().stream().anyMatch(view -> isCompared(view) && view.behind() == 0);
  }

  private static boolean isCompared(PeerView view) {
    return view.connected() && view.comparedMillis() > 0;
  }

  /**
   * Has a peer called soon if it has no link.
   *
   * @return whether it has one
   */
  boolean reach(VerifyKey peer) {
    boolean linked = reception.find(peer).isPresent();
    if (!linked) {
      caller.hurry();
    }
    return linked;
  }

  @Override
  public void drop(VerifyKey peer, String why) {
    reception.drop(peer, why);
  }

  /** Keeps for the next start when a peer was level with this node last. */
  void remember(VerifyKey peer) {
    remember(peer, 0);
  }

  /** As {@link #remember}, of all, where what is stored has become old. */
  void rememberAll() {
    engine.peers().forEach(view -> remember(view.peer(), LEVEL_MILLIS));
  }

  private void remember(VerifyKey peer, long olderMillis) {
    PeerView view = views().get(peer);
    if (view != null && view.levelMillis() > caller.lastLevelMillis(peer) + olderMillis) {
      caller.level(peer, view.levelMillis());
    }
  }
}
