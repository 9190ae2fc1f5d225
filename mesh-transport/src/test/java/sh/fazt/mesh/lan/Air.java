package sh.fazt.mesh.lan;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.identity.Chance;
import sh.fazt.mesh.identity.MeshId;
import sh.fazt.mesh.identity.SigningKey;
import sh.fazt.mesh.identity.VerifyKey;
import sh.fazt.mesh.lan.Network.Prefix;

/** A mesh whose nodes speak into a cache: keys, seals, packets. */
final class Air {
  static final Network HOME =
      new Network("eth0", List.of(new Prefix(Bytes.fromHex("c0a80101"), 24)));
  static final Bytes ADDRESS = Bytes.fromHex("c0a80116");
  static final String PLACE = "192.168.1.22:8443";

  final Chance chance = Chance.from(new Random(1));
  final Bytes founding = Bytes.utf8("this mesh");
  final MeshId mesh = new MeshId(Hash.of(founding));
  final BeaconSeal seal = BeaconSeal.ofFounding(founding);
  final SigningKey self = SigningKey.generate(chance);
  final SigningKey member = SigningKey.generate(chance);
  final BeaconCache cache = new BeaconCache(self.verifyKey(), mesh, seal);
  final List<BeaconEvent> events = new ArrayList<>();
  private final Set<VerifyKey> members = new HashSet<>();

  Air() {
    admit(member);
  }

  void admit(SigningKey... nodes) {
    for (SigningKey node : nodes) {
      members.add(node.verifyKey());
    }
    cache.on(new BeaconInput.Members(members), 0);
  }

  void remove(SigningKey node) {
    members.remove(node.verifyKey());
    events.addAll(cache.on(new BeaconInput.Members(members), 0));
  }

  SigningKey node() {
    return SigningKey.generate(chance);
  }

  static Beacon beacon(SigningKey node, long sequence, Bytes... addresses) {
    return new Beacon(
        Beacon.Kind.ANNOUNCEMENT, node.verifyKey(), sequence, "pi", 8443, List.of(addresses));
  }

  Bytes packet(SigningKey node, long sequence) {
    return packet(node, beacon(node, sequence, ADDRESS));
  }

  Bytes packet(SigningKey node, Beacon beacon) {
    return seal.seal(BeaconClaim.sign(beacon, mesh, node), chance);
  }

  /** A packet whose content was altered before it was sealed. */
  Bytes altered(SigningKey node, long sequence, UnaryOperator<byte[]> change) {
    Bytes content = BeaconClaim.sign(beacon(node, sequence, ADDRESS), mesh, node);
    return seal.seal(Bytes.wrap(change.apply(content.toArray())), chance);
  }

  /** The cache hears a packet; its events are those of this packet. */
  List<BeaconEvent> hear(Bytes packet, long nowMillis) {
    return hear(packet, "192.168.1.22", HOME, nowMillis);
  }

  List<BeaconEvent> hear(Bytes packet, String source, Network network, long nowMillis) {
    events.clear();
    events.addAll(cache.on(new BeaconInput.Heard(packet, source, network), nowMillis));
    return events;
  }

  long dropped(BeaconCounts.Drop reason) {
    return cache.counts().dropped(reason);
  }
}
