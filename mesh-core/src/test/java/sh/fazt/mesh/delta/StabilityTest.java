package sh.fazt.mesh.delta;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.identity.Chance;
import sh.fazt.mesh.identity.MeshId;
import sh.fazt.mesh.identity.SigningKey;
import sh.fazt.mesh.identity.SiteId;
import sh.fazt.mesh.identity.VerifyKey;

/** What every member is on record to show is stable, and nothing else is. */
final class StabilityTest {
  private static final long DAY = 24 * 60 * 60 * 1000L;
  private static final long HORIZON = 90 * DAY;
  private static final long NOW = 1_700_000_000_000L;
  private static final MeshId MESH = new MeshId(Hash.of(Bytes.utf8("mesh")));

  private final Chance chance = Chance.from(new Random(1));
  private final SigningKey vps = SigningKey.generate(chance);
  private final SigningKey laptop = SigningKey.generate(chance);
  private final SigningKey phone = SigningKey.generate(chance);
  private final SiteId site = new SiteId(vps.verifyKey(), 1);
  private final Map<VerifyKey, Acknowledgement> said = new HashMap<>();

  private Summary upTo(long seq) {
    return seq == 0
        ? Summary.EMPTY
        : Summary.EMPTY.with(site, new Head(seq, Hash.of(Bytes.utf8("" + seq))));
  }

  private void says(SigningKey member, long atMillis, long seq) {
    said.put(member.verifyKey(), Acknowledgement.sign(MESH, member, atMillis, upTo(seq)));
  }

  private Stability stability(long own, long nowMillis) {
    return Stability.of(
        upTo(own), Set.of(laptop.verifyKey(), phone.verifyKey()), said, nowMillis, HORIZON);
  }

  @Test
  void whatTheLeastOfAllShowsIsStable() {
    says(laptop, NOW, 5);
    says(phone, NOW, 9);
    assertThat(stability(7, NOW).upTo(site)).isEqualTo(5);
    assertThat(stability(7, NOW).holding()).containsExactly(laptop.verifyKey());
    assertThat(stability(3, NOW).upTo(site)).isEqualTo(3);
  }

  @Test
  void aMemberThatNeverSaidAnythingHoldsEverything() {
    says(laptop, NOW, 5);
    assertThat(stability(7, NOW + 10 * HORIZON).upTo(site)).isZero();
    assertThat(stability(7, NOW).holding()).contains(phone.verifyKey());
  }

  @Test
  void aMemberThatIsSilentBeyondTheHorizonDoesNotCount() {
    says(laptop, NOW + HORIZON, 7);
    says(phone, NOW, 2);
    assertThat(stability(7, NOW + HORIZON).upTo(site)).isEqualTo(2);
    says(laptop, NOW + HORIZON + 1, 7);
    assertThat(stability(7, NOW + HORIZON + 1).upTo(site)).isEqualTo(7);
    assertThat(stability(7, NOW + HORIZON + 1).silent()).containsExactly(phone.verifyKey());
  }

  @Test
  void ourOwnClockAloneSilencesNobody() {
    says(laptop, NOW, 7);
    says(phone, NOW - DAY, 2);
    assertThat(stability(7, NOW + 100 * HORIZON).upTo(site)).isEqualTo(2);
  }

  @Test
  void aMemberThatIsAheadOfItsTimeSilencesNobody() {
    says(laptop, NOW + 100 * HORIZON, 7);
    says(phone, NOW, 2);
    assertThat(stability(7, NOW + DAY).upTo(site)).isEqualTo(2);
  }

  @Test
  void aMeshOfOneHasNobodyToWaitFor() {
    assertThat(Stability.of(upTo(7), Set.of(), said, NOW, HORIZON).upTo(site)).isEqualTo(7);
  }

  @Test
  void anAcknowledgementIsItsNodesOwnInItsMeshAlone() {
    Acknowledgement own = Acknowledgement.sign(MESH, laptop, NOW, upTo(5));
    assertThat(own.isTrue(MESH)).isTrue();
    assertThat(own.isTrue(new MeshId(Hash.of(Bytes.utf8("another"))))).isFalse();
    assertThat(new Acknowledgement(own.node(), NOW, upTo(6), own.signature()).isTrue(MESH))
        .isFalse();
    assertThat(new Acknowledgement(own.node(), NOW + 1, upTo(5), own.signature()).isTrue(MESH))
        .isFalse();
  }
}
