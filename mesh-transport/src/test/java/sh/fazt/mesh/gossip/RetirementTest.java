package sh.fazt.mesh.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.apply.Ingested;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.clock.Dot;
import sh.fazt.mesh.delta.DotRange;
import sh.fazt.mesh.delta.Summary;
import sh.fazt.mesh.identity.Chance;
import sh.fazt.mesh.identity.SigningKey;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.roster.Admitter;
import sh.fazt.mesh.roster.Applicant;
import sh.fazt.mesh.roster.Authors;
import sh.fazt.mesh.roster.Heads;
import sh.fazt.mesh.roster.InviteToken;
import sh.fazt.mesh.roster.Operation;
import sh.fazt.mesh.roster.Remove;
import sh.fazt.mesh.roster.Role;
import sh.fazt.mesh.roster.Roster;
import sh.fazt.mesh.roster.SignedOp;

/** An author that may write no more, and how far its batches count. */
final class RetirementTest {
  private static final Bytes SMALL = Bytes.utf8("a batch");
  private final Bench bench = new Bench(GossipConfig.standard());
  private final SigningKey jay = SigningKey.generate(Chance.from(new SplittableRandom(9)));
  private final SiteId author = new SiteId(jay.verifyKey(), 1);
  private final SiteId peer = bench.site();

  /** As a mesh says that this author, a member who was removed, counts up to there. */
  private Authors upTo(long seq) {
    SigningKey persona = SigningKey.generate(Chance.from(new SplittableRandom(10)));
    SigningKey vps = SigningKey.generate(Chance.from(new SplittableRandom(11)));
    Bytes nonce = Bytes.fromHex("10".repeat(16));
    SignedOp found =
        SignedOp.found(
            new Operation.Found(
                nonce, persona.verifyKey(), "jay", vps.verifyKey(), "vps", Hash.ZERO, 1),
            persona);
    Roster roster = admit(Roster.fold(found.mesh(), List.of(found)), persona, vps);
    SortedMap<Integer, Heads.Last> heads = new TreeMap<>();
    heads.put(1, new Heads.Last(seq, Bench.hashOf(new Dot(author, seq))));
    return roster.with(roster.next(new Remove(author.node(), new Heads(heads)), persona)).authors();
  }

  private Roster admit(Roster roster, SigningKey persona, SigningKey vps) {
    Chance chance = Chance.from(new SplittableRandom(12));
    InviteToken token = InviteToken.draw(roster.mesh(), vps.verifyKey(), chance);
    Roster invited = roster.with(roster.next(token.terms(2, Role.FULL), persona));
    Applicant joiner = Applicant.certified(author.node(), "laptop", persona, "jay");
    return invited.with(new Admitter(vps, chance).add(invited, token, joiner));
  }

  @Test
  void whatCountsIsAskedForAndNoMore() {
    bench.on(new Input.AuthorsChanged(upTo(3)));
    bench.introduce(peer, Bench.holding(author, 9));
    assertThat(bench.sent(peer, Want.class).get(0).ranges())
        .containsExactly(new DotRange(author, 1, 3));
    for (long seq = 1; seq <= 3; seq++) {
      bench.receive(peer, new Batch(new Dot(author, seq), SMALL));
      bench.judge(peer, new Dot(author, seq), Bench.delivered(new Dot(author, seq)));
    }
    assertThat(bench.engine.peers().get(0).behind()).isZero();
    bench.receive(peer, new Batch(new Dot(author, 4), SMALL));
    assertThat(bench.of(Output.Ingest.class)).as("not even looked at").isEmpty();
    assertThat(bench.dropped(peer)).as("the peer may not have heard of it").isEmpty();
  }

  @Test
  void peersAreAskedAnewWhenMoreCountsThanWasThought() {
    bench.on(new Input.AuthorsChanged(upTo(3)));
    bench.introduce(peer, Bench.holding(author, 9));
    bench.on(new Input.AuthorsChanged(upTo(3)));
    assertThat(bench.sent(peer, SummaryHash.class)).isEmpty();
    bench.on(new Input.AuthorsChanged(upTo(5)));
    assertThat(bench.sent(peer, SummaryHash.class)).hasSize(1);
    assertThat(bench.sent(peer, SummaryHash.class).get(0).asks()).isTrue();
  }

  @Test
  void whatWaitedForMoreThanThereIsWaitsNoMore() {
    SiteId writer = bench.site();
    Dot dot = new Dot(writer, 1);
    bench.introduce(peer, Summary.EMPTY);
    bench.receive(peer, new Batch(dot, SMALL));
    bench.judge(peer, dot, new Ingested.Missing(dot, new Dot(author, 4)));
    assertThat(bench.of(Output.Ingest.class)).isEmpty();
    bench.on(new Input.AuthorsChanged(upTo(3)));
    assertThat(bench.of(Output.Ingest.class).get(0).arrivals())
        .extracting(Output.Arrival::claimed)
        .containsExactly(dot);
  }

  @Test
  void whoMayWriteAgainIsFollowedAgain() {
    bench.on(new Input.AuthorsChanged(upTo(3)));
    bench.introduce(peer, Bench.holding(author, 9));
    bench.on(new Input.AuthorsChanged(Authors.NONE));
    assertThat(bench.sent(peer, SummaryHash.class)).hasSize(1);
    bench.receive(peer, new Have(Bench.holding(author, 9)));
    assertThat(bench.engine.peers().get(0).behind()).isEqualTo(9);
  }

  @Test
  void theProofOfARemovalIsTakenFromWhoHasNotSaidHello() {
    bench.on(new Input.PeerUp(peer.node()));
    bench.receive(peer, new RosterOps(List.of(SMALL)));
    assertThat(bench.of(Output.MergeRoster.class)).hasSize(1);
    assertThat(bench.dropped(peer)).isEmpty();
    bench.receive(peer, new Refuse("REMOVED", "this node was removed from the mesh"));
    assertThat(bench.dropped(peer)).isPresent();
  }
}
