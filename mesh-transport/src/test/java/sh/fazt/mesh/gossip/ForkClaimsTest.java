package sh.fazt.mesh.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.apply.Ingested;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.clock.Dot;
import sh.fazt.mesh.delta.DotRange;
import sh.fazt.mesh.delta.Head;
import sh.fazt.mesh.delta.Summary;
import sh.fazt.mesh.identity.SiteId;

/** What peers say of forks, and how it is proven. */
class ForkClaimsTest {
  private static final Bytes ONE = Bytes.utf8("one batch");
  private static final Bytes OTHER = Bytes.utf8("another batch");

  private final Bench bench = new Bench(GossipConfig.standard());
  private final SiteId author = bench.site();
  private final SiteId peer = bench.site();

  @BeforeEach
  void introduce() {
    bench.introduce(peer, Summary.EMPTY);
  }

  private void fill(long count) {
    for (long seq = 1; seq <= count; seq++) {
      Dot dot = new Dot(author, seq);
      bench.receive(peer, new Batch(dot, ONE));
      bench.judge(peer, dot, new Ingested.Delivered(dot, Bench.hashOf(dot)));
    }
  }

  /** Says where the author forked, and that it holds all before. */
  private SummaryVector forkedAt(long fork) {
    Map<SiteId, Head> trunk = fork == 1 ? Map.of() : Bench.holding(author, fork - 1).heads();
    return new SummaryVector(Summary.of(trunk, Map.of(author, fork)));
  }

  private Want wantOf(SiteId giver, long seq) {
    List<Want> wants = bench.sent(giver, Want.class);
    assertThat(wants).hasSize(1);
    assertThat(wants.get(0).ranges()).containsExactly(new DotRange(author, seq, seq));
    return wants.get(0);
  }

  private void assertProves(SiteId giver, Dot fork) {
    bench.receive(giver, new Batch(fork, ONE));
    assertThat(bench.of(Output.Prove.class)).as("one proves nothing").isEmpty();
    bench.receive(giver, new Batch(fork, OTHER));
    assertThat(bench.of(Output.Ingest.class)).as("nothing is to be delivered").isEmpty();
    assertThat(bench.of(Output.Prove.class))
        .containsExactly(new Output.Prove(giver.node(), fork, ONE, OTHER));
  }

  @Test
  void whoKnowsOfAForkIsAskedForBothBatchesOfThatPlace() {
    fill(5);
    bench.receive(peer, forkedAt(3));
    Want want = wantOf(peer, 3);
    Dot fork = new Dot(author, 3);
    assertProves(peer, fork);
    bench.on(new Input.Forked(author, Bench.holding(author, 2).head(author), 2));
    assertThat(bench.of(Output.Tell.class))
        .extracting(Output.Tell::report)
        .containsExactly(new Report.Forked(peer.node(), fork));
    bench.receive(peer, new Done(want.id()));
    bench.receive(peer, forkedAt(3));
    assertThat(bench.sent(peer, Want.class)).as("that was all").isEmpty();
  }

  /** What the author wrote there may build on what waits for just this. */
  @Test
  void nothingOfTheSiteNeedBeHereForTheProof() {
    bench.receive(peer, forkedAt(1));
    wantOf(peer, 1);
    assertProves(peer, new Dot(author, 1));
  }

  /** What is waited for lies behind the fork, and nobody gives it any more. */
  @Test
  void whatWaitsForMoreThanTheTrunkIsTriedWhenTheForkIsKnown() {
    fill(2);
    Dot dot = new Dot(bench.site(), 1);
    bench.receive(peer, new Batch(dot, ONE));
    bench.judge(peer, dot, new Ingested.Missing(dot, new Dot(author, 7)));
    bench.on(new Input.Forked(author, Bench.holding(author, 2).head(author), 2));
    assertThat(bench.of(Output.Ingest.class))
        .flatExtracting(Output.Ingest::arrivals)
        .extracting(Output.Arrival::claimed)
        .containsExactly(dot);
  }

  @Test
  void aForkThatBecomesKnownIsToldToAll() {
    fill(2);
    bench.on(new Input.Forked(author, Optional.empty(), 0));
    assertThat(bench.sent(peer, SummaryVector.class))
        .extracting(told -> told.summary().forks())
        .containsExactly(Map.of(author, 1L));
  }

  @Test
  void anEarlierPlaceIsNewsALaterOneIsNot() {
    fill(9);
    bench.on(new Input.Forked(author, Bench.holding(author, 4).head(author), 4));
    bench.receive(peer, forkedAt(7));
    assertThat(bench.sent(peer, Want.class)).isEmpty();
    bench.receive(peer, forkedAt(2));
    wantOf(peer, 2);
  }

  @Test
  void whoseLinkBreaksIsAskedAgainOnTheNext() {
    bench.receive(peer, forkedAt(1));
    wantOf(peer, 1);
    bench.introduce(peer, Summary.EMPTY);
    bench.receive(peer, forkedAt(1));
    wantOf(peer, 1);
  }

  /** Else a liar would keep those who know from being asked. */
  @Test
  void whoDoesNotProveAForkDoesNotKeepOthersFromIt() {
    SiteId honest = bench.site();
    bench.introduce(honest, Summary.EMPTY);
    fill(5);
    bench.receive(peer, forkedAt(2));
    Want vain = wantOf(peer, 2);
    bench.receive(honest, forkedAt(4));
    bench.receive(peer, forkedAt(2));
    bench.receive(peer, new Done(vain.id()));
    wantOf(honest, 4);
    assertProves(honest, new Dot(author, 4));
  }

  /** Each proof may be two batches of the greatest size. */
  @Test
  void noMoreProofsThanTheLimitAreAskedForAtOnceAndTheNextFollows() {
    List<Dot> forks = new ArrayList<>();
    List<SiteId> givers = new ArrayList<>();
    for (int i = 0; i <= ForkClaims.ASKED_MAX; i++) {
      forks.add(new Dot(bench.site(), 1));
      givers.add(bench.site());
      bench.introduce(givers.get(i), Summary.EMPTY);
      Map<SiteId, Long> told = Map.of(forks.get(i).site(), 1L);
      bench.receive(givers.get(i), new SummaryVector(Summary.of(Map.of(), told)));
      assertThat(bench.sent(givers.get(i), Want.class))
          .as("asked for as claim %d", i)
          .hasSize(i < ForkClaims.ASKED_MAX ? 1 : 0);
    }
    assertProves(givers.get(0), forks.get(0));
    assertThat(bench.sent(givers.get(ForkClaims.ASKED_MAX), Want.class))
        .as("the one that waited is asked for at once")
        .hasSize(1);
    for (int i = 1; i <= ForkClaims.ASKED_MAX; i++) {
      assertProves(givers.get(i), forks.get(i));
    }
  }

  /** More wants than it gives at once would cost the link, too many claims the memory. */
  @Test
  void ofThousandsOfForksThatAPeerInventsFewAreKept() {
    Map<SiteId, Long> forks = new HashMap<>();
    for (int i = 0; i < Summary.FORKS_MAX; i++) {
      forks.put(bench.site(), 1L);
    }
    bench.receive(peer, new SummaryVector(Summary.of(Map.of(), forks)));
    int asked = 0;
    Deque<Want> open = new ArrayDeque<>(bench.sent(peer, Want.class));
    while (!open.isEmpty()) {
      assertThat(open.size()).isLessThanOrEqualTo(ForkClaims.ASKED_MAX);
      asked++;
      bench.receive(peer, new Done(open.remove().id()));
      open.addAll(bench.sent(peer, Want.class));
    }
    assertThat(asked).isEqualTo(ForkClaims.PER_PEER_MAX);
  }
}
