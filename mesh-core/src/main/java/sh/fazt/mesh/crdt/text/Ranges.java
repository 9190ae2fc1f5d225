package sh.fazt.mesh.crdt.text;

import java.util.Map;
import java.util.TreeMap;

/** A set of counters as ranges that neither overlap nor touch. Mutable, confined. */
final class Ranges {
  /** The end of each range, by its first counter. */
  private final TreeMap<Long, Long> ends = new TreeMap<>();

  boolean isEmpty() {
    return ends.isEmpty();
  }

  Map<Long, Long> ends() {
    return ends;
  }

  /** Adds {@code first} to {@code end}, exclusive; says whether one of them was not there. */
  boolean add(long first, long end) {
    Map.Entry<Long, Long> known = ends.floorEntry(first);
    if (known != null && known.getValue() >= end) {
      return false;
    }
    long from = known != null && known.getValue() >= first ? known.getKey() : first;
    long to = end;
    for (Map.Entry<Long, Long> next = ends.ceilingEntry(from);
        next != null && next.getKey() <= to;
        next = ends.ceilingEntry(from)) {
      to = Math.max(to, next.getValue());
      ends.remove(next.getKey());
    }
    ends.put(from, to);
    return true;
  }

  void remove(long first, long end) {
    Map.Entry<Long, Long> known = isEmpty() ? null : ends.lowerEntry(end);
    while (known != null && known.getValue() > first) {
      ends.remove(known.getKey());
      if (known.getValue() > end) {
        ends.put(end, known.getValue());
      }
      if (known.getKey() < first) {
        ends.put(known.getKey(), first);
      }
      known = ends.lowerEntry(end);
    }
  }

  boolean meets(long first, long end) {
    Map.Entry<Long, Long> known = isEmpty() ? null : ends.lowerEntry(end);
    return known != null && known.getValue() > first;
  }

  boolean contains(long counter) {
    Map.Entry<Long, Long> known = isEmpty() ? null : ends.floorEntry(counter);
    return known != null && known.getValue() > counter;
  }

  /** The first counter after {@code counter} that is in where it is out, or out where it is in. */
  long turn(long counter) {
    if (isEmpty()) {
      return Session.COUNTER_MAX;
    }
    Map.Entry<Long, Long> known = ends.floorEntry(counter);
    if (known != null && known.getValue() > counter) {
      return known.getValue();
    }
    Long next = ends.higherKey(counter);
    return next == null ? Session.COUNTER_MAX : next;
  }
}
