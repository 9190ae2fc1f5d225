package sh.fazt.mesh.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.apply.Ingested;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.clock.Dot;
import sh.fazt.mesh.delta.DotRange;
import sh.fazt.mesh.delta.Head;
import sh.fazt.mesh.delta.Summary;
import sh.fazt.mesh.identity.SiteId;

final class PullTest {
  private static final Bytes SMALL = Bytes.utf8("a batch");
  private final Bench bench = new Bench(GossipConfig.standard());
  private final SiteId author = bench.site();
  private final SiteId first = bench.site();
  private final SiteId second = bench.site();

  @Test
  void whatAPeerHoldsIsAskedOfItOnce() {
    bench.introduce(first, Bench.holding(author, 3));
    Want want = bench.sent(first, Want.class).get(0);
    assertThat(want.ranges()).containsExactly(new DotRange(author, 1, 3));
    bench.introduce(second, Bench.holding(author, 3));
    assertThat(bench.sent(second, Want.class)).isEmpty();
  }

  @Test
  void twoSitesAreAskedOfTwoPeers() {
    SiteId other = bench.site();
    bench.on(new Input.PeerUp(first.node()));
    bench.receive(first, Bench.hello(first));
    bench.introduce(second, Bench.holding(author, 3));
    Head head = new Head(3, Bench.hashOf(new Dot(other, 3)));
    Summary both = Bench.holding(author, 3).with(other, head);
    bench.receive(first, new SummaryVector(both));
    assertThat(bench.sent(first, Want.class).get(0).ranges())
        .containsExactly(new DotRange(other, 1, 3));
  }

  @Test
  void aWantThatBringsNothingGoesToAnother() {
    bench.introduce(first, Bench.holding(author, 3));
    Want want = bench.sent(first, Want.class).get(0);
    bench.introduce(second, Bench.holding(author, 3));
    bench.now += 20_000;
    bench.fire(new Timer.Pull());
    assertThat(bench.sent(first, Stop.class)).containsExactly(new Stop(want.id()));
    assertThat(bench.sent(second, Want.class)).hasSize(1);
  }

  @Test
  void aLostLinkGoesToAnother() {
    bench.introduce(first, Bench.holding(author, 3));
    bench.introduce(second, Bench.holding(author, 3));
    bench.receive(first, new Batch(new Dot(author, 1), SMALL));
    bench.judge(first, new Dot(author, 1), Bench.delivered(new Dot(author, 1)));
    bench.on(new Input.PeerDown(first.node()));
    assertThat(bench.sent(second, Want.class).get(0).ranges())
        .containsExactly(new DotRange(author, 2, 3));
  }

  @Test
  void aPeerThatIsDoneEarlyIsNotAskedAgainUntilItSaysMore() {
    bench.introduce(first, Bench.holding(author, 3));
    bench.receive(first, new Done(bench.sent(first, Want.class).get(0).id()));
    assertThat(bench.sent(first, Want.class)).isEmpty();
    bench.receive(first, new Have(Bench.holding(author, 4)));
    assertThat(bench.sent(first, Want.class).get(0).ranges())
        .containsExactly(new DotRange(author, 1, 4));
  }

  @Test
  void whatABatchNeedsIsAskedForAndTheBatchIsKept() {
    SiteId needed = bench.site();
    Dot dot = new Dot(author, 1);
    bench.introduce(first, Summary.EMPTY);
    bench.receive(first, new Batch(dot, SMALL));
    bench.judge(first, dot, new Ingested.Missing(dot, new Dot(needed, 2)));
    assertThat(bench.sent(first, Want.class).get(0).ranges())
        .containsExactly(new DotRange(needed, 1, 2));
    assertThat(bench.engine.waitingBytes()).isEqualTo(SMALL.size());
    for (long seq = 1; seq <= 2; seq++) {
      bench.receive(first, new Batch(new Dot(needed, seq), SMALL));
      bench.judge(first, new Dot(needed, seq), Bench.delivered(new Dot(needed, seq)));
    }
    assertThat(bench.of(Output.Ingest.class).get(0).arrivals())
        .containsExactly(new Output.Arrival(dot, SMALL));
    assertThat(bench.engine.waitingBytes()).isZero();
  }

  @Test
  void aPushThatIsAheadOfItsPredecessorIsKeptAndTheGapAskedFor() {
    bench.introduce(author, Summary.EMPTY);
    bench.receive(author, new Batch(new Dot(author, 3), SMALL));
    assertThat(bench.of(Output.Ingest.class)).isEmpty();
    assertThat(bench.sent(author, Want.class).get(0).ranges())
        .containsExactly(new DotRange(author, 1, 2));
  }

  /** It heard of it from a third, and must have it before it can take in what the third wrote. */
  @Test
  void whoKnowsNothingOfAForkIsGivenWhatLiesBehindIt() {
    Dot trunk = new Dot(author, 1);
    bench.introduce(first, Bench.holding(author, 1));
    bench.receive(first, new Batch(trunk, SMALL));
    bench.judge(first, trunk, Bench.delivered(trunk));
    bench.receive(first, new Want(7, 1 << 20, List.of(new DotRange(author, 2, 2))));
    assertThat(bench.of(Output.Provide.class)).isEmpty();
    bench.on(new Input.Forked(author, Bench.holding(author, 1).head(author), 1));
    bench.receive(first, new Want(8, 1 << 20, List.of(new DotRange(author, 2, 2))));
    assertThat(bench.of(Output.Provide.class).get(0).ranges())
        .containsExactly(new DotRange(author, 2, 2));
  }

  @Test
  void aBatchThatTheLogHeldBeforeIsNotAskedForForever() {
    Dot dot = new Dot(author, 1);
    bench.introduce(first, Bench.holding(author, 2));
    bench.receive(first, new Batch(dot, SMALL));
    bench.judge(first, dot, new Ingested.Duplicate(dot, Bench.hashOf(dot)));
    assertThat(bench.engine.summary()).isEqualTo(Bench.holding(author, 1));
    bench.receive(first, new Done(1));
    bench.receive(first, new Have(Bench.holding(author, 2)));
    assertThat(bench.sent(first, Want.class).get(0).ranges())
        .containsExactly(new DotRange(author, 2, 2));
  }

  @Test
  void aRefusedBatchCostsTheLink() {
    Dot dot = new Dot(author, 1);
    bench.introduce(author, Summary.EMPTY);
    bench.receive(author, new Batch(dot, SMALL));
    bench.judge(author, dot, new Ingested.Refused("nonsense"));
    assertThat(bench.dropped(author)).hasValue("nonsense");
  }

  @Test
  void aBatchUnderAnotherNameCostsTheLink() {
    Dot claimed = new Dot(author, 1);
    Dot real = new Dot(first, 1);
    bench.introduce(first, Summary.EMPTY);
    bench.receive(first, new Batch(claimed, SMALL));
    bench.judge(first, claimed, Bench.delivered(real));
    assertThat(bench.dropped(first)).isPresent();
    assertThat(bench.engine.summary().seq(first)).isEqualTo(1);
  }

  @Test
  void aForkedSiteIsLeftAloneAndTheLinkStays() {
    Dot dot = new Dot(author, 1);
    bench.introduce(first, Bench.holding(author, 5));
    bench.receive(first, new Batch(dot, SMALL));
    bench.judge(first, dot, new Ingested.Forked(dot, false, "another chain"));
    assertThat(bench.reports()).containsExactly(new Report.Forked(first.node(), dot));
    assertThat(bench.dropped(first)).isEmpty();
    bench.introduce(second, Bench.holding(author, 9));
    assertThat(bench.sent(second, Want.class)).isEmpty();
  }

  @Test
  void anUnknownAuthorMeansThatOurRosterIsOld() {
    Dot dot = new Dot(author, 1);
    bench.introduce(first, Bench.holding(author, 1));
    Want want = bench.sent(first, Want.class).get(0);
    bench.receive(first, new Batch(dot, SMALL));
    bench.receive(first, new Done(want.id()));
    bench.judge(first, dot, new Ingested.UnknownAuthor(dot));
    assertThat(bench.sent(first, RosterHash.class)).hasSize(1);
    assertThat(bench.sent(first, Want.class)).isEmpty();
    bench.now += 5_000;
    bench.fire(new Timer.Pull());
    assertThat(bench.sent(first, Want.class)).hasSize(1);
  }

  @Test
  void troubleOfOurOwnPausesAskingAndLosesNothing() {
    Dot dot = new Dot(author, 1);
    bench.introduce(first, Bench.holding(author, 1));
    Want want = bench.sent(first, Want.class).get(0);
    bench.receive(first, new Batch(dot, SMALL));
    bench.receive(first, new Done(want.id()));
    bench.on(new Input.Postponed(first.node(), List.of(dot), "disk full"));
    assertThat(bench.reports()).containsExactly(new Report.Stalled("disk full"));
    assertThat(bench.sent(first, Want.class)).isEmpty();
    bench.now += 5_000;
    bench.fire(new Timer.Pull());
    assertThat(bench.sent(first, Want.class)).hasSize(1);
  }

  @Test
  void theWindowIsGrantedAnewAsBatchesAreDealtWith() {
    bench.introduce(first, Bench.holding(author, 100));
    Want want = bench.sent(first, Want.class).get(0);
    Bytes large = Bytes.wrap(new byte[200_000]);
    int granted = 0;
    for (long seq = 1; seq <= 20; seq++) {
      bench.receive(first, new Batch(new Dot(author, seq), large));
      bench.judge(first, new Dot(author, seq), Bench.delivered(new Dot(author, seq)));
      granted += bench.sent(first, Grant.class).stream().mapToInt(Grant::bytes).sum();
    }
    assertThat(granted).isBetween(20 * large.size() - want.windowBytes() / 4, 20 * large.size());
  }

  @Test
  void partsAreJoinedInOrder() {
    Bytes part = Bytes.wrap(new byte[MessageLimits.PART_BYTES_MAX]);
    Dot dot = new Dot(author, 1);
    bench.introduce(first, Bench.holding(author, 1));
    bench.receive(first, new BatchPart(dot, 0, false, part));
    bench.receive(first, new BatchPart(dot, 1, true, SMALL));
    assertThat(bench.of(Output.Ingest.class).get(0).arrivals())
        .containsExactly(new Output.Arrival(dot, Bytes.concat(part, SMALL)));
    assertThat(bench.engine.waitingBytes()).isZero();
  }

  @Test
  void partsThatNobodyAskedForTakeNoMemory() {
    Bytes part = Bytes.wrap(new byte[MessageLimits.PART_BYTES_MAX]);
    bench.introduce(first, Summary.EMPTY);
    bench.receive(first, new BatchPart(new Dot(author, 1), 0, false, part));
    assertThat(bench.engine.waitingBytes()).isZero();
    bench.introduce(second, Bench.holding(author, 1));
    bench.receive(second, new BatchPart(new Dot(author, 1), 4, false, part));
    assertThat(bench.engine.waitingBytes()).isZero();
    assertThat(bench.dropped(second)).isEmpty();
  }

  @Test
  void aBatchOverTheLimitCostsTheLink() {
    Bytes part = Bytes.wrap(new byte[MessageLimits.PART_BYTES_MAX]);
    Dot dot = new Dot(author, 1);
    bench.introduce(first, Bench.holding(author, 1));
    int parts = MessageLimits.ENVELOPE_BYTES_MAX / MessageLimits.PART_BYTES_MAX;
    for (int index = 0; index <= parts; index++) {
      bench.receive(first, new BatchPart(dot, index, false, part));
    }
    assertThat(bench.dropped(first)).isPresent();
    assertThat(bench.engine.waitingBytes()).isZero();
  }
}
