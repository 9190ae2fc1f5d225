package sh.fazt.mesh.node;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import sh.fazt.mesh.gossip.PeerView;
import sh.fazt.mesh.identity.VerifyKey;
import sh.fazt.mesh.node.SyncReport.PeerSync;
import sh.fazt.mesh.node.SyncReport.State;
import sh.fazt.mesh.roster.Member;

/** Those who wait until this node and its peers hold the same. Confined to the mesh thread. */
final class SyncWaits {
  private final List<Wait> waits = new ArrayList<>();

  /**
   * One who waits.
   *
   * @param peers the members that count
   * @param enough how many of them must hold all; all that can be reached if 0
   * @param before how each stood at the beginning
   */
  record Wait(
      List<Member> peers,
      int enough,
      long startMillis,
      long deadlineMillis,
      Map<VerifyKey, PeerView> before,
      long rowsReceived,
      long rowsSent,
      CompletableFuture<SyncReport> answer) {}

  /** How things stand now. */
  interface Standing {
    Map<VerifyKey, PeerView> views();

    /** Whether the peer has a link, or a call is under way that may yet bring one. */
    boolean isWithinReach(VerifyKey peer);

    long rowsReceived();

    long rowsSent();

    long nowMillis();

    /** Whether this node seeks a link with every member. */
    boolean linksAll();

    /** Whether local writes or rows from before the mesh are still to be taken in. */
    boolean isTakingIn();
  }

  void add(Wait wait) {
    waits.add(wait);
  }

  /** Answers those whose wait is over. */
  void look(Standing standing) {
    List<Wait> over =
        waits.stream()
            .filter(
                wait ->
                    wait.answer().isDone()
                        || standing.nowMillis() >= wait.deadlineMillis()
                        || isDone(wait, standing))
            .toList();
    // Whoever is answered may ask again at once, so the list is mended before.
    waits.removeAll(over);
    over.forEach(wait -> wait.answer().complete(report(wait, standing)));
  }

  /** Answers all with how things stand: the node ends. */
  void end(Standing standing) {
    List<Wait> all = List.copyOf(waits);
    waits.clear();
    all.forEach(wait -> wait.answer().complete(report(wait, standing)));
  }

  private static boolean isDone(Wait wait, Standing standing) {
    if (standing.isTakingIn()) {
      return false;
    }
    Map<VerifyKey, PeerView> views = standing.views();
    int holders = 0;
    boolean open = false;
    for (Member peer : wait.peers()) {
      PeerView view = views.get(peer.node());
      if (isLevel(view, wait)) {
        holders++;
      } else if (standing.isWithinReach(peer.node())) {
        open = true;
      }
    }
    return wait.enough() > 0 ? holders >= wait.enough() : !open;
  }

  private static boolean isLevel(@Nullable PeerView view, Wait wait) {
    return view != null
        && view.connected()
        && view.comparedMillis() >= wait.startMillis()
        && view.behind() == 0
        && view.ahead() == 0;
  }

  private static SyncReport report(Wait wait, Standing standing) {
    Map<VerifyKey, PeerView> views = new HashMap<>(standing.views());
    long elapsed = standing.nowMillis() - wait.startMillis();
    // What is not taken in yet no peer can hold, however level it is with what is.
    boolean whole = !standing.isTakingIn();
    boolean linked = views.values().stream().anyMatch(PeerView::connected);
    State unlinked = linked && !standing.linksAll() ? State.NOT_LINKED : State.OFFLINE;
    List<PeerSync> peers = new ArrayList<>();
    for (Member peer : wait.peers()) {
      PeerView now = views.get(peer.node());
      PeerView then = wait.before().get(peer.node());
      long ahead = now == null ? 0 : now.ahead();
      State state =
          whole && isLevel(now, wait)
              ? State.SYNCED
              : now != null && now.connected() ? State.UNFINISHED : unlinked;
      long received = then == null || now == null ? 0 : Math.max(0, then.behind() - now.behind());
      long sent = then == null || now == null ? 0 : Math.max(0, then.ahead() - ahead);
      peers.add(new PeerSync(peer.id(), peer.name(), state, received, sent, ahead, elapsed));
    }
    return new SyncReport(
        peers,
        standing.rowsReceived() - wait.rowsReceived(),
        standing.rowsSent() - wait.rowsSent(),
        elapsed);
  }
}
