package sh.fazt.mesh.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.frame.MeshLink;
import sh.fazt.mesh.identity.Chance;
import sh.fazt.mesh.identity.SigningKey;
import sh.fazt.mesh.identity.VerifyKey;

final class LinkTableTest {
  private static final List<VerifyKey> KEYS =
      Stream.of(1, 2)
          .map(seed -> SigningKey.generate(Chance.from(new Random(seed))).verifyKey())
          .sorted()
          .toList();
  private static final VerifyKey SMALL = KEYS.get(0);
  private static final VerifyKey LARGE = KEYS.get(1);

  private final LinkTable atSmall = new LinkTable(SMALL, 10_000);
  private final LinkTable atLarge = new LinkTable(LARGE, 10_000);

  @Test
  void ofTwoDialledAtOnceBothSidesKeepTheSmallersWhateverCameFirst() {
    MeshLink smallOwn = new IdleLink(LARGE);
    MeshLink smallCalled = new IdleLink(LARGE);
    atSmall.offer(smallCalled, false, 0);
    assertThat(atSmall.offer(smallOwn, true, 5)).contains(smallCalled);
    assertThat(atSmall.isLive(smallOwn)).isTrue();
    MeshLink late = new IdleLink(LARGE);
    assertThat(atSmall.offer(late, false, 9)).contains(late);
    assertThat(atSmall.isLive(smallOwn)).isTrue();

    MeshLink largeOwn = new IdleLink(SMALL);
    MeshLink largeCalled = new IdleLink(SMALL);
    atLarge.offer(largeOwn, true, 0);
    assertThat(atLarge.offer(largeCalled, false, 5)).contains(largeOwn);
    assertThat(atLarge.isLive(largeCalled)).isTrue();
  }

  @Test
  void aLaterCallReplacesALinkThatItsDiallerHasLost() {
    MeshLink old = new IdleLink(LARGE);
    atSmall.offer(old, true, 0);
    MeshLink again = new IdleLink(LARGE);
    assertThat(atSmall.offer(again, false, 10_000)).contains(old);
    MeshLink redial = new IdleLink(LARGE);
    assertThat(atSmall.offer(redial, false, 10_001)).contains(again);
  }

  @Test
  void theEndOfAReplacedLinkIsNotTheEndOfTheLiveOne() {
    MeshLink old = new IdleLink(LARGE);
    MeshLink current = new IdleLink(LARGE);
    atSmall.offer(old, true, 0);
    atSmall.offer(current, true, 1);
    assertThat(atSmall.remove(old)).isFalse();
    assertThat(atSmall.find(LARGE)).contains(current);
    assertThat(atSmall.remove(current)).isTrue();
    assertThat(atSmall.all()).isEmpty();
  }
}
