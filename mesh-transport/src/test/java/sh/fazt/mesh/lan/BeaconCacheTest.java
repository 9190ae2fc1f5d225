package sh.fazt.mesh.lan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.identity.MeshId;
import sh.fazt.mesh.identity.SigningKey;
import sh.fazt.mesh.lan.BeaconCounts.Drop;
import sh.fazt.mesh.lan.Network.Prefix;

/** What a node makes of beacons, and of what only looks like one. */
final class BeaconCacheTest {
  private final Air air = new Air();

  private Neighbour only() {
    assertThat(air.cache.neighbours()).hasSize(1);
    return air.cache.neighbours().get(0);
  }

  /** Nothing happened but that one packet was dropped, and no signature was looked at. */
  private void assertDroppedCheaply(Drop reason) {
    assertThat(air.events).isEmpty();
    assertThat(air.cache.neighbours()).isEmpty();
    assertThat(air.cache.counts().dropped()).containsOnlyKeys(reason);
    assertThat(air.cache.counts().signatures()).isZero();
  }

  @Test
  void aMemberIsFoundThenRefreshedThenLostAfterFiveMinutesOfSilence() {
    assertThat(air.hear(air.packet(air.member, 7), 1_000))
        .containsExactly(new BeaconEvent.Found(only()));
    assertThat(only().addresses()).containsExactly(Air.PLACE);
    assertThat(air.hear(air.packet(air.member, 8), 31_000))
        .containsExactly(new BeaconEvent.Refreshed(only(), false));
    assertThat(only().foundMillis()).isEqualTo(1_000);
    assertThat(only().heardMillis()).isEqualTo(31_000);
    assertThat(air.cache.nextDueMillis()).hasValue(331_000);
    assertThat(air.cache.on(new BeaconInput.Passed(), 330_999)).isEmpty();
    Neighbour last = only();
    assertThat(air.cache.on(new BeaconInput.Passed(), 331_000))
        .containsExactly(new BeaconEvent.Lost(last));
    assertThat(air.cache.neighbours()).isEmpty();
    assertThat(air.cache.nextDueMillis()).isEmpty();
  }

  @Test
  void aNewAddressOrNameIsAChange() {
    air.hear(air.packet(air.member, 1), 0);
    Bytes other = Bytes.fromHex("c0a80117");
    assertThat(air.hear(air.packet(air.member, Air.beacon(air.member, 2, other)), 1))
        .containsExactly(new BeaconEvent.Refreshed(only(), true));
    assertThat(only().addresses()).containsExactly("192.168.1.23:8443");
    Beacon renamed =
        new Beacon(
            Beacon.Kind.ANNOUNCEMENT, air.member.verifyKey(), 3, "attic", 8443, List.of(other));
    assertThat(air.hear(air.packet(air.member, renamed), 2))
        .containsExactly(new BeaconEvent.Refreshed(only(), true));
    assertThat(only().name()).isEqualTo("attic");
  }

  @Test
  void aQuestionOfAMemberIsPassedOn() {
    Beacon question =
        new Beacon(
            Beacon.Kind.QUESTION, air.member.verifyKey(), 1, "pi", 8443, List.of(Air.ADDRESS));
    assertThat(air.hear(air.packet(air.member, question), 0))
        .containsExactly(
            new BeaconEvent.Found(only()), new BeaconEvent.Asked(air.member.verifyKey()));
  }

  @Test
  void whatComesByTwoSocketsIsHeardOnce() {
    Bytes packet = air.packet(air.member, 1);
    air.hear(packet, 0);
    assertThat(air.hear(packet, "fe80::1", Air.HOME, 0)).isEmpty();
    assertThat(air.dropped(Drop.OLD)).isEqualTo(1);
    assertThat(air.cache.counts().signatures()).isEqualTo(1);
  }

  @Test
  void aMemberOnTwoNetworksIsKnownByBothAndEachIsForgottenByItself() {
    Network wlan = new Network("wlan0", List.of(new Prefix(Bytes.fromHex("0a000001"), 8)));
    Bytes there = Bytes.fromHex("0a010203");
    air.hear(air.packet(air.member, 1), 0);
    air.hear(air.packet(air.member, Air.beacon(air.member, 1, there)), "10.1.2.3", wlan, 10_000);
    assertThat(only().addresses()).containsExactly(Air.PLACE, "10.1.2.3:8443");
    assertThat(air.cache.on(new BeaconInput.Passed(), 300_000))
        .containsExactly(new BeaconEvent.Refreshed(only(), true));
    assertThat(only().addresses()).containsExactly("10.1.2.3:8443");
  }

  @Test
  void linkLocalAddressesBearTheInterface() {
    Bytes linkLocal = Bytes.fromHex("fe800000000000000000000000000022");
    Network network = new Network("eth0", List.of(new Prefix(linkLocal, 64)));
    air.hear(air.packet(air.member, Air.beacon(air.member, 1, linkLocal)), "fe80::22", network, 0);
    assertThat(only().addresses()).containsExactly("[fe80:0:0:0:0:0:0:22%eth0]:8443");
  }

  @Test
  void aPacketOverTheLimitOrOfAnotherKindIsNotLookedAt() {
    Bytes whole = air.packet(air.member, 1);
    air.hear(Bytes.concat(whole, Bytes.wrap(new byte[BeaconLimits.PACKET_BYTES_MAX])), 0);
    air.hear(Bytes.EMPTY, 0);
    air.hear(BeaconSeal.HEADER, 0);
    air.hear(Bytes.concat(Bytes.utf8("FZTL2"), whole.slice(5, whole.size())), 0);
    assertDroppedCheaply(Drop.NO_BEACON);
    assertThat(air.dropped(Drop.NO_BEACON)).isEqualTo(4);
  }

  @Test
  void theLongestBeaconFitsInAPacket() {
    Bytes[] addresses = new Bytes[BeaconLimits.ADDRESSES_MAX];
    Arrays.fill(addresses, Bytes.wrap(new byte[Beacon.IPV6_BYTES]));
    Beacon longest =
        new Beacon(
            Beacon.Kind.QUESTION,
            air.member.verifyKey(),
            Long.MAX_VALUE,
            "n".repeat(BeaconLimits.NAME_BYTES_MAX),
            0xffff,
            List.of(addresses));
    assertThat(air.packet(air.member, longest).size())
        .isLessThanOrEqualTo(BeaconLimits.PACKET_BYTES_MAX);
  }

  @Test
  void noBeaconHasALongerName() {
    String name = "n".repeat(BeaconLimits.NAME_BYTES_MAX + 1);
    assertThatThrownBy(
            () ->
                new Beacon(
                    Beacon.Kind.QUESTION, air.member.verifyKey(), 1, name, 0xffff, List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aBeaconOfAnotherMeshIsNotOurs() {
    Bytes founding = Bytes.utf8("another mesh");
    Bytes content =
        BeaconClaim.sign(
            Air.beacon(air.member, 1, Air.ADDRESS), new MeshId(Hash.of(founding)), air.member);
    air.hear(BeaconSeal.ofFounding(founding).seal(content, air.chance), 0);
    assertDroppedCheaply(Drop.SEAL);
  }

  @Test
  void everyFlippedBitOfAPacketIsFoundOut() {
    Bytes packet = air.packet(air.member, 1);
    for (int bit = 0; bit < packet.size() * Byte.SIZE; bit++) {
      byte[] flipped = packet.toArray();
      flipped[bit / Byte.SIZE] ^= (byte) (1 << (bit % Byte.SIZE));
      // Each from a source of its own and at leisure, so that no limit is what stops it.
      air.hear(Bytes.wrap(flipped), "10.0.0." + bit, Air.HOME, bit * 1_000L);
      assertThat(air.events).isEmpty();
    }
    assertThat(air.cache.counts().dropped()).containsOnlyKeys(Drop.NO_BEACON, Drop.SEAL);
    assertThat(air.hear(packet, 1_000_000_000)).hasSize(1);
  }

  @Test
  void aMemberCannotSpeakForAnother() {
    SigningKey other = air.node();
    air.admit(other);
    Bytes claim = Air.beacon(air.member, 1, Air.ADDRESS).encoded();
    Bytes forged =
        Bytes.concat(
            claim,
            other.sign(BeaconClaim.CONTEXT, Bytes.concat(air.mesh.founding().value(), claim)));
    assertThat(air.hear(air.seal.seal(forged, air.chance), 0)).isEmpty();
    assertThat(air.dropped(Drop.SIGNATURE)).isEqualTo(1);
    assertThat(air.cache.neighbours()).isEmpty();
  }

  @Test
  void aSignatureForAnotherPurposeOrMeshIsWorthNothing() {
    Bytes claim = Air.beacon(air.member, 1, Air.ADDRESS).encoded();
    Bytes signed = Bytes.concat(air.mesh.founding().value(), claim);
    Bytes elsewhere = Bytes.concat(Hash.of(Bytes.utf8("elsewhere")).value(), claim);
    for (Bytes signature :
        List.of(
            air.member.sign("batch", signed),
            air.member.sign(BeaconClaim.CONTEXT, claim),
            air.member.sign(BeaconClaim.CONTEXT, elsewhere))) {
      air.hear(air.seal.seal(Bytes.concat(claim, signature), air.chance), 0);
      assertThat(air.events).isEmpty();
    }
    assertThat(air.dropped(Drop.SIGNATURE)).isEqualTo(3);
  }

  @Test
  void aKeyOfSmallOrderIsMalformed() {
    air.hear(
        air.altered(
            air.member,
            1,
            content -> {
              Arrays.fill(content, 1, 33, (byte) 0);
              content[1] = 1;
              return content;
            }),
        0);
    assertDroppedCheaply(Drop.MALFORMED);
  }

  @Test
  void whatIsSealedAndNoBeaconIsMalformed() {
    air.hear(air.altered(air.member, 1, content -> Arrays.copyOf(content, 60)), 0);
    air.hear(air.altered(air.member, 1, content -> Arrays.copyOf(content, content.length + 1)), 0);
    air.hear(
        air.altered(
            air.member,
            1,
            content -> {
              content[0] = 3;
              return content;
            }),
        0);
    air.hear(
        air.altered(
            air.member,
            1,
            content -> {
              // The first letter of the name becomes what steers a terminal.
              content[44] = 0x1b;
              return content;
            }),
        0);
    assertDroppedCheaply(Drop.MALFORMED);
    assertThat(air.dropped(Drop.MALFORMED)).isEqualTo(4);
  }

  @Test
  void ourOwnPacketIsIgnored() {
    air.admit(air.self);
    air.hear(air.packet(air.self, 1), 0);
    assertDroppedCheaply(Drop.OWN);
  }

  @Test
  void anUnknownKeyIsNoMember() {
    air.hear(air.packet(air.node(), 1), 0);
    assertDroppedCheaply(Drop.STRANGER);
  }

  @Test
  void whoIsRemovedIsLostAtOnceAndHeardNoMore() {
    air.hear(air.packet(air.member, 1), 0);
    Neighbour gone = only();
    air.events.clear();
    air.remove(air.member);
    assertThat(air.events).containsExactly(new BeaconEvent.Lost(gone));
    assertThat(air.hear(air.packet(air.member, 2), 0)).isEmpty();
    assertThat(air.dropped(Drop.STRANGER)).isEqualTo(1);
  }

  @Test
  void whatWasRecordedAndIsSentAgainChangesNothing() {
    Bytes old = air.packet(air.member, Air.beacon(air.member, 5, Bytes.fromHex("c0a80105")));
    air.hear(old, 0);
    air.hear(air.packet(air.member, 6), 1);
    for (int i = 0; i < 10; i++) {
      assertThat(air.hear(old, "192.168.1.66", Air.HOME, 2)).isEmpty();
    }
    assertThat(only().addresses()).containsExactly(Air.PLACE);
    assertThat(only().heardMillis()).isEqualTo(1);
    assertThat(air.dropped(Drop.OLD)).isEqualTo(10);
    assertThat(air.cache.counts().signatures()).isEqualTo(2);
  }

  @Test
  void whereAPacketComesFromIsNoPlaceToDial() {
    air.hear(air.packet(air.member, 1), "192.168.1.66", Air.HOME, 0);
    assertThat(only().addresses()).containsExactly(Air.PLACE);
  }

  @Test
  void addressesOfAnotherNetworkAreLeftOut() {
    Bytes elsewhere = Bytes.fromHex("08080808");
    air.hear(air.packet(air.member, Air.beacon(air.member, 1, elsewhere)), 0);
    assertDroppedCheaply(Drop.ELSEWHERE);
    air.hear(air.packet(air.member, Air.beacon(air.member, 1, elsewhere, Air.ADDRESS)), 0);
    assertThat(only().addresses()).containsExactly(Air.PLACE);
  }

  @Test
  void theHundredAndFirstIsNotTakenInUntilOneIsLost() {
    for (int i = 0; i < BeaconLimits.NEIGHBOURS_MAX; i++) {
      SigningKey node = air.node();
      air.admit(node);
      assertThat(air.hear(air.packet(node, 1), "10.0.0." + i, Air.HOME, i)).hasSize(1);
    }
    assertThat(air.hear(air.packet(air.member, 1), 50_000)).isEmpty();
    assertThat(air.dropped(Drop.FULL)).isEqualTo(1);
    assertThat(air.cache.neighbours()).hasSize(BeaconLimits.NEIGHBOURS_MAX);
    assertThat(air.hear(air.packet(air.member, 2), BeaconLimits.LOST_MILLIS))
        .hasSize(2)
        .anyMatch(event -> event instanceof BeaconEvent.Found);
  }

  @Test
  void addressesOfOneMemberAreBounded() {
    for (int i = 0; i < 3 * BeaconLimits.ADDRESSES_MAX; i++) {
      Network network = new Network("eth" + i, Air.HOME.prefixes());
      Beacon beacon = Air.beacon(air.member, i + 1, Air.ADDRESS, Bytes.fromHex("c0a80117"));
      air.hear(air.packet(air.member, beacon), "192.168.1.22", network, i * 2_000L);
    }
    assertThat(only().addresses()).hasSize(BeaconLimits.ADDRESSES_MAX);
  }
}
