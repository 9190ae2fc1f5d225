package sh.fazt.mesh.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.identity.Chance;
import sh.fazt.mesh.identity.SigningKey;
import sh.fazt.mesh.identity.VerifyKey;

final class SnapshotRestsTest {
  private static final Chance CHANCE = Chance.from(new Random(1));

  private final SnapshotRests rests = new SnapshotRests();
  private final VerifyKey liar = SigningKey.generate(CHANCE).verifyKey();
  private final VerifyKey other = SigningKey.generate(CHANCE).verifyKey();

  @Test
  void whoGivesLessThanItClaimsRestsTwiceAsLongEachTimeUpToTheLimit() {
    long now = 1_000;
    long expected = SnapshotRests.REST_MILLIS;
    for (int i = 0; i < 10; i++) {
      assertThat(rests.disappointed(liar, now)).isEqualTo(expected);
      assertThat(rests.isResting(liar, now + expected - 1)).isTrue();
      now += expected;
      assertThat(rests.isResting(liar, now)).isFalse();
      expected = Math.min(2 * expected, SnapshotRests.REST_MILLIS_MAX);
    }
    assertThat(expected).isEqualTo(SnapshotRests.REST_MILLIS_MAX);
  }

  @Test
  void anotherMemberIsAskedMeanwhile() {
    rests.disappointed(liar, 1_000);
    assertThat(rests.isResting(other, 1_000)).isFalse();
  }

  @Test
  void whoGivesWhatItClaimsRestsAMomentAndIsForgiven() {
    rests.disappointed(liar, 1_000);
    rests.took(liar, 100_000);
    assertThat(rests.isResting(liar, 100_000 + SnapshotRests.TOOK_MILLIS - 1)).isTrue();
    assertThat(rests.isResting(liar, 100_000 + SnapshotRests.TOOK_MILLIS)).isFalse();
    assertThat(rests.disappointed(liar, 200_000)).isEqualTo(SnapshotRests.REST_MILLIS);
  }
}
