package sh.fazt.mesh.gossip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.delta.Summary;
import sh.fazt.mesh.frame.MessageCodec;
import sh.fazt.mesh.identity.Chance;
import sh.fazt.mesh.identity.MeshId;
import sh.fazt.mesh.identity.SigningKey;
import sh.fazt.mesh.identity.SiteId;

/** What becomes of applications' small messages. */
final class BroadcastsTest {
  private static final GossipConfig CONFIG = GossipConfig.standard();
  private static final GossipConfig.Broadcasting LIMITS = CONFIG.broadcasting();

  private final Chance chance = Chance.from(new Random(7));
  private final SigningKey key = SigningKey.generate(chance);
  private final SiteId sender = new SiteId(key.verifyKey(), 1);
  private final Bench bench = new Bench(CONFIG);
  private final SiteId near = bench.site();
  private final SiteId far = bench.site();

  @BeforeEach
  void link() {
    bench.on(new Input.Members(Set.of(sender.node(), near.node(), far.node(), bench.self.node())));
    bench.introduce(near, Summary.EMPTY);
    bench.introduce(far, Summary.EMPTY);
  }

  private Broadcast message(long session, long seq, String text) {
    return message(session, seq, Bytes.utf8(text));
  }

  private Broadcast message(long session, long seq, Bytes payload) {
    BroadcastId id = new BroadcastId(sender, session, seq);
    return Broadcast.sign(new Broadcast.Content(Bench.MESH, id, bench.now, payload), key);
  }

  private Broadcast nth(long seq) {
    return message(1, seq, "n" + seq);
  }

  private List<String> hear(SiteId from, Broadcast broadcast) {
    bench.receive(from, broadcast);
    return heard();
  }

  private List<String> heard() {
    return bench.of(Output.Hear.class).stream()
        .map(hear -> hear.content().payload().asUtf8())
        .toList();
  }

  private static List<String> texts(long from, long to) {
    return LongStream.rangeClosed(from, to).mapToObj(seq -> "n" + seq).toList();
  }

  @Test
  void isToldOnceAndPassedOnVerbatimToAllOthers() {
    Broadcast message = nth(1);
    assertThat(hear(near, message)).containsExactly("n1");
    assertThat(bench.sent(near, Broadcast.class)).isEmpty();
    Broadcast passed = bench.sent(far, Broadcast.class).get(0);
    assertThat(passed).isEqualTo(new Broadcast(1, message.content(), message.signature()));
    assertThat(hear(far, passed)).isEmpty();
    assertThat(hear(near, message)).isEmpty();
    assertThat(bench.of(Output.Send.class)).isEmpty();
  }

  @Test
  void isNotSentBackToWhoSentItNorTakenForAnothers() {
    SiteId peer = new SiteId(key.verifyKey(), 1);
    bench.introduce(peer, Summary.EMPTY);
    assertThat(hear(near, nth(1))).containsExactly("n1");
    assertThat(bench.sent(peer, Broadcast.class)).isEmpty();
    assertThat(bench.sent(far, Broadcast.class)).hasSize(1);
  }

  @Test
  void ownGoesToAllPeersAndIsNotHeardHere() {
    bench.on(new Input.Say(nth(1)));
    assertThat(heard()).isEmpty();
    assertThat(bench.sent(near, Broadcast.class)).hasSize(1);
    assertThat(bench.sent(far, Broadcast.class)).hasSize(1);
  }

  @Test
  void aGapIsWaitedForAndThenLeftOut() {
    hear(near, nth(1));
    assertThat(hear(near, nth(3))).isEmpty();
    assertThat(bench.sent(far, Broadcast.class)).hasSize(1);
    assertThat(hear(near, nth(4))).isEmpty();
    bench.now += LIMITS.gapMillis() - 1;
    bench.fire(new Timer.Gap(sender.node()));
    assertThat(heard()).isEmpty();
    bench.now++;
    bench.fire(new Timer.Gap(sender.node()));
    assertThat(heard()).containsExactly("n3", "n4");
    assertThat(hear(near, nth(2))).isEmpty();
    assertThat(hear(near, nth(5))).containsExactly("n5");
    assertThat(bench.engine.heldBytes()).isZero();
  }

  @Test
  void whatComesLateButInTimeIsToldInOrder() {
    hear(near, nth(1));
    hear(near, nth(4));
    assertThat(hear(far, nth(2))).containsExactly("n2");
    assertThat(bench.of(Output.Schedule.class))
        .contains(
            new Output.Schedule(new Timer.Gap(sender.node()), bench.now + LIMITS.gapMillis()));
    assertThat(hear(near, nth(3))).containsExactly("n3", "n4");
  }

  @Test
  void aNewSessionBeginsAnewAndAnOldOneIsOver() {
    hear(near, nth(1));
    hear(near, nth(3));
    assertThat(hear(near, message(2, 1, "anew"))).containsExactly("n3", "anew");
    assertThat(hear(near, nth(4))).isEmpty();
    assertThat(bench.sent(far, Broadcast.class)).isEmpty();
  }

  @Test
  void noMoreAreHeldOfOneSenderThanTheLimit() {
    hear(near, nth(1));
    for (int seq = 3; seq < 3 + LIMITS.heldMax(); seq++) {
      assertThat(hear(near, nth(seq))).as("seq " + seq).isEmpty();
    }
    int last = 3 + LIMITS.heldMax();
    assertThat(hear(near, nth(last))).isEqualTo(texts(3, last));
  }

  @Test
  void noMoreBytesAreHeldOfAllSendersThanTheLimit() {
    GossipConfig.Broadcasting tight =
        new GossipConfig.Broadcasting(20, 100, 400, 1_000, 600_000, 1_000, 64, 40_000, 64);
    Bench small =
        new Bench(
            new GossipConfig(
                CONFIG.pace(),
                CONFIG.pulling(),
                CONFIG.pushing(),
                CONFIG.waiting(),
                CONFIG.linking(),
                tight));
    small.on(new Input.Members(Set.of(sender.node(), near.node())));
    small.introduce(near, Summary.EMPTY);
    Bytes large = Bytes.wrap(new byte[MessageLimits.BROADCAST_BYTES_MAX]);
    for (long seq : List.of(1L, 3L, 4L)) {
      small.receive(near, message(1, seq, large));
    }
    assertThat(small.engine.heldBytes()).isEqualTo(2L * large.size());
    small.receive(near, message(1, 5, large));
    assertThat(small.of(Output.Hear.class)).hasSize(3);
    assertThat(small.engine.heldBytes()).isZero();
  }

  @Test
  void aSenderThatSaysTooMuchIsCutShortAndHeardAgainLater() {
    for (int seq = 1; seq <= LIMITS.senderBurst(); seq++) {
      assertThat(hear(near, nth(seq))).hasSize(1);
    }
    int beyond = LIMITS.senderBurst() + 1;
    assertThat(hear(near, nth(beyond))).isEmpty();
    assertThat(bench.sent(far, Broadcast.class)).isEmpty();
    bench.now += 1_000;
    for (int i = 0; i < LIMITS.senderPerSecond(); i++) {
      assertThat(hear(near, nth(beyond + i))).hasSize(1);
    }
    assertThat(hear(near, nth(beyond + LIMITS.senderPerSecond()))).isEmpty();
  }

  @Test
  void aLinkThatBringsTooMuchIsCutShortWhoeverSentIt() {
    Broadcast known = nth(1);
    for (int i = 0; i < LIMITS.linkBurst(); i++) {
      hear(near, known);
    }
    assertThat(hear(near, nth(2))).isEmpty();
    assertThat(hear(far, nth(2))).containsExactly("n2");
    bench.now += 1_000;
    assertThat(hear(near, nth(3))).containsExactly("n3");
  }

  @Test
  void aLinkThatTakesNoMoreGetsAFewAndIsNotClosed() {
    bench.on(new Input.PeerWritable(far.node(), false));
    for (int seq = 1; seq <= LIMITS.unreadMax(); seq++) {
      hear(near, nth(seq));
      assertThat(bench.sent(far, Broadcast.class)).hasSize(1);
    }
    hear(near, nth(LIMITS.unreadMax() + 1));
    assertThat(bench.sent(far, Broadcast.class)).isEmpty();
    assertThat(bench.dropped(far)).isEmpty();
    bench.on(new Input.PeerWritable(far.node(), true));
    hear(near, nth(LIMITS.unreadMax() + 2));
    assertThat(bench.sent(far, Broadcast.class)).hasSize(1);
  }

  @Test
  void onlyMembersAreHeardAndPassedOn() {
    bench.on(new Input.Members(Set.of(near.node(), far.node())));
    assertThat(hear(near, nth(1))).isEmpty();
    assertThat(bench.of(Output.Send.class)).isEmpty();
    assertThat(bench.dropped(near)).isEmpty();
  }

  @Test
  void whatIsHeldOfOneThatLeavesIsForgotten() {
    hear(near, nth(1));
    hear(near, nth(3));
    bench.on(new Input.Members(Set.of(near.node(), far.node())));
    assertThat(bench.engine.heldBytes()).isZero();
    bench.now += LIMITS.gapMillis();
    bench.fire(new Timer.Gap(sender.node()));
    assertThat(heard()).isEmpty();
  }

  @Test
  void aForgedOneCostsTheLinkAndSpendsNothingOfTheSenders() {
    Broadcast real = nth(1);
    Broadcast.Content other =
        new Broadcast.Content(Bench.MESH, real.content().id(), bench.now, Bytes.utf8("never said"));
    assertThat(hear(near, new Broadcast(0, other, real.signature()))).isEmpty();
    assertThat(bench.dropped(near)).isPresent();
    assertThat(bench.of(Output.Send.class)).isEmpty();
    assertThat(hear(far, real)).containsExactly("n1");
  }

  @Test
  void oneOfAnotherMeshCostsTheLink() {
    MeshId other = new MeshId(Hash.of(Bytes.utf8("other")));
    Broadcast.Content content =
        new Broadcast.Content(other, new BroadcastId(sender, 1, 1), bench.now, Bytes.utf8("hello"));
    assertThat(hear(near, Broadcast.sign(content, key))).isEmpty();
    assertThat(bench.dropped(near)).isPresent();
  }

  @Test
  void anOldOneIsNotToldAgainToANodeThatHasForgottenIt() {
    Broadcast old = nth(1);
    bench.now += LIMITS.ageMillisMax();
    assertThat(hear(near, old)).containsExactly("n1");
    Broadcast older = nth(2);
    bench.now += LIMITS.ageMillisMax() + 1;
    assertThat(hear(near, older)).isEmpty();
    Broadcast early = nth(2);
    bench.now -= LIMITS.ageMillisMax() + 1;
    assertThat(hear(near, early)).isEmpty();
  }

  @Test
  void itGoesNoFurtherThanTheLimitOfNodes() {
    Broadcast message = nth(1);
    int max = MessageLimits.BROADCAST_HOPS_MAX;
    assertThat(hear(near, new Broadcast(max, message.content(), message.signature()))).hasSize(1);
    assertThat(bench.sent(far, Broadcast.class)).isEmpty();
    Bytes frame = MessageCodec.encode(message);
    byte[] beyond = frame.toArray();
    beyond[1] = (byte) (max + 1);
    assertThatThrownBy(() -> MessageCodec.decode(Bytes.wrap(beyond)))
        .isInstanceOf(MalformedException.class);
  }

  @Test
  void noPayloadIsLargerThanTheLimit() {
    Bytes large = Bytes.wrap(new byte[MessageLimits.BROADCAST_BYTES_MAX]);
    Broadcast message = message(1, 1, large);
    assertThat(hear(near, message)).hasSize(1);
    assertThatThrownBy(() -> message(1, 2, Bytes.concat(large, Bytes.utf8("x"))))
        .isInstanceOf(IllegalArgumentException.class);
    Bytes frame = MessageCodec.encode(message);
    int lengthAt = frame.size() - 64 - large.size() - 3;
    Bytes longer =
        Bytes.concat(
            frame.slice(0, lengthAt),
            new ByteWriter().varint(large.size() + 1).toBytes(),
            Bytes.wrap(new byte[large.size() + 1 + 64]));
    assertThatThrownBy(() -> MessageCodec.decode(longer))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("length");
  }

  @Test
  void anAllowanceGrowsBackToItsBurstAndNoFurther() {
    Allowance allowance = new Allowance(2, 3, 0);
    assertThat(List.of(allowance.take(0), allowance.take(0), allowance.take(0))).containsOnly(true);
    assertThat(allowance.take(499)).isFalse();
    assertThat(allowance.take(500)).isTrue();
    assertThat(allowance.take(500)).isFalse();
    assertThat(allowance.take(Long.MAX_VALUE)).isTrue();
    assertThat(allowance.take(Long.MAX_VALUE)).isTrue();
    assertThat(allowance.take(Long.MAX_VALUE)).isTrue();
    assertThat(allowance.take(Long.MAX_VALUE)).isFalse();
  }
}
