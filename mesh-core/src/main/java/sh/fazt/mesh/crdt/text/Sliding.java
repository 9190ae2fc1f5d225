package sh.fazt.mesh.crdt.text;

import java.util.ArrayList;
import java.util.List;
import sh.fazt.mesh.crdt.text.ShortestEdits.Hunk;

/**
 * Moves what is only inserted, or only deleted, among the places where it would do the same, to one
 * that a person would choose: where a line begins behind it, else a word, else as far right as it
 * goes. A line that was put between others is then one run, rather than the end of one line and the
 * start of the next.
 */
final class Sliding {
  private final int[] old;
  private final int[] wanted;

  Sliding(int[] old, int[] wanted) {
    this.old = old;
    this.wanted = wanted;
  }

  List<Hunk> slide(List<Hunk> hunks) {
    List<Hunk> moved = new ArrayList<>(hunks.size());
    int leftEnd = 0;
    for (int i = 0; i < hunks.size(); i++) {
      Hunk hunk = hunks.get(i);
      int left = hunk.oldFrom() - leftEnd;
      int right = (i + 1 < hunks.size() ? hunks.get(i + 1).oldFrom() : old.length) - hunk.oldTo();
      int by = 0;
      if (hunk.deleted() == 0) {
        by = best(wanted, hunk.from(), hunk.to(), left, right);
      } else if (hunk.inserted() == 0) {
        by = best(old, hunk.oldFrom(), hunk.oldTo(), left, right);
      }
      moved.add(shifted(hunk, by));
      leftEnd = hunk.oldTo() + by;
    }
    return moved;
  }

  /** How far to move the part {@code from} to {@code to} of {@code text}. */
  private static int best(int[] text, int from, int to, int left, int right) {
    int low = 0;
    while (-low < left && text[from + low - 1] == text[to + low - 1]) {
      low--;
    }
    int high = 0;
    while (high < right && text[from + high] == text[to + high]) {
      high++;
    }
    int best = high;
    for (int by = high - 1; by >= low; by--) {
      if (rank(text, to + by) > rank(text, to + best)) {
        best = by;
      }
    }
    return best;
  }

  private static int rank(int[] text, int end) {
    if (text[end - 1] == '\n') {
      return 2;
    }
    boolean wordBegins =
        Character.isWhitespace(text[end - 1])
            && (end == text.length || !Character.isWhitespace(text[end]));
    return wordBegins ? 1 : 0;
  }

  private static Hunk shifted(Hunk hunk, int by) {
    return new Hunk(hunk.oldFrom() + by, hunk.oldTo() + by, hunk.from() + by, hunk.to() + by);
  }
}
