package sh.fazt.mesh.lan;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import sh.fazt.mesh.identity.VerifyKey;

/** One member that was heard, and where it can be dialled as far as that was heard. Confined. */
final class Presence {
  private final VerifyKey node;
  private final long foundMillis;
  private final Map<Place, Sighting> places = new HashMap<>();
  private String name = "";
  private long sequence;
  private long heardMillis;

  /**
   * That a place was named.
   *
   * @param sequence of the beacon that did
   * @param rank among the addresses of that beacon
   */
  private record Sighting(long sequence, long heardMillis, int rank) {}

  Presence(VerifyKey node, long foundMillis) {
    this.node = node;
    this.foundMillis = foundMillis;
  }

  VerifyKey node() {
    return node;
  }

  /**
   * Whether such a beacon says more than those before; what was recorded and sent again does not.
   */
  boolean isNews(long itsSequence, List<Place> itsPlaces) {
    return itsSequence > sequence
        || (itsSequence == sequence && itsPlaces.stream().anyMatch(place -> !isHeard(place)));
  }

  private boolean isHeard(Place place) {
    Sighting sighting = places.get(place);
    return sighting != null && sighting.sequence() == sequence;
  }

  /**
   * Takes a beacon in.
   *
   * @return whether the name or the addresses are others now
   */
  boolean heard(Beacon beacon, List<Place> itsPlaces, long nowMillis) {
    Neighbour before = neighbour();
    name = beacon.name();
    sequence = beacon.sequence();
    heardMillis = nowMillis;
    // What else this beacon's network held of the member is no longer so.
    places
        .keySet()
        .removeIf(place -> itsPlaces.stream().anyMatch(p -> p.network().equals(place.network())));
    for (int i = 0; i < itsPlaces.size(); i++) {
      places.put(itsPlaces.get(i), new Sighting(sequence, nowMillis, i));
    }
    keepTheLatest();
    return !before.addresses().equals(neighbour().addresses()) || !before.name().equals(name);
  }

  private void keepTheLatest() {
    List<Place> latestFirst = sorted(Comparator.comparing(each -> -each.getValue().sequence()));
    latestFirst.stream().skip(BeaconLimits.ADDRESSES_MAX).forEach(places::remove);
  }

  /** By network; on each in the order of the beacon. */
  private List<Place> ordered() {
    Comparator<Map.Entry<Place, Sighting>> byNetwork =
        Comparator.comparing(each -> each.getKey().network());
    return sorted(byNetwork.thenComparing(each -> each.getValue().rank()));
  }

  private List<Place> sorted(Comparator<Map.Entry<Place, Sighting>> order) {
    return places.entrySet().stream().sorted(order).map(Map.Entry::getKey).toList();
  }

  /** Forgets places that were not named for long; whether there were any. */
  boolean forget(long nowMillis) {
    return places
        .values()
        .removeIf(sighting -> nowMillis >= sighting.heardMillis() + BeaconLimits.LOST_MILLIS);
  }

  boolean isLost() {
    return places.isEmpty();
  }

  /** When the next place is to be forgotten. */
  long dueMillis() {
    return places.values().stream()
        .mapToLong(sighting -> sighting.heardMillis() + BeaconLimits.LOST_MILLIS)
        .min()
        .orElse(Long.MIN_VALUE);
  }

  Neighbour neighbour() {
    return new Neighbour(
        node, name, ordered().stream().map(Place::text).toList(), foundMillis, heardMillis);
  }
}
