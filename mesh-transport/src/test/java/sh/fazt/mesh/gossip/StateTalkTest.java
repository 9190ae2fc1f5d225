package sh.fazt.mesh.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.delta.Summary;
import sh.fazt.mesh.fingerprint.StateAnswer;
import sh.fazt.mesh.fingerprint.StateQuestion;
import sh.fazt.mesh.identity.SiteId;

/** The engine carries what the node and its peers say about states, and nothing of strangers. */
class StateTalkTest {
  private static final StateAsk ASK = new StateAsk(7, new StateQuestion.Whole(Hash.ZERO));
  private static final StateTell TELL =
      new StateTell(7, new StateAnswer.NotNow(StateAnswer.Why.BUSY));

  @Test
  void whatAPeerSaysReachesTheNode() {
    Bench bench = new Bench(GossipConfig.standard());
    SiteId peer = bench.site();
    bench.introduce(peer, Summary.EMPTY);
    assertThat(bench.receive(peer, ASK)).contains(new Output.StateHeard(peer.node(), ASK));
    assertThat(bench.receive(peer, TELL)).contains(new Output.StateHeard(peer.node(), TELL));
  }

  @Test
  void whoHasNotIntroducedItselfIsNeitherHeardNorTold() {
    Bench bench = new Bench(GossipConfig.standard());
    SiteId peer = bench.site();
    bench.on(new Input.PeerUp(peer.node()));
    assertThat(bench.on(new Input.StateSaid(peer.node(), TELL))).isEmpty();
    assertThat(bench.receive(peer, ASK)).doesNotContain(new Output.StateHeard(peer.node(), ASK));
  }

  @Test
  void whatTheNodeSaysIsSent() {
    Bench bench = new Bench(GossipConfig.standard());
    SiteId peer = bench.site();
    bench.introduce(peer, Summary.EMPTY);
    assertThat(bench.on(new Input.StateSaid(peer.node(), TELL)))
        .contains(new Output.Send(peer.node(), TELL));
  }
}
