package sh.fazt.mesh.gossip;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import sh.fazt.mesh.clock.Dot;
import sh.fazt.mesh.delta.DotRange;
import sh.fazt.mesh.identity.SiteId;

/**
 * The batches between their link and the log: those that the log is being asked to take, and those
 * held until what they build on is there. Bounded; confined to the engine.
 */
final class Arrivals {
  private final GossipConfig.Waiting limits;
  private final NavigableMap<Dot, Arrival> all = new TreeMap<>();
  private final NavigableMap<Dot, TreeSet<Dot>> waiters = new TreeMap<>();
  private int held;
  private long heldBytes;

  Arrivals(GossipConfig.Waiting limits) {
    this.limits = limits;
  }

  boolean has(Dot dot) {
    return all.containsKey(dot);
  }

  /** Whether the log is being asked to take it. */
  boolean isTried(Dot dot) {
    Arrival arrival = all.get(dot);
    return arrival != null && arrival.needed().isEmpty();
  }

  void addTried(Arrival arrival) {
    all.put(arrival.dot(), arrival.tried());
  }

  /** Whether there was room. */
  boolean hold(Arrival arrival) {
    Dot needed = arrival.needed().orElseThrow();
    long bytes = heldBytes + arrival.envelope().size();
    if (held >= limits.batchesMax()
        || bytes > limits.bytesMax()
        || arrival.vain() > limits.vainMax()) {
      return false;
    }
    all.put(arrival.dot(), arrival);
    waiters.computeIfAbsent(needed, key -> new TreeSet<>()).add(arrival.dot());
    held++;
    heldBytes = bytes;
    return true;
  }

  /** Takes one out, whatever its state. */
  Optional<Arrival> take(Dot dot) {
    Arrival arrival = all.remove(dot);
    if (arrival == null) {
      return Optional.empty();
    }
    arrival
        .needed()
        .ifPresent(
            needed -> {
              TreeSet<Dot> waiting = waiters.getOrDefault(needed, new TreeSet<>());
              waiting.remove(dot);
              if (waiting.isEmpty()) {
                waiters.remove(needed);
              }
              held--;
              heldBytes -= arrival.envelope().size();
            });
    return Optional.of(arrival);
  }

  /** Takes out those that waited for one of these batches. */
  List<Arrival> release(Dot first, Dot last) {
    List<Dot> ready = new ArrayList<>();
    waiters.subMap(first, true, last, true).values().forEach(ready::addAll);
    return takeAll(ready);
  }

  /** Takes out those that were held too long. */
  List<Arrival> expire(long nowMillis) {
    List<Dot> old = new ArrayList<>();
    for (Arrival arrival : all.values()) {
      if (arrival.needed().isPresent() && nowMillis - arrival.sinceMillis() > limits.millis()) {
        old.add(arrival.dot());
      }
    }
    return takeAll(old);
  }

  /** What of {@code from} … {@code to} is not here, in order. */
  List<DotRange> gaps(SiteId site, long from, long to) {
    List<DotRange> gaps = new ArrayList<>();
    long next = from;
    if (from <= to) {
      Map<Dot, Arrival> here = all.subMap(new Dot(site, from), true, new Dot(site, to), true);
      for (Dot dot : here.keySet()) {
        if (dot.seq() > next) {
          gaps.add(new DotRange(site, next, dot.seq() - 1));
        }
        next = dot.seq() + 1;
      }
      if (next <= to) {
        gaps.add(new DotRange(site, next, to));
      }
    }
    return gaps;
  }

  /** Bytes of the envelopes held. */
  long heldBytes() {
    return heldBytes;
  }

  private List<Arrival> takeAll(List<Dot> dots) {
    List<Arrival> taken = new ArrayList<>();
    dots.forEach(dot -> take(dot).ifPresent(taken::add));
    return taken;
  }
}
