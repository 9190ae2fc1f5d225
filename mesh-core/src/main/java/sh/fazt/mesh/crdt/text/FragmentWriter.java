package sh.fazt.mesh.crdt.text;

import java.util.Arrays;
import java.util.List;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.crdt.text.Fragment.Parent;
import sh.fazt.mesh.crdt.text.Fragment.Piece;
import sh.fazt.mesh.crdt.text.Fragment.Range;

/**
 * Writes a fragment; equal fragments give equal bytes. Confined.
 *
 * <pre>
 * fragment = kind:u8 count (session:u64)* section* text
 * count    = sessions·2 + 1 if the base has a section; sessions ascending, without the base
 * section  = head run* [stretch*] [erased]     the base's, if any, then one for each session
 * head     = runs·4 + 2 if a stretch is deleted + 1 if there are erased ids
 * run      = gap length·2+1 | gap length·2 parent     length ≥ 1; +1: the parent is the one before
 * parent   = section·2 + 1 if left child, then zigzag(first − counter) in the same section,
 *            counter + 1 in the base's, counter elsewhere
 * stretch  = length                             shown, deleted, shown … over all runs
 * erased   = count (gap length−1)*
 * text     = the shown elements as UTF-8, to the end
 * </pre>
 *
 * <p>A gap counts from the end of what stands before it in its section. All numbers are varints.
 */
final class FragmentWriter {
  /** The kind of a whole state. */
  static final int STATE = 1;

  /** The kind of a delta: it says nothing of the base but which of it is deleted. */
  static final int DELTA = 2;

  private final Fragment fragment;
  private final long[] sessions;
  private final ByteWriter out;

  private FragmentWriter(Fragment fragment) {
    this.fragment = fragment;
    this.sessions = sessions(fragment);
    this.out = new ByteWriter(32 + fragment.points().length + 8 * fragment.pieces().size());
  }

  static Bytes write(int kind, Fragment fragment) {
    return new FragmentWriter(fragment).write(kind);
  }

  private Bytes write(int kind) {
    List<Piece> pieces = fragment.pieces();
    List<Range> erased = fragment.erased();
    boolean hasBase =
        (!pieces.isEmpty() && pieces.get(0).session() == Session.BASE)
            || (!erased.isEmpty() && erased.get(0).session() == Session.BASE);
    out.u8(kind).varint((long) (sessions.length - 1) << 1 | (hasBase ? 1 : 0));
    for (int i = 1; i < sessions.length; i++) {
      out.u64(sessions[i]);
    }
    int piece = 0;
    int range = 0;
    for (int i = hasBase ? 0 : 1; i < sessions.length; i++) {
      int firstPiece = piece;
      while (piece < pieces.size() && pieces.get(piece).session() == sessions[i]) {
        piece++;
      }
      int firstRange = range;
      while (range < erased.size() && erased.get(range).session() == sessions[i]) {
        range++;
      }
      section(pieces.subList(firstPiece, piece), erased.subList(firstRange, range));
    }
    return out.raw(CodePoints.utf8(fragment.points(), fragment.points().length)).toBytes();
  }

  private void section(List<Piece> pieces, List<Range> erased) {
    long runs = 0;
    boolean deleted = false;
    for (int i = 0; i < pieces.size(); i++) {
      runs += startsRun(pieces, i) ? 1 : 0;
      deleted |= pieces.get(i).isDeleted();
    }
    out.varint(runs << 2 | (deleted ? 2 : 0) | (erased.isEmpty() ? 0 : 1));
    runs(pieces);
    if (deleted) {
      stretches(pieces);
    }
    if (!erased.isEmpty()) {
      out.varint(erased.size());
      long end = 0;
      for (Range range : erased) {
        out.varint(range.first() - end).varint(range.length() - 1);
        end = range.end();
      }
    }
  }

  private static boolean startsRun(List<Piece> pieces, int index) {
    return index == 0 || !pieces.get(index).continues(pieces.get(index - 1));
  }

  private void runs(List<Piece> pieces) {
    long end = 0;
    for (int i = 0; i < pieces.size(); ) {
      Piece head = pieces.get(i);
      long headEnd = head.end();
      for (i++; i < pieces.size() && !startsRun(pieces, i); i++) {
        headEnd = pieces.get(i).end();
      }
      boolean chained = head.parent().isBefore(head.session(), head.first());
      out.varint(head.first() - end).varint((headEnd - head.first()) << 1 | (chained ? 1 : 0));
      if (!chained) {
        parent(head);
      }
      end = headEnd;
    }
  }

  private void parent(Piece head) {
    Parent parent = head.parent();
    out.varint((long) sectionOf(parent.session()) << 1 | (parent.left() ? 1 : 0));
    if (parent.session() == head.session()) {
      out.zigzag(head.first() - parent.counter());
    } else {
      out.varint(parent.session() == Session.BASE ? parent.counter() + 1 : parent.counter());
    }
  }

  private void stretches(List<Piece> pieces) {
    boolean deleted = false;
    long length = 0;
    for (Piece piece : pieces) {
      if (piece.isDeleted() != deleted) {
        out.varint(length);
        length = 0;
        deleted = !deleted;
      }
      length += piece.range().length();
    }
    out.varint(length);
  }

  private int sectionOf(long session) {
    int low = 0;
    int high = sessions.length - 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Long.compareUnsigned(sessions[middle], session) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** All that are named, ascending, the base first. */
  private static long[] sessions(Fragment fragment) {
    long[] named = new long[1 + 2 * fragment.pieces().size() + fragment.erased().size()];
    int count = 1;
    for (Piece piece : fragment.pieces()) {
      named[count++] = piece.session() ^ Long.MIN_VALUE;
      named[count++] = piece.parent().session() ^ Long.MIN_VALUE;
    }
    for (Range range : fragment.erased()) {
      named[count++] = range.session() ^ Long.MIN_VALUE;
    }
    named[0] = Session.BASE ^ Long.MIN_VALUE;
    Arrays.sort(named);
    int kept = 0;
    for (long each : named) {
      if (kept == 0 || named[kept - 1] != each) {
        named[kept++] = each;
      }
    }
    for (int i = 0; i < kept; i++) {
      named[i] ^= Long.MIN_VALUE;
    }
    return Arrays.copyOf(named, kept);
  }
}
