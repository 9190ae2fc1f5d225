package sh.fazt.mesh.crdt.text;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import sh.fazt.mesh.crdt.text.ShortestEdits.Hunk;

/**
 * What was edited between two texts, as a person would have done it: the fewest code points, else,
 * where that takes too long, those between lines that are in both, else all that is there. Then odd
 * letters that two rewritten passages have in common are taken as rewritten, and what was only
 * inserted or only deleted is moved to where a line or a word begins.
 */
final class Difference {
  /** Steps for two whole texts; as many again for all that is between their lines. */
  private static final long STEPS = 1L << 23;

  /** Steps that each place between lines may take, however many there are. */
  private static final long STEPS_LEAST = 1_000;

  private final int[] old;
  private final int[] wanted;

  /**
   * One edit.
   *
   * @param at in the old text
   * @param from in the wanted text
   */
  record Edit(int at, int deleted, int from, int inserted) {}

  private Difference(int[] old, int[] wanted) {
    this.old = old;
    this.wanted = wanted;
  }

  /** The edits from left to right. */
  static List<Edit> between(int[] old, int[] wanted) {
    Difference difference = new Difference(old, wanted);
    return new Sliding(old, wanted)
        .slide(difference.rewritten(difference.hunks())).stream()
            .map(h -> new Edit(h.oldFrom(), h.deleted(), h.from(), h.inserted()))
            .toList();
  }

  private List<Hunk> hunks() {
    Hunk all = new Hunk(0, old.length, 0, wanted.length).trimmed(old, wanted);
    return ShortestEdits.within(all, old, wanted, STEPS).orElseGet(() -> byLines(all));
  }

  private List<Hunk> byLines(Hunk all) {
    List<Hunk> found = new ArrayList<>();
    for (Hunk hunk : LineAnchors.between(old, wanted, all)) {
      double share = (hunk.deleted() + hunk.inserted()) / (1.0 + old.length + wanted.length);
      long steps = STEPS_LEAST + (long) (share * STEPS);
      found.addAll(ShortestEdits.within(hunk, old, wanted, steps).orElse(List.of(hunk)));
    }
    return found;
  }

  /** Joins hunks of which at least one deletes and one inserts, and that are close in a line. */
  private List<Hunk> rewritten(List<Hunk> hunks) {
    Deque<Hunk> kept = new ArrayDeque<>();
    for (Hunk next : hunks) {
      Hunk hunk = next;
      while (!kept.isEmpty() && isOne(kept.peekLast(), hunk)) {
        hunk = kept.removeLast().upTo(hunk);
      }
      kept.addLast(hunk);
    }
    return kept.stream().map(h -> h.trimmed(old, wanted)).filter(h -> !h.isEmpty()).toList();
  }

  private boolean isOne(Hunk left, Hunk right) {
    int between = right.oldFrom() - left.oldTo();
    int smaller = Math.min(left.deleted() + left.inserted(), right.deleted() + right.inserted());
    boolean isClose =
        2 * between <= smaller
            && left.deleted() + right.deleted() > 0
            && left.inserted() + right.inserted() > 0;
    for (int i = left.oldTo(); isClose && i < right.oldFrom(); i++) {
      isClose = old[i] != '\n';
    }
    return isClose;
  }
}
