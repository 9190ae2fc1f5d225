package sh.fazt.mesh.lan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.identity.SigningKey;
import sh.fazt.mesh.lan.BeaconCounts.Drop;

/** Floods cost counted work and bounded memory, and leave what is known as it is. */
final class BeaconFloodTest {
  private static final int FLOOD = 10_000;

  private final Air air = new Air();

  private Bytes noise() {
    return Bytes.concat(BeaconSeal.HEADER, air.chance.bytes(200));
  }

  @Test
  void ofOneSourceOnlyABurstIsLookedInto() {
    for (int i = 0; i < FLOOD; i++) {
      air.hear(noise(), "192.168.1.66", Air.HOME, 0);
    }
    assertThat(air.dropped(Drop.SEAL)).isEqualTo(BeaconLimits.SOURCE.burst());
    assertThat(air.dropped(Drop.SOURCE)).isEqualTo(FLOOD - BeaconLimits.SOURCE.burst());
    assertThat(air.cache.counts().signatures()).isZero();
    assertThat(air.hear(air.packet(air.member, 1), 0)).hasSize(1);
  }

  @Test
  void inTheLongRunOneSourceHasItsRate() {
    for (int second = 0; second < 60; second++) {
      for (int i = 0; i < 1_000; i++) {
        air.hear(noise(), "192.168.1.66", Air.HOME, second * 1_000L);
      }
    }
    BeaconLimits.Rate rate = BeaconLimits.SOURCE;
    assertThat(air.dropped(Drop.SEAL)).isEqualTo(rate.burst() + 59L * rate.perSecond());
  }

  @Test
  void tenThousandInventedSourcesOpenNoMoreSealsThanTheLimitAndCheckNoSignature() {
    air.hear(air.packet(air.member, 1), 0);
    List<Neighbour> before = air.cache.neighbours();
    for (int i = 0; i < FLOOD; i++) {
      assertThat(air.hear(noise(), "10.0." + i / 256 + "." + i % 256, Air.HOME, 1)).isEmpty();
    }
    assertThat(air.dropped(Drop.SEAL)).isLessThanOrEqualTo(BeaconLimits.ALL.burst());
    assertThat(air.dropped(Drop.SEAL) + air.dropped(Drop.FLOOD)).isEqualTo(FLOOD);
    assertThat(air.cache.counts().signatures()).isEqualTo(1);
    assertThat(air.cache.neighbours()).isEqualTo(before);
    assertThat(air.hear(air.packet(air.member, 2), 30_000)).hasSize(1);
  }

  @Test
  void recordedBeaconsSentAgainCostNoSignatureAndCrowdNobodyOut() {
    Bytes recorded = air.packet(air.member, 1);
    SigningKey other = air.node();
    air.admit(other);
    air.hear(recorded, 0);
    for (int i = 0; i < FLOOD; i++) {
      air.hear(recorded, "10.0." + i / 256 + "." + i % 256, Air.HOME, i);
    }
    assertThat(air.cache.counts().signatures()).isEqualTo(1);
    assertThat(air.hear(air.packet(other, 1), "192.168.1.9", Air.HOME, FLOOD + 1_000L)).hasSize(1);
    assertThat(air.hear(air.packet(air.member, 2), FLOOD + 1_000L)).hasSize(1);
  }

  @Test
  void aMemberThatSpeaksTooOftenIsHeardAtItsRate() {
    int heard = 0;
    for (int i = 0; i < 60; i++) {
      heard += air.hear(air.packet(air.member, i + 1), 0).size();
    }
    assertThat(heard).isEqualTo(BeaconLimits.MEMBER.burst());
    assertThat(air.dropped(Drop.TOO_OFTEN)).isEqualTo(60 - BeaconLimits.MEMBER.burst());
    assertThat(air.hear(air.packet(air.member, 1_000), 1_000)).hasSize(1);
  }

  @Test
  void allMembersTogetherHaveABoundOfSignatures() {
    List<SigningKey> nodes = new ArrayList<>();
    for (int i = 0; i < BeaconLimits.NEIGHBOURS_MAX; i++) {
      nodes.add(air.node());
    }
    air.admit(nodes.toArray(SigningKey[]::new));
    for (int round = 1; round <= 4; round++) {
      for (int i = 0; i < nodes.size(); i++) {
        air.hear(air.packet(nodes.get(i), round), "10.0.0." + i, Air.HOME, 0);
      }
    }
    assertThat(air.cache.counts().signatures()).isEqualTo(BeaconLimits.SIGNATURES.burst());
    assertThat(air.dropped(Drop.TOO_OFTEN)).isEqualTo(400 - BeaconLimits.SIGNATURES.burst());
  }

  @Test
  void rememberedSourcesAreBounded() {
    RateLimit<Integer> limit = new RateLimit<>(BeaconLimits.SOURCE, BeaconLimits.SOURCES_MAX);
    for (int i = 0; i < FLOOD; i++) {
      limit.admits(i, 0);
      assertThat(limit.keys()).isLessThanOrEqualTo(BeaconLimits.SOURCES_MAX);
    }
  }

  @Test
  void aClockThatStandsOrGoesBackGivesNothingAway() {
    RateLimit<String> limit = new RateLimit<>(new BeaconLimits.Rate(2, 1), 1);
    assertThat(limit.admits("a", 10_000)).isTrue();
    assertThat(limit.admits("a", 10_000)).isTrue();
    assertThat(limit.admits("a", 10_000)).isFalse();
    assertThat(limit.admits("a", 0)).isFalse();
    assertThat(limit.admits("a", 10_999)).isFalse();
    assertThat(limit.admits("a", 11_000)).isTrue();
    assertThat(limit.admits("a", Long.MAX_VALUE / 2)).isTrue();
    assertThat(limit.admits("a", Long.MAX_VALUE / 2)).isTrue();
    assertThat(limit.admits("a", Long.MAX_VALUE / 2)).isFalse();
  }
}
