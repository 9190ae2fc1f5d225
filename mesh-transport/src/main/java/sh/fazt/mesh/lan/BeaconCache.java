package sh.fazt.mesh.lan;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.identity.MeshId;
import sh.fazt.mesh.identity.VerifyKey;
import sh.fazt.mesh.lan.BeaconCounts.Drop;

/*
 The order of the checks is the defence. A packet of an outsider is counted, and then the seal turns
 it away; it never reaches a signature, nor the limits that members have. One that was recorded opens
 and is old. So an outsider, however loud, has only what all sources share; a member can be
 crowded out by members alone.
*/
/**
 * Which members are on the local networks. Pure: packets and time in, events out. Memory and work
 * are bounded by {@link BeaconLimits}, whoever sends whatever. Confined.
 */
final class BeaconCache {
  private static final String ALL = "all";

  private final VerifyKey self;
  private final MeshId mesh;
  private final BeaconSeal seal;
  private final RateLimit<String> sources =
      new RateLimit<>(BeaconLimits.SOURCE, BeaconLimits.SOURCES_MAX);
  private final RateLimit<String> all = new RateLimit<>(BeaconLimits.ALL, 1);
  private final RateLimit<VerifyKey> speakers =
      new RateLimit<>(BeaconLimits.MEMBER, BeaconLimits.SOURCES_MAX);
  private final RateLimit<String> signatures = new RateLimit<>(BeaconLimits.SIGNATURES, 1);
  private final Map<VerifyKey, Presence> present = new TreeMap<>();
  private final BeaconCounts.Tally tally = new BeaconCounts.Tally();
  private Set<VerifyKey> members = Set.of();
  private long dueMillis = Long.MAX_VALUE;

  BeaconCache(VerifyKey self, MeshId mesh, BeaconSeal seal) {
    this.self = self;
    this.mesh = mesh;
    this.seal = seal;
  }

  /** Takes {@code input} in. */
  List<BeaconEvent> on(BeaconInput input, long nowMillis) {
    List<BeaconEvent> events = new ArrayList<>();
    expire(nowMillis, events);
    if (input instanceof BeaconInput.Heard heard) {
      tally.heard();
      Optional<Drop> dropped = hear(heard, nowMillis, events);
      dropped.ifPresent(tally::dropped);
    } else if (input instanceof BeaconInput.Members now) {
      members = now.nodes();
      dropFormerMembers(events);
    } else if (!(input instanceof BeaconInput.Passed)) {
      throw new AssertionError("unhandled " + input);
    }
    return events;
  }

  /** When time alone changes something. */
  OptionalLong nextDueMillis() {
    return present.isEmpty() ? OptionalLong.empty() : OptionalLong.of(dueMillis);
  }

  /** Who is here, by key. */
  List<Neighbour> neighbours() {
    return present.values().stream().map(Presence::neighbour).toList();
  }

  BeaconCounts counts() {
    return tally.counts();
  }

  private Optional<Drop> hear(BeaconInput.Heard heard, long nowMillis, List<BeaconEvent> events) {
    if (!BeaconSeal.isPacket(heard.packet())) {
      return Optional.of(Drop.NO_BEACON);
    } else if (!sources.admits(heard.source(), nowMillis)) {
      return Optional.of(Drop.SOURCE);
    } else if (!all.admits(ALL, nowMillis)) {
      return Optional.of(Drop.FLOOD);
    }
    Optional<Bytes> opened = seal.open(heard.packet());
    if (opened.isEmpty()) {
      return Optional.of(Drop.SEAL);
    }
    try {
      return consider(BeaconClaim.read(opened.get()), heard.network(), nowMillis, events);
    } catch (MalformedException e) {
      return Optional.of(Drop.MALFORMED);
    }
  }

  private Optional<Drop> consider(
      BeaconClaim claim, Network network, long nowMillis, List<BeaconEvent> events) {
    List<Place> places =
        claim.addresses().stream()
            .filter(network::holds)
            .map(address -> new Place(address, claim.port(), network.name()))
            .toList();
    Optional<Drop> refused = refuse(claim, places, nowMillis);
    if (refused.isPresent()) {
      return refused;
    }
    tally.verifying();
    Optional<Beacon> beacon = claim.verified(mesh);
    if (beacon.isEmpty()) {
      return Optional.of(Drop.SIGNATURE);
    }
    take(beacon.get(), places, nowMillis, events);
    return Optional.empty();
  }

  /** What can be said against a beacon without a look at its signature. */
  private Optional<Drop> refuse(BeaconClaim claim, List<Place> places, long nowMillis) {
    Presence known = present.get(claim.node());
    if (claim.node().equals(self)) {
      return Optional.of(Drop.OWN);
    } else if (!members.contains(claim.node())) {
      return Optional.of(Drop.STRANGER);
    } else if (known != null && !known.isNews(claim.sequence(), places)) {
      return Optional.of(Drop.OLD);
    } else if (places.isEmpty()) {
      return Optional.of(Drop.ELSEWHERE);
    } else if (known == null && present.size() >= BeaconLimits.NEIGHBOURS_MAX) {
      return Optional.of(Drop.FULL);
    } else if (!speakers.admits(claim.node(), nowMillis) || !signatures.admits(ALL, nowMillis)) {
      return Optional.of(Drop.TOO_OFTEN);
    }
    return Optional.empty();
  }

  private void take(Beacon beacon, List<Place> places, long nowMillis, List<BeaconEvent> events) {
    Presence known = present.get(beacon.node());
    if (known == null) {
      Presence found = new Presence(beacon.node(), nowMillis);
      found.heard(beacon, places, nowMillis);
      present.put(beacon.node(), found);
      events.add(new BeaconEvent.Found(found.neighbour()));
    } else {
      boolean changed = known.heard(beacon, places, nowMillis);
      events.add(new BeaconEvent.Refreshed(known.neighbour(), changed));
    }
    lookAhead();
    if (beacon.kind() == Beacon.Kind.QUESTION) {
      events.add(new BeaconEvent.Asked(beacon.node()));
    }
  }

  /** Looks through what is remembered only when something of it is over. */
  private void expire(long nowMillis, List<BeaconEvent> events) {
    if (nowMillis < dueMillis) {
      return;
    }
    for (Presence presence : List.copyOf(present.values())) {
      Neighbour before = presence.neighbour();
      if (presence.forget(nowMillis)) {
        if (presence.isLost()) {
          present.remove(presence.node());
          events.add(new BeaconEvent.Lost(before));
        } else {
          events.add(new BeaconEvent.Refreshed(presence.neighbour(), true));
        }
      }
    }
    lookAhead();
  }

  private void lookAhead() {
    dueMillis =
        present.values().stream().mapToLong(Presence::dueMillis).min().orElse(Long.MAX_VALUE);
  }

  private void dropFormerMembers(List<BeaconEvent> events) {
    for (Presence presence : List.copyOf(present.values())) {
      if (!members.contains(presence.node())) {
        present.remove(presence.node());
        events.add(new BeaconEvent.Lost(presence.neighbour()));
      }
    }
    lookAhead();
  }
}
