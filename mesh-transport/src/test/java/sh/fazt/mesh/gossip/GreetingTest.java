package sh.fazt.mesh.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.delta.Summary;
import sh.fazt.mesh.identity.MeshId;
import sh.fazt.mesh.identity.SiteId;

final class GreetingTest {
  private final Bench bench = new Bench(GossipConfig.standard());
  private final SiteId peer = bench.site();

  @Test
  void aLinkBeginsWithHelloAndAnsweringItBeginsTheComparison() {
    bench.on(new Input.PeerUp(peer.node()));
    assertThat(bench.sent(peer, Message.class)).hasSize(1);
    assertThat(bench.sent(peer, Hello.class).get(0).site()).isEqualTo(bench.self);
    bench.receive(peer, Bench.hello(peer));
    assertThat(bench.sent(peer, Message.class))
        .extracting(message -> message.getClass().getSimpleName())
        .containsExactly("RosterHash", "SummaryHash", "Ping");
    assertThat(bench.reports()).hasOnlyElementsOfType(Report.Greeted.class);
  }

  /** Who has only just come back may have anything: nobody may say that both hold the same. */
  @Test
  void aComparisonCountsForTheLinkOnWhichItWasMadeAlone() {
    bench.introduce(peer, Bench.holding(peer, 3));
    assertThat(bench.engine.peers().get(0).comparedMillis()).isPositive();
    bench.on(new Input.PeerDown(peer.node()));
    bench.on(new Input.PeerUp(peer.node()));
    bench.receive(peer, Bench.hello(peer));
    assertThat(bench.engine.peers().get(0).connected()).isTrue();
    assertThat(bench.engine.peers().get(0).comparedMillis()).isZero();
  }

  @Test
  void anotherVersionIsToldAndDropped() {
    bench.on(new Input.PeerUp(peer.node()));
    bench.receive(peer, new Hello(9, Bench.MESH, peer, "peer", "9", 1, List.of(), Summary.EMPTY));
    assertThat(bench.sent(peer, Refuse.class).get(0).code()).isEqualTo("VERSION_MISMATCH");
    assertThat(bench.reports()).containsExactly(new Report.OtherVersion(peer.node(), 9, 1));
    assertThat(bench.dropped(peer)).isPresent();
  }

  @Test
  void anotherMeshIsTurnedAway() {
    bench.on(new Input.PeerUp(peer.node()));
    bench.receive(
        peer, new Hello(1, new MeshId(Hash.ZERO), peer, "peer", "1", 1, List.of(), Summary.EMPTY));
    assertThat(bench.sent(peer, Refuse.class).get(0).code()).isEqualTo("NOT_A_MEMBER");
    assertThat(bench.dropped(peer)).isPresent();
  }

  @Test
  void aPeerThatSpeaksOutOfTurnIsDropped() {
    bench.on(new Input.PeerUp(peer.node()));
    bench.receive(peer, new Ping(1, 1));
    assertThat(bench.dropped(peer)).isPresent();
    bench.on(new Input.PeerUp(peer.node()));
    bench.receive(peer, Bench.hello(bench.site()));
    assertThat(bench.dropped(peer)).isPresent();
    bench.introduce(peer, Summary.EMPTY);
    bench.receive(peer, Bench.hello(peer));
    assertThat(bench.dropped(peer)).isPresent();
  }

  @Test
  void nothingIsSaidToAPeerOnceItIsDropped() {
    bench.introduce(peer, Summary.EMPTY);
    bench.receive(peer, new Bye("going"));
    assertThat(bench.reports()).containsExactly(new Report.Left(peer.node(), "going"));
    assertThat(bench.receive(peer, new Ping(1, 1))).isEmpty();
    assertThat(bench.on(new Input.Compare(peer.node()))).isEmpty();
    assertThat(bench.fire(new Timer.Keepalive(peer.node()))).isEmpty();
  }

  @Test
  void beingTurnedAwayIsReported() {
    bench.on(new Input.PeerUp(peer.node()));
    bench.receive(peer, new Refuse("NOT_A_MEMBER", "who are you"));
    assertThat(bench.reports())
        .containsExactly(new Report.TurnedAway(peer.node(), "NOT_A_MEMBER", "who are you"));
  }

  @Test
  void silenceCostsTheLink() {
    bench.on(new Input.PeerUp(peer.node()));
    bench.now += 10_000;
    bench.fire(new Timer.Keepalive(peer.node()));
    assertThat(bench.dropped(peer)).hasValue("no hello within 10000 ms");
    bench.introduce(peer, Summary.EMPTY);
    bench.now += 50_001;
    bench.fire(new Timer.Keepalive(peer.node()));
    assertThat(bench.dropped(peer)).hasValue("silent for 50001 ms");
  }

  @Test
  void aPongMeasuresDistanceAndClock() {
    bench.on(new Input.PeerUp(peer.node()));
    bench.receive(peer, Bench.hello(peer));
    Ping ping = bench.sent(peer, Ping.class).get(0);
    bench.now += 40;
    bench.receive(peer, new Pong(ping.nonce() + 1, 1));
    assertThat(bench.engine.peers().get(0).rttMillis()).isEmpty();
    bench.receive(peer, new Pong(ping.nonce(), bench.now - 20 + 300));
    assertThat(bench.engine.peers().get(0).rttMillis()).hasValue(40);
    assertThat(bench.engine.peers().get(0).clockOffsetMillis()).hasValue(300);
  }

  @Test
  void theWallClockIsToldAndMeasuredNotTheTimeOfTheTimers() {
    bench.on(new Input.WallClock(-600_000));
    bench.on(new Input.PeerUp(peer.node()));
    assertThat(bench.sent(peer, Hello.class).get(0).nowMillis()).isEqualTo(bench.now - 600_000);
    bench.receive(peer, Bench.hello(peer));
    assertThat(bench.engine.peers().get(0).clockOffsetMillis()).hasValue(5 - (bench.now - 600_000));
  }

  @Test
  void leavingSaysGoodbyeToAll() {
    SiteId other = bench.site();
    bench.introduce(peer, Summary.EMPTY);
    bench.introduce(other, Summary.EMPTY);
    bench.on(new Input.Leave("stopping"));
    assertThat(bench.sent(peer, Bye.class)).containsExactly(new Bye("stopping"));
    assertThat(bench.sent(other, Bye.class)).containsExactly(new Bye("stopping"));
    assertThat(bench.dropped(other)).isPresent();
  }
}
