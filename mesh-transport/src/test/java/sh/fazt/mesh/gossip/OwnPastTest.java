package sh.fazt.mesh.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.apply.Ingested;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.clock.Dot;
import sh.fazt.mesh.delta.DotRange;
import sh.fazt.mesh.delta.Head;
import sh.fazt.mesh.delta.Summary;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.wire.SignedBatch;

/** Peers that say they hold more of our own batches than we do. */
final class OwnPastTest {
  private static final Bytes BATCH = Bytes.utf8("a batch of ours");
  private final Bench bench = new Bench(GossipConfig.standard());
  private final SiteId peer = bench.site();
  private final SiteId other = bench.site();
  private final Dot lost = new Dot(bench.self, 7);

  private void greet(SiteId from) {
    bench.on(new Input.PeerUp(from.node()));
    bench.receive(
        from,
        new Hello(
            MessageLimits.PROTOCOL_VERSION,
            Bench.MESH,
            from,
            "peer",
            "1",
            1,
            List.of(),
            Bench.holding(bench.self, 7)));
  }

  @Test
  void aClaimIsAskedForAndConcludesNothing() {
    greet(peer);
    assertThat(bench.reports()).hasOnlyElementsOfType(Report.Greeted.class);
    assertThat(bench.sent(peer, Want.class).get(0).ranges())
        .containsExactly(new DotRange(bench.self, 7, 7));
    assertThat(bench.sent(peer, Graft.class)).isEmpty();
    assertThat(bench.engine.peers().get(0).behind()).isZero();
    bench.receive(peer, new SummaryVector(Bench.holding(bench.self, 7)));
    assertThat(bench.sent(peer, Want.class)).isEmpty();
    assertThat(bench.engine.peers().get(0).behind()).isZero();
  }

  @Test
  void theBatchItselfIsTheProof() {
    greet(peer);
    bench.receive(peer, new Batch(lost, BATCH));
    assertThat(bench.of(Output.Ingest.class).get(0).arrivals())
        .containsExactly(new Output.Arrival(lost, BATCH));
    bench.judge(peer, lost, new Ingested.OwnPast(lost));
    assertThat(bench.reports()).containsExactly(new Report.OwnPastLost(peer.node(), lost));
    assertThat(bench.dropped(peer)).isEmpty();
  }

  @Test
  void aProofThatCannotBeLookedAtIsAskedForAgainAfterAWhile() {
    greet(peer);
    long want = bench.sent(peer, Want.class).get(0).id();
    bench.receive(peer, new Batch(lost, BATCH));
    bench.on(new Input.Postponed(peer.node(), List.of(lost), "the disk is full"));
    bench.receive(peer, new Done(want));
    assertThat(bench.sent(peer, Want.class)).as("while the disk is full").isEmpty();
    bench.now += GossipConfig.standard().pulling().postponeMillis();
    bench.fire(new Timer.Pull());
    assertThat(bench.sent(peer, Want.class).get(0).ranges())
        .containsExactly(new DotRange(bench.self, 7, 7));
    bench.receive(peer, new Batch(lost, BATCH));
    bench.judge(peer, lost, new Ingested.OwnPast(lost));
    assertThat(bench.reports()).contains(new Report.OwnPastLost(peer.node(), lost));
  }

  @Test
  void aBatchOfOursThatNobodyAskedForIsLookedAtToo() {
    bench.introduce(peer, Summary.EMPTY);
    bench.receive(peer, new Batch(lost, BATCH));
    assertThat(bench.of(Output.Ingest.class)).hasSize(1);
  }

  @Test
  void whoClaimsAndDoesNotDeliverIsNotedAndNotAskedAgain() {
    greet(peer);
    bench.receive(peer, new Done(bench.sent(peer, Want.class).get(0).id()));
    assertThat(bench.reports()).containsExactly(new Report.OwnPastUnproven(peer.node(), lost));
    bench.receive(peer, new Have(Bench.holding(bench.self, 9)));
    assertThat(bench.sent(peer, Want.class)).isEmpty();
    assertThat(bench.dropped(peer)).isEmpty();
  }

  @Test
  void whoClaimsAndKeepsSilentIsNotedAndTheNextIsAsked() {
    greet(peer);
    greet(other);
    assertThat(bench.sent(other, Want.class)).as("one at a time").isEmpty();
    bench.now += 20_000;
    bench.fire(new Timer.Pull());
    assertThat(bench.reports()).containsExactly(new Report.OwnPastUnproven(peer.node(), lost));
    assertThat(bench.sent(other, Want.class)).hasSize(1);
  }

  @Test
  void anotherHashInOurOwnPlaceIsAskedFor() {
    Dot first = new Dot(bench.self, 1);
    bench.introduce(peer, Summary.EMPTY);
    SignedBatch ours = new SignedBatch(first, Bench.hashOf(first), BATCH);
    bench.on(new Input.LocalBatches(List.of(ours)));
    Head theirs = new Head(1, Hash.of(Bytes.utf8("another")));
    bench.receive(peer, new SummaryVector(Summary.EMPTY.with(bench.self, theirs)));
    assertThat(bench.reports()).isEmpty();
    assertThat(bench.sent(peer, Want.class).get(0).ranges())
        .containsExactly(new DotRange(bench.self, 1, 1));
    bench.receive(peer, new Batch(first, BATCH));
    assertThat(bench.of(Output.Ingest.class)).hasSize(1);
  }
}
