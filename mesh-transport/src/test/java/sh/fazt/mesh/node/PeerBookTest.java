package sh.fazt.mesh.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.identity.Chance;
import sh.fazt.mesh.identity.SigningKey;
import sh.fazt.mesh.identity.VerifyKey;

final class PeerBookTest {
  private final Chance chance = Chance.from(new Random(1));
  private final VerifyKey member = SigningKey.generate(chance).verifyKey();
  private final PeerBook book = new PeerBook(Backoff.DIAL, chance);

  private void comes() {
    book.members(Set.of(member));
    book.seek(Set.of(member));
  }

  @Test
  void whoIsNotSoughtIsNotCalled() {
    comes();
    book.learn(member, List.of("a:1"), 0);
    book.seek(Set.of());
    assertThat(book.due(0)).isEmpty();
    assertThat(book.nextDueMillis()).isEmpty();
    book.seek(Set.of(member));
    assertThat(book.due(0)).hasSize(1);
  }

  @Test
  void aMemberIsOutOfReachOnceEveryAddressHasFailed() {
    comes();
    assertThat(book.isOutOfReach(member)).isTrue();
    book.learn(member, List.of("a:1", "b:2"), 0);
    assertThat(book.isOutOfReach(member)).isFalse();
    book.failed(book.due(0).get(0), 0);
    assertThat(book.isOutOfReach(member)).isFalse();
    book.failed(book.due(60_000).get(0), 60_000);
    assertThat(book.isOutOfReach(member)).isTrue();
    book.linked(member);
    assertThat(book.isOutOfReach(member)).isFalse();
  }

  @Test
  void waitsDoubleFromAQuarterSecondToThirtySeconds() {
    for (int failures = 1; failures < 40; failures++) {
      long step = Math.min(30_000, 250L << Math.min(failures - 1, 20));
      for (int i = 0; i < 50; i++) {
        assertThat(Backoff.DIAL.waitMillis(failures, chance)).isBetween(step / 2, step);
      }
    }
  }

  @Test
  void aMemberWithAnAddressIsCalledOnceAtATime() {
    comes();
    assertThat(book.due(0)).isEmpty();
    book.learn(member, List.of("a:1"), 0);
    PeerBook.Call call = new PeerBook.Call(member, "a:1");
    assertThat(book.due(0)).containsExactly(call);
    assertThat(book.due(0)).isEmpty();
    book.failed(call, 1_000);
    assertThat(book.due(1_000)).isEmpty();
    assertThat(book.nextDueMillis().orElseThrow()).isBetween(1_125L, 1_250L);
    assertThat(book.due(1_250)).containsExactly(call);
  }

  @Test
  void addressesTakeTurnsAndTheOneThatAnsweredComesFirst() {
    comes();
    book.learn(member, List.of("a:1", "b:2"), 0);
    book.failed(book.due(0).get(0), 0);
    PeerBook.Call second = book.due(60_000).get(0);
    assertThat(second.address()).isEqualTo("b:2");
    book.reached(second);
    assertThat(book.addresses(member)).containsExactly("b:2", "a:1");
  }

  @Test
  void aLinkedMemberIsNotCalledAndALostOneSoonAgain() {
    comes();
    book.learn(member, List.of("a:1"), 0);
    book.linked(member);
    assertThat(book.due(0)).isEmpty();
    assertThat(book.nextDueMillis()).isEmpty();
    book.greeted(member);
    book.down(member, 5_000);
    assertThat(book.nextDueMillis().orElseThrow()).isBetween(5_125L, 5_250L);
  }

  @Test
  void aLinkThatNeverGreetsIsCalledLessAndLess() {
    comes();
    book.learn(member, List.of("a:1"), 0);
    for (int i = 0; i < 20; i++) {
      book.linked(member);
      book.down(member, 0);
    }
    assertThat(book.nextDueMillis().orElseThrow()).isGreaterThanOrEqualTo(15_000);
  }

  @Test
  void hurryCallsNow() {
    comes();
    book.learn(member, List.of("a:1"), 0);
    for (int i = 0; i < 10; i++) {
      book.due(Long.MAX_VALUE / 2).forEach(call -> book.failed(call, 0));
    }
    assertThat(book.due(100)).isEmpty();
    book.hurry(100);
    assertThat(book.due(100)).hasSize(1);
  }

  @Test
  void whatIsHeardOnTheLocalNetworkIsTriedFirstAndNotRemembered() {
    comes();
    book.learn(member, List.of("a:1"), 0);
    book.near(member, List.of("near:1"), 0);
    PeerBook.Call near = new PeerBook.Call(member, "near:1");
    assertThat(book.due(0)).containsExactly(near);
    book.reached(near);
    assertThat(book.addresses(member)).containsExactly("a:1");
  }

  @Test
  void aWrongPlaceOnTheLocalNetworkOnlyCostsACall() {
    comes();
    book.learn(member, List.of("a:1"), 0);
    book.near(member, List.of("wrong:1"), 0);
    book.failed(book.due(0).get(0), 0);
    assertThat(book.due(250)).containsExactly(new PeerBook.Call(member, "a:1"));
  }

  @Test
  void whoIsFoundWhileACallIsUnderWayIsCalledThereNext() {
    comes();
    book.learn(member, List.of("a:1"), 0);
    PeerBook.Call slow = book.due(0).get(0);
    book.near(member, List.of("near:1"), 10);
    assertThat(book.due(20)).isEmpty();
    book.failed(slow, 10_000);
    assertThat(book.due(10_000)).containsExactly(new PeerBook.Call(member, "near:1"));
  }

  @Test
  void hearingTheSameAgainDoesNotHurry() {
    comes();
    book.near(member, List.of("near:1"), 0);
    book.failed(book.due(0).get(0), 0);
    book.near(member, List.of("near:1"), 1);
    assertThat(book.due(1)).isEmpty();
  }

  @Test
  void whoIsHeardNoMoreIsCalledWhereItWas() {
    comes();
    book.near(member, List.of("near:1"), 0);
    book.near(member, List.of(), 1);
    assertThat(book.due(60_000)).isEmpty();
    book.learn(member, List.of("a:1"), 60_000);
    assertThat(book.due(60_000)).containsExactly(new PeerBook.Call(member, "a:1"));
  }

  @Test
  void beyondTheLimitTheOldestAddressIsDropped() {
    comes();
    for (int i = 0; i <= PeerBook.ADDRESSES_MAX; i++) {
      book.learn(member, List.of("a:" + (i + 1)), 0);
    }
    assertThat(book.addresses(member))
        .hasSize(PeerBook.ADDRESSES_MAX)
        .startsWith("a:17")
        .endsWith("a:2");
  }

  @Test
  void whoIsNoMemberIsForgotten() {
    comes();
    book.learn(member, List.of("a:1"), 0);
    book.members(Set.of());
    assertThat(book.due(0)).isEmpty();
    book.learn(member, List.of("a:1"), 0);
    assertThat(book.addresses(member)).isEmpty();
  }
}
