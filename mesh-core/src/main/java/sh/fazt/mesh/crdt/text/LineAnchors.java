package sh.fazt.mesh.crdt.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import sh.fazt.mesh.crdt.text.ShortestEdits.Hunk;

/**
 * Finds the lines that two texts have once each and in the same order, most of them, in O(n log n)
 * whatever the texts. White space around a line does not count, so indented lines are found too.
 *
 * <p>Bram Cohen's patience diff; the longest ascending sequence by patience sorting (Aldous and
 * Diaconis, 1999, §1.1).
 */
final class LineAnchors {
  private final int[] old;
  private final int[] wanted;
  private final Map<String, Line> lines = new HashMap<>();
  private final List<Line> inOldOrder = new ArrayList<>();

  private int lineStart;
  private int lineEnd;

  /** A line by its text: where it stands in each, and how often. */
  private static final class Line {
    private int oldStart;
    private int oldCount;
    private int start;
    private int count;
    private final int length;

    Line(int length) {
      this.length = length;
    }
  }

  private LineAnchors(int[] old, int[] wanted) {
    this.old = old;
    this.wanted = wanted;
  }

  /** What stands between the anchors, from left to right. */
  static List<Hunk> between(int[] old, int[] wanted, Hunk within) {
    return new LineAnchors(old, wanted).hunks(within);
  }

  private List<Hunk> hunks(Hunk within) {
    for (int at = within.oldFrom(); at < within.oldTo(); at = lineEnd) {
      Line line = lineAt(old, at, within.oldTo());
      line.oldStart = lineStart;
      line.oldCount++;
      inOldOrder.add(line);
    }
    for (int at = within.from(); at < within.to(); at = lineEnd) {
      Line line = lineAt(wanted, at, within.to());
      line.start = lineStart;
      line.count++;
    }
    List<Hunk> hunks = new ArrayList<>();
    int oldFrom = within.oldFrom();
    int from = within.from();
    for (Line anchor : ascending()) {
      add(hunks, new Hunk(oldFrom, anchor.oldStart, from, anchor.start));
      oldFrom = anchor.oldStart + anchor.length;
      from = anchor.start + anchor.length;
    }
    add(hunks, new Hunk(oldFrom, within.oldTo(), from, within.to()));
    return hunks;
  }

  private void add(List<Hunk> hunks, Hunk hunk) {
    Hunk trimmed = hunk.trimmed(old, wanted);
    if (!trimmed.isEmpty()) {
      hunks.add(trimmed);
    }
  }

  /** The line without the white space around it. */
  private Line lineAt(int[] text, int from, int limit) {
    lineEnd = from;
    while (lineEnd < limit && text[lineEnd] != '\n') {
      lineEnd++;
    }
    int end = lineEnd;
    lineEnd = Math.min(limit, lineEnd + 1);
    lineStart = from;
    while (lineStart < end && Character.isWhitespace(text[lineStart])) {
      lineStart++;
    }
    while (end > lineStart && Character.isWhitespace(text[end - 1])) {
      end--;
    }
    int length = end - lineStart;
    return lines.computeIfAbsent(new String(text, lineStart, length), key -> new Line(length));
  }

  /** The longest sequence of unique lines whose places ascend in both texts. */
  private List<Line> ascending() {
    List<Line> unique =
        inOldOrder.stream().filter(line -> line.oldCount == 1 && line.count == 1).toList();
    int[] before = new int[unique.size()];
    int[] tops = new int[unique.size()];
    int piles = 0;
    for (int i = 0; i < before.length; i++) {
      int low = 0;
      int high = piles;
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (unique.get(tops[middle]).start < unique.get(i).start) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      before[i] = low == 0 ? -1 : tops[low - 1];
      tops[low] = i;
      piles = Math.max(piles, low + 1);
    }
    Line[] longest = new Line[piles];
    int last = piles == 0 ? -1 : tops[piles - 1];
    for (int i = piles - 1; i >= 0; i--) {
      longest[i] = unique.get(last);
      last = before[last];
    }
    return Arrays.asList(longest);
  }
}
