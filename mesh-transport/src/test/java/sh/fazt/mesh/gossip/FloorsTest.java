package sh.fazt.mesh.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.clock.Dot;
import sh.fazt.mesh.delta.DotRange;
import sh.fazt.mesh.delta.Head;
import sh.fazt.mesh.delta.Summary;
import sh.fazt.mesh.identity.SiteId;

/** Who has trimmed its log says so, and is not asked for what is gone. */
final class FloorsTest {
  private final Bench bench = new Bench(GossipConfig.standard());
  private final SiteId author = bench.site();
  private final SiteId first = bench.site();
  private final SiteId second = bench.site();

  private Summary upTo(long seq) {
    return Summary.EMPTY.with(author, head(seq));
  }

  private Head head(long seq) {
    return new Head(seq, Bench.hashOf(new Dot(author, seq)));
  }

  private List<Report> trimmed() {
    return bench.reports().stream().filter(Report.Trimmed.class::isInstance).toList();
  }

  private void meet(SiteId peer, long floor, long holds) {
    bench.on(new Input.PeerUp(peer.node()));
    bench.receive(peer, Bench.hello(peer));
    bench.receive(peer, new Floors(upTo(floor)));
    bench.receive(peer, new SummaryVector(upTo(holds)));
  }

  @Test
  void whatIsGoneIsAskedOfNobodyAndToldOf() {
    meet(first, 3, 5);
    assertThat(bench.sent(first, Want.class)).isEmpty();
    assertThat(trimmed()).containsExactly(new Report.Trimmed(first.node(), upTo(3)));
  }

  @Test
  void whoHasItStillIsAskedInstead() {
    bench.on(new Input.PeerUp(second.node()));
    bench.receive(second, Bench.hello(second));
    bench.receive(second, new SummaryVector(upTo(5)));
    Want want = bench.sent(second, Want.class).get(0);
    assertThat(want.ranges()).containsExactly(new DotRange(author, 1, 5));
    meet(first, 3, 5);
    assertThat(trimmed()).isEmpty();
  }

  @Test
  void nobodysStateIsTakenInWhileOurOwnPastIsInDoubt() {
    bench.on(new Input.PeerUp(first.node()));
    bench.receive(
        first,
        new Hello(
            MessageLimits.PROTOCOL_VERSION,
            Bench.MESH,
            first,
            "peer",
            "1",
            1,
            List.of(),
            Bench.holding(bench.self, 7)));
    Want proof = bench.sent(first, Want.class).get(0);
    bench.receive(first, new Floors(upTo(3)));
    bench.receive(first, new SummaryVector(upTo(5)));
    assertThat(trimmed()).isEmpty();
    bench.receive(first, new Done(proof.id()));
    assertThat(trimmed()).containsExactly(new Report.Trimmed(first.node(), upTo(3)));
  }

  @Test
  void whoClaimsToHaveTrimmedOurOwnBatchesIsNotAskedForItsState() {
    bench.on(new Input.PeerUp(first.node()));
    bench.receive(first, Bench.hello(first));
    bench.receive(first, new Floors(Bench.holding(bench.self, 7)));
    assertThat(trimmed()).isEmpty();
    bench.receive(first, new Floors(Bench.holding(bench.self, 7).with(author, head(3))));
    assertThat(trimmed()).containsExactly(new Report.Trimmed(first.node(), upTo(3)));
  }

  @Test
  void whatFollowsASnapshotIsAskedFor() {
    meet(first, 3, 5);
    bench.on(new Input.Rebased(upTo(3)));
    bench.receive(first, new SummaryVector(upTo(5)));
    Want want = bench.sent(first, Want.class).get(0);
    assertThat(want.ranges()).containsExactly(new DotRange(author, 4, 5));
  }

  @Test
  void whoeverAsksForWhatIsGoneIsToldSo() {
    bench.on(new Input.Rebased(upTo(5)));
    bench.on(new Input.Trimmed(upTo(3)));
    bench.on(new Input.PeerUp(first.node()));
    bench.receive(first, Bench.hello(first));
    assertThat(bench.sent(first, Floors.class)).containsExactly(new Floors(upTo(3)));
    bench.receive(first, new Want(7, 1_000, List.of(new DotRange(author, 1, 3))));
    assertThat(bench.sent(first, Floors.class)).containsExactly(new Floors(upTo(3)));
    assertThat(bench.sent(first, Done.class)).containsExactly(new Done(7));
  }

  @Test
  void allAreToldWhenItMoves() {
    bench.introduce(first, Summary.EMPTY);
    bench.on(new Input.Trimmed(upTo(3)));
    assertThat(bench.sent(first, Floors.class)).containsExactly(new Floors(upTo(3)));
    bench.on(new Input.Trimmed(upTo(3)));
    assertThat(bench.sent(first, Floors.class)).isEmpty();
  }
}
