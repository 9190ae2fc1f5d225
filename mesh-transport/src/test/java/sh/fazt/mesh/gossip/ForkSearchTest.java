package sh.fazt.mesh.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.apply.Ingested;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.clock.Dot;
import sh.fazt.mesh.delta.DotRange;
import sh.fazt.mesh.delta.Head;
import sh.fazt.mesh.delta.Summary;
import sh.fazt.mesh.identity.SiteId;

/** Two nodes hold different chains of one site. */
class ForkSearchTest {
  private static final Bytes BATCH = Bytes.utf8("a batch");
  private static final int REQUESTS_MAX = 60;

  private final Bench bench = new Bench(GossipConfig.standard());
  private final SiteId author = bench.site();
  private final SiteId peer = bench.site();

  private static Ingested judge(Dot dot, long fork) {
    return dot.seq() < fork
        ? new Ingested.Duplicate(dot, Bench.hashOf(dot))
        : new Ingested.Forked(dot, dot.seq() == fork, "another batch");
  }

  /** Answers what the engine asks for until it asks no more. @return how often it asked */
  private int search(Want first, long fork) {
    int asked = 0;
    List<Want> wants = List.of(first);
    while (!wants.isEmpty()) {
      assertThat(++asked).isLessThan(REQUESTS_MAX);
      DotRange range = wants.get(0).ranges().get(0);
      assertThat(range.size()).as("one batch at a time").isOne();
      Dot dot = new Dot(author, range.from());
      bench.receive(peer, new Batch(dot, BATCH));
      bench.judge(peer, dot, judge(dot, fork));
      bench.receive(peer, new Done(wants.get(0).id()));
      wants = bench.sent(peer, Want.class);
    }
    return asked;
  }

  private void fill(long count) {
    for (long seq = 1; seq <= count; seq++) {
      Dot dot = new Dot(author, seq);
      bench.receive(peer, new Batch(dot, BATCH));
      bench.judge(peer, dot, new Ingested.Delivered(dot, Hash.of(Bytes.utf8("ours" + seq))));
    }
  }

  @Test
  void placeIsFoundInFewRequestsWhereverItIs() {
    Random random = new Random(7);
    for (int round = 0; round < 100; round++) {
      ForkSearchTest each = new ForkSearchTest();
      int ours = 1 + random.nextInt(300);
      int fork = 1 + random.nextInt(ours);
      each.bench.introduce(each.peer, Summary.EMPTY);
      each.fill(ours);
      each.bench.receive(each.peer, new SummaryVector(Bench.holding(each.author, ours)));
      List<Want> wants = each.bench.sent(each.peer, Want.class);
      assertThat(wants).as("asks for the end first").hasSize(1);
      assertThat(each.search(wants.get(0), fork)).isLessThan(20);
    }
  }

  @Test
  void closedSiteIsLevelWithWhoeverHoldsTheTrunk() {
    bench.introduce(peer, Summary.EMPTY);
    fill(5);
    Head trunk = new Head(3, Hash.of(Bytes.utf8("ours3")));
    bench.on(new Input.Forked(author, Optional.of(trunk), 3));
    assertThat(bench.engine.summary().head(author)).contains(trunk);
    bench.receive(peer, new SummaryVector(Bench.holding(author, 9)));
    assertThat(bench.sent(peer, Want.class)).isEmpty();
    assertThat(bench.engine.peers().get(0).behind()).isZero();
    assertThat(bench.engine.peers().get(0).ahead()).isZero();
    bench.receive(peer, new Batch(new Dot(author, 4), BATCH));
    assertThat(bench.of(Output.Ingest.class)).as("what lies behind the fork").isEmpty();
  }

  @Test
  void trunkThatIsNotWholeIsAskedForToItsEnd() {
    bench.introduce(peer, Summary.EMPTY);
    fill(2);
    Head head = new Head(2, Hash.of(Bytes.utf8("ours2")));
    bench.on(new Input.Forked(author, Optional.of(head), 4));
    bench.receive(peer, new SummaryVector(Bench.holding(author, 9)));
    assertThat(bench.sent(peer, Want.class).get(0).ranges())
        .containsExactly(new DotRange(author, 3, 4));
  }

  @Test
  void whoDoesNotAnswerEndsTheSearch() {
    bench.introduce(peer, Summary.EMPTY);
    fill(5);
    bench.receive(peer, new SummaryVector(Bench.holding(author, 5)));
    Want want = bench.sent(peer, Want.class).get(0);
    bench.receive(peer, new Done(want.id()));
    assertThat(bench.sent(peer, Want.class)).isEmpty();
    bench.receive(peer, new SummaryVector(Bench.holding(author, 5)));
    assertThat(bench.sent(peer, Want.class)).as("asked again at the next comparison").hasSize(1);
  }
}
