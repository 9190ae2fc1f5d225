package sh.fazt.mesh.crdt.text;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** Spans that wait until the element they hang on is in the tree. Mutable, confined. */
final class Orphans {
  private record Id(long session, long counter) implements Comparable<Id> {
    @Override
    public int compareTo(Id other) {
      int order = Long.compare(session, other.session);
      return order != 0 ? order : Long.compare(counter, other.counter);
    }
  }

  private final TreeMap<Id, List<Span>> waiting = new TreeMap<>();

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  void add(Span span) {
    Id parent = new Id(span.parentSession.id, span.parentCounter);
    waiting.computeIfAbsent(parent, key -> new ArrayList<>(1)).add(span);
  }

  /** Those that wait for one of the elements {@code first} to {@code end}, exclusive, no longer. */
  List<Span> take(Session session, long first, long end) {
    if (waiting.isEmpty()) {
      return List.of();
    }
    List<Span> taken = new ArrayList<>();
    var found = waiting.subMap(new Id(session.id, first), new Id(session.id, end));
    found.values().forEach(taken::addAll);
    found.clear();
    return taken;
  }

  void clear() {
    waiting.clear();
  }
}
