package sh.fazt.mesh.fingerprint;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import sh.fazt.mesh.bytes.MalformedException;

/**
 * Finds the rows in which a peer's state differs from ours: asks for ranges, and goes on into those
 * parts whose fingerprints differ. With k differences among n rows it asks for O(k · log n) ranges.
 * Confined; without I/O: {@link #next} says what to ask, {@link #on} takes in the answer.
 */
public final class Reconciliation {
  private final StateSet ours;
  private final Deque<Prefix> open = new ArrayDeque<>();
  private final Set<Long> differing = new TreeSet<>(Long::compareUnsigned);
  private List<Prefix> asked = List.of();
  private int questions;

  /**
   * @param root the fingerprint of all that the peer has
   */
  public Reconciliation(StateSet ours, Fingerprint root) {
    this.ours = ours;
    if (!root.equals(ours.root())) {
      open.add(Prefix.ALL);
    }
  }

  /** The ranges to ask for; empty at the end. */
  public List<Prefix> next() {
    List<Prefix> ranges = new ArrayList<>();
    boolean goesOn = !isCut();
    while (goesOn && !open.isEmpty() && ranges.size() < StateLimits.RANGES_MAX) {
      ranges.add(open.pop());
    }
    questions += ranges.isEmpty() ? 0 : 1;
    asked = ranges;
    return ranges;
  }

  /**
   * Takes in what the peer says of the ranges that {@link #next} named last.
   *
   * @throws MalformedException if it is no answer to that
   */
  public void on(List<StateRange> ranges) throws MalformedException {
    if (ranges.size() != asked.size()) {
      throw new MalformedException(ranges.size() + " ranges told, " + asked.size() + " asked");
    }
    for (int i = 0; i < ranges.size(); i++) {
      StateRange range = ranges.get(i);
      if (range instanceof StateRange.Items items) {
        compare(asked.get(i), items.items());
      } else if (range instanceof StateRange.Parts parts) {
        compareParts(asked.get(i), parts.parts());
      } else {
        throw new AssertionError("unhandled " + range);
      }
    }
    asked = List.of();
  }

  private void compareParts(Prefix prefix, List<Fingerprint> theirs) throws MalformedException {
    if (prefix.digits() == Prefix.DIGITS_MAX) {
      throw new MalformedException("parts of a range of one id");
    }
    // The lowest range is asked for next: depth first, so that few wait at any time.
    for (int digit = Prefix.CHILDREN - 1; digit >= 0; digit--) {
      Prefix part = prefix.child(digit);
      Fingerprint fingerprint = theirs.get(digit);
      if (fingerprint.rows() == 0) {
        compare(part, List.of());
      } else if (!ours.fingerprint(part).equals(fingerprint)) {
        open.push(part);
      }
    }
  }

  private void compare(Prefix prefix, List<StateItem> theirs) throws MalformedException {
    for (StateItem item : theirs) {
      boolean within =
          Long.compareUnsigned(prefix.bits(), item.id()) <= 0
              && Long.compareUnsigned(item.id(), prefix.last()) <= 0;
      if (!within) {
        throw new MalformedException("a row outside its range");
      }
    }
    int room = StateLimits.DIFFERENCES_MAX + StateLimits.LEAF_ROWS_MAX;
    List<StateItem> here = ours.items(prefix, room);
    Set<StateItem> shared = new HashSet<>(here);
    shared.retainAll(new HashSet<>(theirs));
    List<StateItem> all = new ArrayList<>(here);
    all.addAll(theirs);
    all.stream()
        .filter(item -> !shared.contains(item))
        .limit(Math.max(0, StateLimits.DIFFERENCES_MAX + 1L - differing.size()))
        .forEach(item -> differing.add(item.id()));
  }

  /** The ids of rows that differ, or that only one side has, ascending; so far. */
  public List<Long> differing() {
    return differing.stream().limit(StateLimits.DIFFERENCES_MAX).toList();
  }

  /** Whether the search ended before all was found. */
  public boolean isCut() {
    return differing.size() > StateLimits.DIFFERENCES_MAX
        || (questions >= StateLimits.QUESTIONS_MAX && !open.isEmpty());
  }
}
