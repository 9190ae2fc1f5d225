package sh.fazt.mesh.crdt.text;

import java.util.List;

/**
 * A set of elements and a set of deleted ids, whole state or delta: what {@link FragmentWriter}
 * writes and {@link FragmentReader} reads. Immutable.
 */
final class Fragment {
  private final List<Piece> pieces;
  private final int[] points;
  private final List<Range> erased;

  /**
   * @param pieces in ascending order of id, none overlapping another
   * @param points the code points of the pieces that are not deleted; handed over
   * @param erased deleted ids without an element here, ascending, neither overlapping nor touching
   */
  Fragment(List<Piece> pieces, int[] points, List<Range> erased) {
    this.pieces = pieces;
    this.points = points;
    this.erased = erased;
  }

  List<Piece> pieces() {
    return pieces;
  }

  /** Not to be written to. */
  int[] points() {
    return points;
  }

  List<Range> erased() {
    return erased;
  }

  /**
   * Where an element hangs.
   *
   * @param counter -1 in the base is the root
   * @param left whether it stands before its parent, else after
   */
  record Parent(long session, long counter, boolean left) {
    static final Parent ROOT = new Parent(Session.BASE, Session.ROOT, false);

    /** That of an element whose parent is the one before it in its own session. */
    static Parent before(long session, long counter) {
      return new Parent(session, counter - 1, false);
    }

    boolean isBefore(long ofSession, long ofCounter) {
      return !left && session == ofSession && counter == ofCounter - 1;
    }

    /** The order that decides between two elements with one id. */
    int compareTo(Parent other) {
      int order = Long.compareUnsigned(session, other.session);
      order = order != 0 ? order : Long.compare(counter, other.counter);
      return order != 0 ? order : Boolean.compare(left, other.left);
    }
  }

  /** Ids of one session. */
  record Range(long session, long first, long length) {
    long end() {
      return first + length;
    }
  }

  /**
   * Elements of one session, all deleted or none, each the right child of the one before.
   *
   * @param parent of the first
   * @param at index of the first code point in {@link #points}; -1 where they are deleted
   */
  record Piece(Range range, Parent parent, int at) {
    long session() {
      return range.session;
    }

    long first() {
      return range.first;
    }

    long end() {
      return range.end();
    }

    boolean isDeleted() {
      return at < 0;
    }

    Parent parentOf(long counter) {
      return counter == range.first ? parent : Parent.before(range.session, counter);
    }

    /** Whether this goes on where {@code previous} ends, as one run. */
    boolean continues(Piece previous) {
      return previous.session() == session()
          && previous.end() == first()
          && parent.isBefore(session(), first());
    }
  }
}
