package sh.fazt.mesh.crdt.text;

import java.util.List;
import sh.fazt.mesh.crdt.text.Fragment.Parent;
import sh.fazt.mesh.crdt.text.Fragment.Piece;
import sh.fazt.mesh.crdt.text.Fragment.Range;

/**
 * Puts a fragment into a tree: the union of elements and of deleted ids. Of two elements with one
 * id, which no honest member makes, the one with the greater parent, side and code point counts; of
 * what is deleted the code point is not kept. Confined.
 */
final class Joining {
  private final FugueTree tree;

  Joining(FugueTree tree) {
    this.tree = tree;
  }

  /** Says whether something was new. */
  boolean add(Fragment fragment) {
    tree.begin();
    boolean fresh = false;
    for (Piece piece : fragment.pieces()) {
      fresh |= add(piece, fragment.points());
    }
    fresh |= erase(fragment.erased());
    return fresh;
  }

  private boolean add(Piece piece, int[] points) {
    Session session = tree.session(piece.session());
    if (session.endsBefore(piece.first())) {
      introduce(session, piece, points, piece.range());
      return true;
    }
    boolean fresh = false;
    long counter = piece.first();
    while (counter < piece.end()) {
      Span known = session.floor(counter);
      if (known != null && counter < known.end()) {
        long end = Math.min(piece.end(), known.end());
        // Only here can the two hang on different parents: within, each hangs on the one before.
        boolean head = counter == known.first || counter == piece.first();
        int order = head ? piece.parentOf(counter).compareTo(known.parentOf(counter)) : 0;
        end = order == 0 ? end : counter + 1;
        if (order > 0) {
          replace(known, piece, points, counter);
        }
        fresh |=
            order > 0
                || (order == 0
                    && raise(known, piece, points, new Range(session.id, counter, end - counter)));
        fresh |= piece.isDeleted() && erase(session, counter, end);
        counter = end;
      } else {
        Span above = session.above(counter);
        long end = above == null ? piece.end() : Math.min(piece.end(), above.first);
        introduce(session, piece, points, new Range(session.id, counter, end - counter));
        fresh = true;
        counter = end;
      }
    }
    return fresh;
  }

  private void introduce(Session session, Piece piece, int[] points, Range range) {
    long counter = range.first();
    while (counter < range.end()) {
      boolean deleted = piece.isDeleted() || session.erased.contains(counter);
      long end =
          piece.isDeleted() ? range.end() : Math.min(range.end(), session.erased.turn(counter));
      Span span = new Span(session, counter, end - counter, deleted ? -1 : session.used());
      if (!deleted) {
        int from = piece.at() + (int) (counter - piece.first());
        session.store(points, from, (int) (end - counter));
      }
      if (counter == piece.first()) {
        hang(span, piece.parent());
      }
      tree.add(span);
      counter = end;
    }
    session.erased.remove(range.first(), range.end());
  }

  private void hang(Span span, Parent parent) {
    span.hangOn(tree.session(parent.session()), parent.counter(), parent.left());
  }

  private void replace(Span known, Piece piece, int[] points, long counter) {
    Span alone = tree.splitBefore(known, counter);
    if (alone.length > 1) {
      tree.split(alone, counter + 1);
    }
    hang(alone, piece.parentOf(counter));
    if (alone.isShown() && !piece.isDeleted()) {
      alone.session.set(alone.at, points[piece.at() + (int) (counter - piece.first())]);
    }
    tree.tear();
  }

  /** Takes the greater code points. */
  private static boolean raise(Span known, Piece piece, int[] points, Range range) {
    if (known.isDeleted() || piece.isDeleted()) {
      return false;
    }
    boolean fresh = false;
    int here = known.at + (int) (range.first() - known.first);
    int there = piece.at() + (int) (range.first() - piece.first());
    for (int i = 0; i < range.length(); i++) {
      if (points[there + i] > known.session.point(here + i)) {
        known.session.set(here + i, points[there + i]);
        fresh = true;
      }
    }
    return fresh;
  }

  private boolean erase(List<Range> ranges) {
    boolean fresh = false;
    for (Range range : ranges) {
      fresh |= erase(tree.session(range.session()), range.first(), range.end());
    }
    return fresh;
  }

  /** Deletes ids, whether or not their elements are here; says whether one was not deleted yet. */
  boolean erase(Session session, long first, long end) {
    boolean fresh = false;
    long counter = first;
    while (counter < end) {
      Span span = session.floor(counter);
      if (span != null && counter < span.end()) {
        long to = Math.min(end, span.end());
        if (span.isShown()) {
          hide(span, counter, to);
          fresh = true;
        }
        counter = to;
      } else {
        Span above = session.above(counter);
        long to = above == null ? end : Math.min(end, above.first);
        fresh |= session.erased.add(counter, to);
        counter = to;
      }
    }
    return fresh;
  }

  private void hide(Span span, long first, long end) {
    if ((end == span.end() && first > span.first && moveToNext(span, first))
        || (first == span.first && end < span.end() && moveToPrevious(span, end))) {
      return;
    }
    Span part = tree.splitBefore(span, first);
    if (end < part.end()) {
      tree.split(part, end);
    }
    if (part.leaf != null) {
      tree.rope().grow(part, -part.visible());
    }
    part.at = -1;
  }

  /* Backspace, and its kin that deletes forwards, take one element after the other: then the border
   * between what is shown and what is deleted moves, rather than a span being made for each. */

  private boolean moveToNext(Span span, long first) {
    Span next = span.rights;
    if (next == null || next.isShown() || !isOnlyChild(next, span)) {
      return false;
    }
    int moved = (int) (span.end() - first);
    tree.rope().grow(span, -moved);
    span.length -= moved;
    next.first = first;
    next.length += moved;
    next.parentCounter = first - 1;
    return true;
  }

  private boolean moveToPrevious(Span span, long end) {
    Span previous = span.session.find(span.first - 1);
    if (previous == null
        || previous.isShown()
        || previous.leaf == null
        || previous == tree.root()
        || previous.rights != span
        || !isOnlyChild(span, previous)) {
      return false;
    }
    int moved = (int) (end - span.first);
    tree.rope().grow(span, -moved);
    previous.length += moved;
    span.first = end;
    span.length -= moved;
    span.at += moved;
    span.parentCounter = end - 1;
    return true;
  }

  private static boolean isOnlyChild(Span child, Span parent) {
    return child.sibling == null
        && child.lefts == null
        && child.session == parent.session
        && child.first == parent.end()
        && child.isChained();
  }
}
