package sh.fazt.mesh.crdt.text;

import java.util.ArrayList;
import java.util.List;
import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.crdt.text.Fragment.Parent;
import sh.fazt.mesh.crdt.text.Fragment.Piece;
import sh.fazt.mesh.crdt.text.Fragment.Range;

/**
 * Reads what {@link FragmentWriter} wrote, and takes nothing that it would write otherwise. Each
 * piece and each code point costs a byte of input at least. Confined.
 */
final class FragmentReader {
  private final ByteReader in;
  private final List<Piece> pieces = new ArrayList<>();
  private final List<Range> erased = new ArrayList<>();
  private long[] sessions = {};
  private boolean[] named = {};
  private int shown;

  private FragmentReader(Bytes bytes) {
    this.in = new ByteReader(bytes);
  }

  static Fragment read(int kind, Bytes bytes) throws MalformedException {
    return new FragmentReader(bytes).read(kind);
  }

  private Fragment read(int kind) throws MalformedException {
    int found = in.u8();
    if (found != kind) {
      throw new MalformedException("kind " + found + " of text, not " + kind);
    }
    int count = in.count("sessions", in.remaining() / 4 + 1);
    boolean hasBase = (count & 1) != 0;
    sessions = new long[1 + (count >>> 1)];
    named = new boolean[sessions.length];
    for (int i = 1; i < sessions.length; i++) {
      sessions[i] = in.u64();
      if (Long.compareUnsigned(sessions[i], sessions[i - 1]) <= 0) {
        throw new MalformedException("sessions out of order: " + sessions[i]);
      }
    }
    if (hasBase) {
      section(0);
    }
    if (hasBase != named[0]) {
      throw new MalformedException("a base of nothing");
    }
    for (int i = 1; i < sessions.length; i++) {
      section(i);
    }
    for (int i = 1; i < sessions.length; i++) {
      if (!named[i]) {
        throw new MalformedException("session of nothing: " + sessions[i]);
      }
    }
    int[] points = CodePoints.ofUtf8(in.rest());
    if (points.length != shown) {
      throw new MalformedException(points.length + " code points for " + shown);
    }
    return new Fragment(pieces, points, erased);
  }

  private void section(int section) throws MalformedException {
    long head = in.varint();
    List<Piece> runs = new ArrayList<>();
    long end = 0;
    long total = 0;
    for (long left = head >>> 2; left > 0; left--) {
      Piece run = run(section, end, runs.isEmpty());
      runs.add(run);
      end = run.end();
      total += run.range().length();
    }
    boolean deleted = (head & 2) != 0;
    int before = pieces.size();
    if (deleted) {
      stretches(runs, total);
    } else {
      show(runs, total);
    }
    if ((head & 1) != 0) {
      erased(section, before);
    }
    named[section] |= head != 0;
  }

  private Piece run(int section, long after, boolean isFirst) throws MalformedException {
    long gap = in.varint();
    long raw = in.varint();
    Range range = range(section, new Range(0, after, 0), gap, raw >>> 1);
    boolean chained = (raw & 1) != 0;
    Parent parent =
        chained ? Parent.before(range.session(), range.first()) : parent(section, range.first());
    boolean isTwice = !chained && parent.isBefore(range.session(), range.first());
    if (isTwice || (chained && gap == 0 && !isFirst)) {
      throw new MalformedException("a run with another spelling at " + range.first());
    }
    return new Piece(range, parent, 0);
  }

  private Range range(int section, Range previous, long gap, long length)
      throws MalformedException {
    long room = Session.COUNTER_MAX - previous.end();
    if (gap < 0 || gap > room || length < 1 || length > room - gap) {
      throw new MalformedException("counters out of range after " + previous.end());
    }
    return new Range(sessions[section], previous.end() + gap, length);
  }

  private Parent parent(int section, long first) throws MalformedException {
    long raw = in.varint();
    if (raw < 0 || raw >>> 1 >= sessions.length) {
      throw new MalformedException("section " + (raw >>> 1) + " of " + sessions.length);
    }
    int home = (int) (raw >>> 1);
    boolean left = (raw & 1) != 0;
    long counter;
    if (home == section) {
      counter = first - in.zigzag();
    } else {
      counter = home == 0 ? in.varint() - 1 : in.varint();
    }
    long least = home == 0 && !left ? Session.ROOT : 0;
    if (counter < least || counter >= Session.COUNTER_MAX) {
      throw new MalformedException("parent " + counter + " in section " + home);
    }
    named[home] = true;
    return new Parent(sessions[home], counter, left);
  }

  private void show(List<Piece> runs, long total) throws MalformedException {
    int at = shown;
    countShown(total);
    for (Piece run : runs) {
      pieces.add(new Piece(run.range(), run.parent(), at));
      at += (int) run.range().length();
    }
  }

  private void countShown(long more) throws MalformedException {
    if (more > in.remaining() - (long) shown) {
      throw new MalformedException("more elements than bytes: " + more);
    }
    shown += (int) more;
  }

  /** Cuts the runs where shown and deleted meet. */
  private void stretches(List<Piece> runs, long total) throws MalformedException {
    boolean deleted = false;
    int run = 0;
    long done = 0;
    long left = total;
    do {
      long stretch = in.varint();
      boolean maybeEmpty = !deleted && left == total;
      if (stretch < (maybeEmpty ? 0 : 1) || stretch > left || (maybeEmpty && stretch == left)) {
        throw new MalformedException("stretch of " + stretch + " in " + left);
      }
      left -= stretch;
      int at = deleted ? -1 : shown;
      if (!deleted) {
        countShown(stretch);
      }
      while (stretch > 0) {
        Piece whole = runs.get(run);
        long length = Math.min(stretch, whole.range().length() - done);
        long first = whole.first() + done;
        Range range = new Range(whole.session(), first, length);
        pieces.add(new Piece(range, whole.parentOf(first), at));
        at += deleted ? 0 : (int) length;
        stretch -= length;
        done += length;
        if (done == whole.range().length()) {
          run++;
          done = 0;
        }
      }
      deleted = !deleted;
    } while (left > 0);
  }

  private void erased(int section, int firstPiece) throws MalformedException {
    int count = in.count("erased", in.remaining() / 2);
    if (count == 0) {
      throw new MalformedException("no erased ids where some are announced");
    }
    Range previous = new Range(0, 0, 0);
    int piece = firstPiece;
    for (int i = 0; i < count; i++) {
      long gap = in.varint();
      long more = in.varint();
      if (i > 0 && gap == 0) {
        throw new MalformedException("ranges that touch at " + previous.end());
      }
      previous = range(section, previous, gap, more + 1);
      while (piece < pieces.size() && pieces.get(piece).end() <= previous.first()) {
        piece++;
      }
      if (piece < pieces.size() && pieces.get(piece).first() < previous.end()) {
        throw new MalformedException("erased ids that are elements at " + previous.first());
      }
      erased.add(previous);
    }
  }
}
