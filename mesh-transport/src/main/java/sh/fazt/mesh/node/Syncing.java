package sh.fazt.mesh.node;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import sh.fazt.mesh.Mesh;
import sh.fazt.mesh.gossip.Input;
import sh.fazt.mesh.gossip.PeerView;
import sh.fazt.mesh.identity.VerifyKey;
import sh.fazt.mesh.roster.Member;

/**
 * Compares with peers when a person asks, and tells when all hold the same. Confined to the mesh
 * thread.
 */
final class Syncing implements SyncWaits.Standing {
  private static final long LOOK_MILLIS = 100;

  private final Agenda agenda;
  private final Mesh mesh;
  private final Consumer<Input> engine;
  private final Contacts contacts;
  private final Harvesting harvesting;
  private final SyncWaits waits = new SyncWaits();
  private long rowsSent;

  /**
   * @param engine fed with the wish to compare
   */
  Syncing(
      Agenda agenda, Mesh mesh, Consumer<Input> engine, Contacts contacts, Harvesting harvesting) {
    this.agenda = agenda;
    this.mesh = mesh;
    this.engine = engine;
    this.contacts = contacts;
    this.harvesting = harvesting;
  }

  /**
   * Compares with peers now and answers when all that can be reached hold the same.
   *
   * @param enough how many must; all that can be reached if 0
   */
  CompletableFuture<SyncReport> sync(List<Member> peers, int enough, long timeoutMillis) {
    harvesting.harvest();
    CompletableFuture<SyncReport> answer = new CompletableFuture<>();
    long now = nowMillis();
    waits.add(
        new SyncWaits.Wait(
            peers, enough, now, now + timeoutMillis, views(), rowsReceived(), rowsSent, answer));
    for (Member peer : peers) {
      if (contacts.reach(peer.node())) {
        engine.accept(new Input.Compare(peer.node()));
      }
    }
    lookAgain(answer);
    return answer;
  }

  private void lookAgain(CompletableFuture<SyncReport> answer) {
    look();
    if (!answer.isDone()) {
      agenda.schedule(answer, agenda.nowMillis() + LOOK_MILLIS, () -> lookAgain(answer));
    }
  }

  /** Something has changed: answers those whose wait is over. */
  void look() {
    waits.look(this);
  }

  /** Answers all with how things stand: the node ends. */
  void end() {
    waits.end(this);
  }

  /** Changes made here were given to the mesh. */
  void sent(long rows) {
    rowsSent += rows;
  }

  @Override
  public Map<VerifyKey, PeerView> views() {
    return contacts.views();
  }

  @Override
  public boolean isWithinReach(VerifyKey peer) {
    return contacts.isWithinReach(peer);
  }

  @Override
  public boolean linksAll() {
    return contacts.linksAll();
  }

  @Override
  public long rowsReceived() {
    return mesh.rowsReceived();
  }

  @Override
  public long rowsSent() {
    return rowsSent;
  }

  @Override
  public long nowMillis() {
    return agenda.nowMillis();
  }

  @Override
  public boolean isTakingIn() {
    return mesh.hasMore() || harvesting.isHindered();
  }
}
