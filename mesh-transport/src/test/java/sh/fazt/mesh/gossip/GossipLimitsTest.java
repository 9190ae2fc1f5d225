package sh.fazt.mesh.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.apply.Ingested;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.clock.Dot;
import sh.fazt.mesh.delta.Head;
import sh.fazt.mesh.delta.Summary;
import sh.fazt.mesh.identity.SiteId;

/** Limits of {@link GossipConfig} that no other test crosses, each crossed by one. */
final class GossipLimitsTest {
  private static final GossipConfig CONFIG = GossipConfig.standard();

  private final Bench bench = new Bench(CONFIG);
  private final SiteId peer = bench.site();

  private Arrival waiting(int seq, int size, int vain) {
    Dot needed = new Dot(peer, 1_000_000);
    Bytes envelope = Bytes.wrap(new byte[size]);
    return new Arrival(peer.node(), new Dot(peer, seq), envelope, Optional.of(needed), vain, 0);
  }

  @Test
  void noMoreBatchesWaitThanTheLimit() {
    Arrivals arrivals = new Arrivals(CONFIG.waiting());
    int most = CONFIG.waiting().batchesMax();
    for (int seq = 1; seq <= most; seq++) {
      assertThat(arrivals.hold(waiting(seq, 1, 0))).isTrue();
    }
    assertThat(arrivals.hold(waiting(most + 1, 1, 0))).isFalse();
    assertThat(arrivals.has(new Dot(peer, most + 1))).isFalse();
    arrivals.take(new Dot(peer, 1));
    assertThat(arrivals.hold(waiting(most + 1, 1, 0))).as("there is room again").isTrue();
  }

  @Test
  void noMoreBytesWaitThanTheLimit() {
    Arrivals arrivals = new Arrivals(new GossipConfig.Waiting(10, 1_000, 1, 3));
    assertThat(arrivals.hold(waiting(1, 600, 0))).isTrue();
    assertThat(arrivals.hold(waiting(2, 401, 0))).isFalse();
    assertThat(arrivals.hold(waiting(2, 400, 0))).isTrue();
  }

  @Test
  void whatWaitsInVainTooOftenIsDropped() {
    Arrivals arrivals = new Arrivals(CONFIG.waiting());
    int most = CONFIG.waiting().vainMax();
    assertThat(arrivals.hold(waiting(1, 1, most))).isTrue();
    Arrival again = arrivals.take(new Dot(peer, 1)).orElseThrow().again();
    assertThat(arrivals.hold(again)).isFalse();
  }

  @Test
  void partsOfManyBatchesHaveOneLimit() throws Exception {
    Bytes whole = Bytes.wrap(new byte[MessageLimits.PART_BYTES_MAX]);
    Reassembly reassembly = new Reassembly(2L * MessageLimits.PART_BYTES_MAX);
    Dot second = new Dot(bench.site(), 1);
    reassembly.add(peer.node(), new BatchPart(new Dot(peer, 1), 0, false, whole));
    BatchPart more = new BatchPart(second, 0, false, whole);
    assertThat(reassembly.hasRoomFor(more)).isTrue();
    reassembly.add(peer.node(), more);
    BatchPart beyond = new BatchPart(second, 1, true, Bytes.wrap(new byte[1]));
    assertThat(reassembly.hasRoomFor(beyond)).isFalse();
    reassembly.drop(peer.node(), peer);
    assertThat(reassembly.hasRoomFor(beyond)).isTrue();
  }

  @Test
  void graftsOfTooManyAuthorsCostTheLink() {
    bench.introduce(peer, Summary.EMPTY);
    for (int i = 0; i < CONFIG.pushing().graftsPerPeerMax(); i++) {
      bench.receive(peer, new Graft(bench.site().node()));
    }
    assertThat(bench.dropped(peer)).isEmpty();
    bench.receive(peer, new Graft(bench.site().node()));
    assertThat(bench.dropped(peer)).isPresent();
  }

  @Test
  void aComparisonIsWithNoMorePeersThanTheLimit() {
    int most = CONFIG.pace().comparedPeersMax();
    for (int i = 0; i <= most; i++) {
      bench.introduce(bench.site(), Summary.EMPTY);
    }
    bench.fire(new Timer.AntiEntropy());
    assertThat(bench.of(Output.Send.class))
        .filteredOn(send -> send.message() instanceof SummaryHash)
        .extracting(Output.Send::to)
        .doesNotHaveDuplicates()
        .hasSize(most);
  }

  private Summary holdingOfAnother() {
    return Bench.holding(bench.site(), 100);
  }

  @Test
  void noMoreIsWantedOfOnePeerThanTheLimit() {
    bench.introduce(peer, Summary.EMPTY);
    for (int i = 0; i < CONFIG.pulling().wantsPerPeerMax(); i++) {
      bench.receive(peer, new SummaryVector(holdingOfAnother()));
      assertThat(bench.sent(peer, Want.class)).hasSize(1);
    }
    bench.receive(peer, new SummaryVector(holdingOfAnother()));
    assertThat(bench.sent(peer, Want.class)).isEmpty();
  }

  @Test
  void noMoreIsWantedOfAllPeersThanTheLimit() {
    for (int i = 0; i < CONFIG.pulling().wantsMax(); i++) {
      SiteId giver = bench.site();
      bench.introduce(giver, holdingOfAnother());
      assertThat(bench.sent(giver, Want.class)).hasSize(1);
    }
    bench.introduce(peer, holdingOfAnother());
    assertThat(bench.sent(peer, Want.class)).isEmpty();
  }

  @Test
  void noMoreSitesAreRememberedOfOnePeerThanTheLimit() {
    bench.introduce(peer, Summary.EMPTY);
    for (int message = 0; message < 3; message++) {
      Map<SiteId, Head> heads = new TreeMap<>();
      for (int i = 1; i <= Holdings.SITES_MAX; i++) {
        SiteId invented = new SiteId(peer.node(), message * Holdings.SITES_MAX + i);
        heads.put(invented, new Head(1, Hash.ZERO));
      }
      bench.receive(peer, new Have(Summary.of(heads)));
    }
    assertThat(bench.engine.heldBy(peer.node())).hasSize(Holdings.SITES_MAX);
  }

  @Test
  void noMoreAuthorsAreGraftedThanTheLimit() {
    int grafts = 0;
    bench.introduce(peer, Summary.EMPTY);
    for (int round = 1; round <= 3; round++) {
      Map<SiteId, Head> heads = new TreeMap<>();
      for (int i = 0; i < PullPlanner.GRAFTED_MAX / 2; i++) {
        heads.put(bench.site(), new Head(1, Hash.ZERO));
      }
      bench.receive(peer, new SummaryVector(Summary.of(heads)));
      grafts += bench.sent(peer, Graft.class).size();
      long want = bench.sent(peer, Want.class).get(0).id();
      bench.receive(peer, new Done(want));
    }
    assertThat(grafts).isEqualTo(PullPlanner.GRAFTED_MAX);
  }

  /** Whether a peer that holds so many of a site's batches is asked to push it besides. */
  private boolean isFollowed(long batches) {
    bench.receive(peer, new SummaryVector(Bench.holding(bench.site(), batches)));
    assertThat(bench.sent(peer, Want.class)).hasSize(1);
    return !bench.sent(peer, Graft.class).isEmpty();
  }

  @Test
  void aSiteThatLacksMoreBatchesThanTheLimitIsCaughtUpWithBeforeItIsFollowed() {
    bench.introduce(peer, Summary.EMPTY);
    assertThat(isFollowed(PullPlanner.FRESH_BATCHES_MAX)).isTrue();
    assertThat(isFollowed(PullPlanner.FRESH_BATCHES_MAX + 1L)).isFalse();
  }

  /** When the engine wants to look at what it asked for, as it said last. */
  private long lookMillis;

  private void note(List<Output> outputs) {
    outputs.stream()
        .filter(Output.Schedule.class::isInstance)
        .map(Output.Schedule.class::cast)
        .filter(schedule -> schedule.timer().equals(new Timer.Pull()))
        .forEach(schedule -> lookMillis = schedule.dueMillis());
  }

  /** How long nobody is asked for a site of which a batch that was asked for cannot be kept. */
  private long pause(SiteId author) {
    Want want = bench.sent(peer, Want.class).get(0);
    Dot dot = new Dot(author, 1);
    long refused = bench.now;
    note(bench.receive(peer, new Batch(dot, Bytes.utf8("a batch"))));
    note(bench.judge(peer, dot, new Ingested.UnknownAuthor(dot)));
    note(bench.receive(peer, new Done(want.id())));
    while (bench.sent(peer, Want.class).isEmpty()) {
      bench.now = lookMillis;
      note(bench.fire(new Timer.Pull()));
    }
    return bench.now - refused;
  }

  @Test
  void aSiteThatCannotBeKeptIsAskedForMoreSeldomEachTimeUpToTheLimit() {
    SiteId author = bench.site();
    note(bench.introduce(peer, Bench.holding(author, 1)));
    long expected = CONFIG.pulling().postponeMillis();
    for (int i = 0; i < 10; i++) {
      assertThat(pause(author)).isEqualTo(expected);
      expected = Math.min(2 * expected, CONFIG.pulling().postponeMillisMax());
    }
    assertThat(expected).isEqualTo(CONFIG.pulling().postponeMillisMax());
  }
}
