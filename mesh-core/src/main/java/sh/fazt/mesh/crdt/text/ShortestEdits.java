package sh.fazt.mesh.crdt.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The fewest deletions and insertions that lead from one sequence to another, within a bound of
 * work.
 *
 * <p>Myers, "An O(ND) Difference Algorithm and Its Variations", Algorithmica 1986, §4b: linear
 * space, by the middle of the path, searched from both ends. Confined.
 */
final class ShortestEdits {
  private final int[] old;
  private final int[] wanted;
  private final int[] forward;
  private final int[] backward;
  private final List<Hunk> hunks = new ArrayList<>();
  private long stepsLeft;
  private int oldMiddle;
  private int wantedMiddle;

  /**
   * What stands in the place of what.
   *
   * @param oldFrom in the old sequence, {@code oldTo} exclusive
   * @param from in the wanted sequence, {@code to} exclusive
   */
  record Hunk(int oldFrom, int oldTo, int from, int to) {
    boolean isEmpty() {
      return oldFrom == oldTo && from == to;
    }

    int deleted() {
      return oldTo - oldFrom;
    }

    int inserted() {
      return to - from;
    }

    /** Without what both have in common at their start and end. */
    Hunk trimmed(int[] old, int[] wanted) {
      int start = 0;
      int most = Math.min(deleted(), inserted());
      while (start < most && old[oldFrom + start] == wanted[from + start]) {
        start++;
      }
      int end = 0;
      while (end < most - start && old[oldTo - 1 - end] == wanted[to - 1 - end]) {
        end++;
      }
      return new Hunk(oldFrom + start, oldTo - end, from + start, to - end);
    }

    /** This and all up to {@code last}, as one. */
    Hunk upTo(Hunk last) {
      return new Hunk(oldFrom, last.oldTo, from, last.to);
    }
  }

  private ShortestEdits(int[] old, int[] wanted, Hunk within, long steps) {
    this.old = old;
    this.wanted = wanted;
    this.forward = new int[within.deleted() + within.inserted() + 3];
    this.backward = new int[forward.length];
    this.stepsLeft = steps;
  }

  /** The hunks from left to right, apart from each other; nothing where it takes more steps. */
  static Optional<List<Hunk>> within(Hunk box, int[] old, int[] wanted, long steps) {
    Hunk trimmed = box.trimmed(old, wanted);
    ShortestEdits search = new ShortestEdits(old, wanted, trimmed, steps);
    return search.find(trimmed) ? Optional.of(search.hunks) : Optional.empty();
  }

  private boolean find(Hunk box) {
    Hunk trimmed = box.trimmed(old, wanted);
    if (trimmed.deleted() == 0 || trimmed.inserted() == 0) {
      note(trimmed);
      return true;
    }
    if (!middle(trimmed)) {
      return false;
    }
    int oldAt = oldMiddle;
    int at = wantedMiddle;
    return find(new Hunk(trimmed.oldFrom(), oldAt, trimmed.from(), at))
        && find(new Hunk(oldAt, trimmed.oldTo(), at, trimmed.to()));
  }

  private void note(Hunk hunk) {
    if (hunk.isEmpty()) {
      return;
    }
    int last = hunks.size() - 1;
    if (last >= 0
        && hunks.get(last).oldTo() == hunk.oldFrom()
        && hunks.get(last).to() == hunk.from()) {
      hunks.set(last, hunks.get(last).upTo(hunk));
    } else {
      hunks.add(hunk);
    }
  }

  /**
   * Finds a point on a shortest path, about half way; false if that takes too many steps. Diagonals
   * are numbered so that the first of the box is 1: a point of it is old − wanted + shift.
   */
  private boolean middle(Hunk box) {
    int shift = box.to() - box.oldFrom() + 1;
    int most = box.deleted() + box.inserted() + 1;
    int start = box.oldFrom() - box.from() + shift;
    int goal = box.oldTo() - box.to() + shift;
    boolean odd = ((start - goal) & 1) != 0;
    Band ahead = new Band(start, most);
    Band behind = new Band(goal, most);
    forward[start] = box.oldFrom();
    backward[goal] = box.oldTo();
    while (stepsLeft > 0) {
      ahead.widen(forward, -1);
      for (int d = ahead.high; d >= ahead.low; d -= 2) {
        int x = ahead(d, box, shift);
        if (odd && behind.low <= d && d <= behind.high && backward[d] <= x) {
          return found(x, x - d + shift);
        }
      }
      behind.widen(backward, Integer.MAX_VALUE);
      for (int d = behind.high; d >= behind.low; d -= 2) {
        int x = behind(d, box, shift);
        if (!odd && ahead.low <= d && d <= ahead.high && x <= forward[d]) {
          return found(x, x - d + shift);
        }
      }
      stepsLeft -= ahead.high - ahead.low + behind.high - behind.low + 2;
    }
    return false;
  }

  private boolean found(int oldAt, int wantedAt) {
    oldMiddle = oldAt;
    wantedMiddle = wantedAt;
    return true;
  }

  private int ahead(int d, Hunk box, int shift) {
    int x = forward[d - 1] >= forward[d + 1] ? forward[d - 1] + 1 : forward[d + 1];
    int y = x - d + shift;
    int from = x;
    while (x < box.oldTo() && y < box.to() && old[x] == wanted[y]) {
      x++;
      y++;
    }
    stepsLeft -= x - from;
    forward[d] = x;
    return x;
  }

  private int behind(int d, Hunk box, int shift) {
    int x = backward[d - 1] < backward[d + 1] ? backward[d - 1] : backward[d + 1] - 1;
    int y = x - d + shift;
    int from = x;
    while (x > box.oldFrom() && y > box.from() && old[x - 1] == wanted[y - 1]) {
      x--;
      y--;
    }
    stepsLeft -= from - x;
    backward[d] = x;
    return x;
  }

  /** The diagonals that are reached with so many edits. */
  private static final class Band {
    private final int most;
    private int low;
    private int high;

    Band(int start, int most) {
      this.low = start;
      this.high = start;
      this.most = most;
    }

    /** One edit more: beyond the border stands what loses against any neighbour. */
    void widen(int[] reached, int border) {
      if (low > 1) {
        low--;
        reached[low - 1] = border;
      } else {
        low++;
      }
      if (high < most) {
        high++;
        reached[high + 1] = border;
      } else {
        high--;
      }
    }
  }
}
