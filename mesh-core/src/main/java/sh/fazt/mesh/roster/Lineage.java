package sh.fazt.mesh.roster;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import sh.fazt.mesh.bytes.Hash;

/**
 * The operations of one mesh in the one order that every node finds: by depth in the DAG, the
 * longest way to the founding, then by hash. So each stands behind all that it follows, and what is
 * concurrent is ordered alike everywhere.
 */
final class Lineage {
  private final Map<Hash, SignedOp> known = new TreeMap<>();
  private final Map<Hash, Integer> depths = new HashMap<>();
  private final List<SignedOp> ordered;
  private final Map<Hash, Integer> places = new HashMap<>();

  Lineage(Collection<SignedOp> operations) {
    operations.forEach(operation -> known.put(operation.hash(), operation));
    measure();
    ordered =
        known.values().stream()
            .filter(operation -> depths.containsKey(operation.hash()))
            .sorted(
                Comparator.comparingInt((SignedOp operation) -> depth(operation.hash()))
                    .thenComparing(SignedOp::hash))
            .toList();
    for (int i = 0; i < ordered.size(); i++) {
      places.put(ordered.get(i).hash(), i);
    }
  }

  /** Where an operation stands in the order, from 0; only for those that have a place. */
  int place(SignedOp operation) {
    return place(operation.hash());
  }

  private int place(Hash hash) {
    Integer place = places.get(hash);
    if (place == null) {
      throw new IllegalStateException("operation " + hash + " has no place yet");
    }
    return place;
  }

  /** The places of all that {@code operation} follows, and its own. */
  BitSet known(SignedOp operation) {
    BitSet follows = new BitSet(ordered.size());
    follows.set(place(operation));
    for (int i = place(operation); i >= 0; i--) {
      if (follows.get(i)) {
        ordered.get(i).needs().stream().mapToInt(this::place).forEach(follows::set);
      }
    }
    return follows;
  }

  /** Those of which all that they follow is known, each behind all that it follows. */
  List<SignedOp> ordered() {
    return ordered;
  }

  /** Those that follow something not known yet, by hash. */
  List<SignedOp> waiting() {
    return known.values().stream()
        .filter(operation -> !depths.containsKey(operation.hash()))
        .toList();
  }

  /** Whether {@code later} follows {@code earlier}, or is it. */
  boolean follows(SignedOp later, SignedOp earlier) {
    Set<Hash> seen = new HashSet<>();
    Deque<SignedOp> open = new ArrayDeque<>(List.of(later));
    int floor = depth(earlier.hash());
    while (!open.isEmpty()) {
      SignedOp next = open.pop();
      if (next.equals(earlier)) {
        return true;
      }
      for (Hash need : next.needs()) {
        SignedOp needed = known.get(need);
        if (needed != null && depth(need) >= floor && seen.add(need)) {
          open.push(needed);
        }
      }
    }
    return false;
  }

  private void measure() {
    Map<Hash, List<SignedOp>> followers = new HashMap<>();
    Map<Hash, Integer> missing = new HashMap<>();
    Deque<SignedOp> ready = new ArrayDeque<>();
    for (SignedOp operation : known.values()) {
      missing.put(operation.hash(), operation.needs().size());
      for (Hash need : operation.needs()) {
        followers.computeIfAbsent(need, any -> new ArrayList<>()).add(operation);
      }
      if (operation.needs().isEmpty()) {
        ready.add(operation);
      }
    }
    while (!ready.isEmpty()) {
      SignedOp next = ready.remove();
      depths.put(next.hash(), next.needs().stream().mapToInt(this::depth).max().orElse(0) + 1);
      for (SignedOp follower : followers.getOrDefault(next.hash(), List.of())) {
        if (missing.merge(follower.hash(), -1, Integer::sum) == 0) {
          ready.add(follower);
        }
      }
    }
  }

  private int depth(Hash hash) {
    return depths.getOrDefault(hash, 0);
  }
}
