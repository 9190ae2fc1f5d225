package sh.fazt.mesh.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.clock.Dot;
import sh.fazt.mesh.delta.DotRange;
import sh.fazt.mesh.delta.Summary;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.wire.SignedBatch;

final class SpreadTest {
  private final Bench bench = new Bench(GossipConfig.standard());
  private final SiteId author = bench.site();
  private final SiteId peer = bench.site();

  @Test
  void aSmallFreshBatchIsPushedToAPeerThatIsCaughtUp() {
    bench.introduce(peer, Summary.EMPTY);
    write(1, 100);
    assertThat(bench.sent(peer, Batch.class)).hasSize(1);
    write(2, 64 << 10);
    assertThat(bench.sent(peer, Batch.class)).hasSize(1);
  }

  @Test
  void aLargeFreshBatchIsOnlyAnnounced() {
    bench.introduce(peer, Summary.EMPTY);
    write(1, (64 << 10) + 1);
    assertThat(bench.sent(peer, Batch.class)).isEmpty();
    bench.fire(new Timer.Announce());
    assertThat(bench.sent(peer, Have.class).get(0).heads().seq(bench.self)).isEqualTo(1);
  }

  @Test
  void aBurstIsPushedInPartAndTheRestAskedFor() {
    bench.introduce(peer, Summary.EMPTY);
    List<SignedBatch> burst =
        LongStream.rangeClosed(1, 20).mapToObj(seq -> batch(seq, 50_000)).toList();
    bench.on(new Input.LocalBatches(burst));
    assertThat(bench.sent(peer, Batch.class)).hasSize((256 << 10) / 50_000);
    bench.fire(new Timer.Announce());
    assertThat(bench.sent(peer, Have.class).get(0).heads().seq(bench.self)).isEqualTo(20);
  }

  @Test
  void aPeerThatLagsIsOnlyTold() {
    write(1, 100);
    bench.introduce(peer, Summary.EMPTY);
    write(2, 100);
    assertThat(bench.sent(peer, Batch.class)).isEmpty();
    bench.fire(new Timer.Announce());
    assertThat(bench.sent(peer, Have.class).get(0).heads().seq(bench.self)).isEqualTo(2);
  }

  @Test
  void aLinkThatIsFullIsToldWhenItHasRoom() {
    bench.introduce(peer, Summary.EMPTY);
    bench.on(new Input.PeerWritable(peer.node(), false));
    write(1, 100);
    bench.fire(new Timer.Announce());
    assertThat(bench.sent(peer, Message.class)).isEmpty();
    bench.on(new Input.PeerWritable(peer.node(), true));
    bench.fire(new Timer.Announce());
    assertThat(bench.sent(peer, Have.class)).hasSize(1);
  }

  @Test
  void anothersBatchIsPushedToWhoAskedForIt() {
    SiteId third = bench.site();
    bench.introduce(peer, Summary.EMPTY);
    bench.introduce(third, Summary.EMPTY);
    bench.receive(third, new Graft(author.node()));
    deliver(1);
    assertThat(bench.sent(third, Batch.class)).hasSize(1);
    bench.receive(third, new Prune(author.node()));
    deliver(2);
    assertThat(bench.sent(third, Batch.class)).isEmpty();
    bench.now += 50;
    bench.fire(new Timer.Announce());
    assertThat(bench.sent(third, Have.class).get(0).heads().seq(author)).isEqualTo(2);
    assertThat(bench.sent(peer, Have.class).get(0).heads().seq(author)).isEqualTo(2);
  }

  @Test
  void aPushThatComesTwiceIsPruned() {
    bench.introduce(peer, Summary.EMPTY);
    deliver(1);
    bench.receive(peer, new Batch(new Dot(author, 1), Bytes.utf8("x")));
    assertThat(bench.sent(peer, Prune.class)).containsExactly(new Prune(author.node()));
  }

  @Test
  void theNoticeOfAPushedBatchIsNotFollowedAtOnce() {
    bench.introduce(author, Summary.EMPTY);
    bench.introduce(peer, Summary.EMPTY);
    bench.receive(peer, new Have(Bench.holding(author, 1)));
    assertThat(bench.sent(peer, Want.class)).isEmpty();
    bench.now += 200;
    bench.fire(new Timer.Pull());
    assertThat(bench.sent(peer, Want.class)).hasSize(1);
  }

  @Test
  void aWantIsAnsweredWithinItsWindow() {
    write(1, 200_000);
    write(2, 200_000);
    bench.introduce(peer, Summary.EMPTY);
    bench.receive(peer, new Want(7, 250_000, List.of(new DotRange(bench.self, 1, 9))));
    Output.Provide provide = bench.of(Output.Provide.class).get(0);
    assertThat(provide.ranges()).containsExactly(new DotRange(bench.self, 1, 2));
    provided(7, batch(1, 200_000));
    assertThat(bench.of(Output.Provide.class).get(0).bytesMax()).isEqualTo(50_000);
    provided(7, batch(2, 200_000));
    assertThat(bench.of(Output.Provide.class)).isEmpty();
    bench.receive(peer, new Grant(7, 200_000));
    assertThat(bench.of(Output.Provide.class)).hasSize(1);
    bench.on(new Input.Provided(peer.node(), 7, List.of()));
    assertThat(bench.sent(peer, Done.class)).containsExactly(new Done(7));
  }

  @Test
  void aStreamWaitsForItsLink() {
    write(1, 200_000);
    bench.introduce(peer, Summary.EMPTY);
    bench.receive(peer, new Want(7, 1 << 20, List.of(new DotRange(bench.self, 1, 1))));
    bench.on(new Input.PeerWritable(peer.node(), false));
    provided(7, batch(1, 200_000));
    assertThat(bench.sent(peer, Batch.class)).isEmpty();
    bench.on(new Input.PeerWritable(peer.node(), true));
    assertThat(bench.sent(peer, Batch.class)).hasSize(1);
  }

  @Test
  void aStreamEndsWithItsLinkOrWhenStopped() {
    write(1, 100);
    bench.introduce(peer, Summary.EMPTY);
    bench.receive(peer, new Want(7, 1 << 20, List.of(new DotRange(bench.self, 1, 1))));
    bench.receive(peer, new Want(8, 1 << 20, List.of(new DotRange(bench.self, 1, 1))));
    bench.receive(peer, new Stop(7));
    assertThat(bench.of(Output.CloseProvided.class))
        .containsExactly(new Output.CloseProvided(peer.node(), 7));
    bench.on(new Input.PeerDown(peer.node()));
    assertThat(bench.of(Output.CloseProvided.class))
        .containsExactly(new Output.CloseProvided(peer.node(), 8));
    provided(8, batch(1, 100));
    assertThat(bench.of(Output.Send.class)).isEmpty();
  }

  @Test
  void tooManyWantsCostTheLink() {
    write(1, 100);
    bench.introduce(peer, Summary.EMPTY);
    for (int id = 0; id <= GossipConfig.standard().pulling().wantsPerPeerMax(); id++) {
      bench.receive(peer, new Want(id, 1, List.of(new DotRange(bench.self, 1, 1))));
    }
    assertThat(bench.dropped(peer)).isPresent();
    assertThat(bench.of(Output.CloseProvided.class)).hasSize(4);
  }

  @Test
  void aPeerThatAsksAndNeverReadsIsDropped() {
    bench.introduce(peer, Summary.EMPTY);
    bench.on(new Input.PeerWritable(peer.node(), false));
    for (int i = 0; i <= GossipConfig.standard().pushing().unreadMax(); i++) {
      bench.receive(peer, new Ping(i, 1));
    }
    assertThat(bench.dropped(peer)).isPresent();
  }

  @Test
  void acknowledgementsCountWhatAPeerLacks() {
    bench.introduce(peer, Summary.EMPTY);
    write(1, 100);
    write(2, 100);
    assertThat(view().ahead()).isEqualTo(2);
    bench.receive(peer, new Have(Bench.holding(bench.self, 1)));
    assertThat(view().ahead()).isEqualTo(1);
    bench.on(new Input.PeerDown(peer.node()));
    assertThat(view().ahead()).isEqualTo(1);
    assertThat(view().connected()).isFalse();
  }

  private PeerView view() {
    return bench.engine.peers().get(0);
  }

  private void write(long seq, int size) {
    bench.on(new Input.LocalBatches(List.of(batch(seq, size))));
  }

  private SignedBatch batch(long seq, int size) {
    Dot dot = new Dot(bench.self, seq);
    return new SignedBatch(dot, Bench.hashOf(dot), Bytes.wrap(new byte[size]));
  }

  private void deliver(long seq) {
    Dot dot = new Dot(author, seq);
    bench.receive(peer, new Batch(dot, Bytes.utf8("a batch")));
    bench.judge(peer, dot, Bench.delivered(dot));
  }

  private void provided(long want, SignedBatch batch) {
    bench.on(new Input.Provided(peer.node(), want, List.of(batch)));
  }
}
