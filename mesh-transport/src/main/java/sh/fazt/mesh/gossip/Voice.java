package sh.fazt.mesh.gossip;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What was heard of one sender's broadcasts: up to which seq of its latest session, and what came
 * early and is held, in the order of seq.
 */
final class Voice {
  final Allowance allowance;
  private final TreeMap<Long, Broadcast> held = new TreeMap<>();
  private BroadcastId last;
  private long floor;
  private long heldBytes;

  /** When what is missing is given up; only where something is held. */
  long dueMillis;

  /**
   * @param first the first that is heard of this sender; what came before it is not waited for
   */
  Voice(BroadcastId first, Allowance allowance) {
    this.allowance = allowance;
    this.last = first;
    this.floor = first.seq() - 1;
  }

  /** Whether it was heard, or can no longer be heard in its order. */
  boolean knows(BroadcastId id) {
    int session = id.compareSession(last);
    return session < 0 || (session == 0 && (id.seq() <= floor || held.containsKey(id.seq())));
  }

  /**
   * Takes in one that is not known.
   *
   * @return what is to be heard now
   */
  List<Broadcast> take(Broadcast broadcast) {
    BroadcastId id = broadcast.content().id();
    List<Broadcast> now = new ArrayList<>();
    if (id.compareSession(last) > 0) {
      while (isWaiting()) {
        now.addAll(skip());
      }
      last = id;
      floor = 0;
    }
    held.put(id.seq(), broadcast);
    heldBytes += broadcast.content().payload().size();
    now.addAll(next());
    return now;
  }

  /** Gives up what is missing before the first that is held. */
  List<Broadcast> skip() {
    floor = held.firstKey() - 1;
    return next();
  }

  private List<Broadcast> next() {
    List<Broadcast> next = new ArrayList<>();
    Optional<Map.Entry<Long, Broadcast>> first = Optional.ofNullable(held.firstEntry());
    while (first.filter(entry -> entry.getKey() == floor + 1).isPresent()) {
      Broadcast broadcast = first.get().getValue();
      held.remove(floor + 1);
      heldBytes -= broadcast.content().payload().size();
      floor++;
      next.add(broadcast);
      first = Optional.ofNullable(held.firstEntry());
    }
    return next;
  }

  boolean isWaiting() {
    return !held.isEmpty();
  }

  int heldCount() {
    return held.size();
  }

  long heldBytes() {
    return heldBytes;
  }
}
