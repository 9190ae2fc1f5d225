package sh.fazt.mesh.crdt.text;

import org.jspecify.annotations.Nullable;

/**
 * Elements of one session with successive counters, all shown or all deleted. Each but the first is
 * the only right child of the one before and has no left children, so they stand side by side in
 * the text. Mutable, confined.
 */
final class Span {
  final Session session;
  long first;
  long length;

  /** Index of the first code point in the session's store; -1 where the elements are deleted. */
  int at;

  /** What the first element hangs on. */
  Session parentSession;

  long parentCounter;
  boolean left;

  /** The leaf of the rope that holds this; null while an ancestor is missing. */
  Rope.@Nullable Node leaf;

  /** Left children of the first element, ascending, linked by {@link #sibling}. */
  @Nullable Span lefts;

  /** Right children of the last element, ascending, linked by {@link #sibling}. */
  @Nullable Span rights;

  @Nullable Span sibling;

  Span(Session session, long first, long length, int at) {
    this.session = session;
    this.first = first;
    this.length = length;
    this.at = at;
    this.parentSession = session;
    this.parentCounter = first - 1;
  }

  void hangOn(Session parent, long counter, boolean asLeft) {
    parentSession = parent;
    parentCounter = counter;
    left = asLeft;
  }

  long end() {
    return first + length;
  }

  boolean isDeleted() {
    return at < 0;
  }

  boolean isShown() {
    return at >= 0;
  }

  int visible() {
    return at < 0 ? 0 : (int) length;
  }

  /** Whether its first element is the right child of the one before in its session. */
  boolean isChained() {
    return !left && parentSession == session && parentCounter == first - 1;
  }

  Fragment.Parent parentOf(long counter) {
    return counter == first
        ? new Fragment.Parent(parentSession.id, parentCounter, left)
        : Fragment.Parent.before(session.id, counter);
  }

  boolean isBelow(Span other) {
    int order = Long.compareUnsigned(session.id, other.session.id);
    return order != 0 ? order < 0 : first < other.first;
  }
}
