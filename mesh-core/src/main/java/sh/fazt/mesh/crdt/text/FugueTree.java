package sh.fazt.mesh.crdt.text;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The tree of Fugue: each element hangs left or right on another, siblings of a side stand in the
 * order of their ids, and the text is the walk left children, element, right children.
 *
 * <p>Weidner and Kleppmann, "The Art of the Fugue", arXiv 2305.00583, 2023, Algorithm 1, with the
 * origins of §5.1. Otherwise than there, elements may come in any order: those whose parent is
 * missing wait in {@link Orphans}; of what is deleted the code point is not kept; chains of right
 * children are one {@link Span}; nothing recurses. Mutable, confined.
 */
final class FugueTree {
  /** Steps along the tree for each span there is, before it is cheaper to build all of it anew. */
  private static final int STEPS_EACH = 4;

  private final Map<Long, Session> sessions = new HashMap<>();
  private final Orphans orphans = new Orphans();
  private final Rope rope = new Rope();
  private final Span root;
  private Session latest;
  private int spans = 1;
  private long stepsLeft;
  private boolean torn;

  FugueTree() {
    latest = new Session(Session.BASE);
    sessions.put(latest.id, latest);
    root = new Span(latest, Session.ROOT, 1, -1);
    latest.add(root);
    rope.append(root);
  }

  /** Right after {@link #settle}; until then its order may be an old one. */
  Rope rope() {
    return rope;
  }

  Map<Long, Session> sessions() {
    return sessions;
  }

  Span root() {
    return root;
  }

  /** That of the id; made where there is none. */
  Session session(long id) {
    if (latest.id != id) {
      latest = sessions.computeIfAbsent(id, Session::new);
    }
    return latest;
  }

  /** Begins a change, which may take so many steps before all is built anew instead. */
  void begin() {
    stepsLeft = 1_000 + (long) STEPS_EACH * spans;
  }

  /** Makes the rope what the elements say, where changes since were more than could be followed. */
  void settle() {
    if (torn) {
      new Regrowth(this).run();
      torn = false;
    }
  }

  /** What is to be built anew, since an element moved or the way to a place is too long. */
  void tear() {
    torn = true;
  }

  Orphans orphans() {
    return orphans;
  }

  /** Where an element goes that is typed after the shown element {@code left}, or the root. */
  Fragment.Parent parentAfter(Span left, long counter) {
    if (counter < left.end() - 1) {
      return new Fragment.Parent(left.session.id, counter + 1, true);
    }
    Span next = left.rights == null ? null : rope.next(left);
    return next == null
        ? new Fragment.Parent(left.session.id, counter, false)
        : new Fragment.Parent(next.session.id, next.first, true);
  }

  /** Puts in elements that are not here. */
  void add(Span span) {
    Span parent = span.parentSession.find(span.parentCounter);
    if (parent != null && isPrefix(parent, span)) {
      parent.length += span.length;
      if (parent.leaf != null) {
        rope.grow(parent, span.visible());
        release(span.session, span.first, span.end());
      }
      return;
    }
    span.session.add(span);
    spans++;
    if (parent == null || parent.leaf == null) {
      orphans.add(span);
    } else {
      attach(span);
      release(span.session, span.first, span.end());
    }
  }

  /** Cuts a span in two; returns the one that begins with {@code counter}. */
  Span split(Span span, long counter) {
    int offset = (int) (counter - span.first);
    Span right =
        new Span(
            span.session, counter, span.end() - counter, span.isShown() ? span.at + offset : -1);
    int moved = right.visible();
    span.length = counter - span.first;
    span.session.add(right);
    spans++;
    if (span.leaf != null) {
      right.rights = span.rights;
      span.rights = right;
      rope.grow(span, -moved);
      rope.insertAfter(span, right);
    } else if (!torn) {
      orphans.add(right);
    }
    return right;
  }

  /** Cuts so that a span begins with {@code counter}, which {@code span} holds. */
  Span splitBefore(Span span, long counter) {
    return counter == span.first ? span : split(span, counter);
  }

  private static boolean isPrefix(Span parent, Span span) {
    return span.isChained()
        && parent.end() == span.first
        && parent.rights == null
        && parent.first != Session.ROOT
        && (span.isDeleted()
            ? parent.isDeleted()
            : parent.isShown() && parent.at + parent.visible() == span.at);
  }

  /** Attaches what waited for these elements, and what waited for that, and so on. */
  private void release(Session session, long first, long end) {
    if (orphans.isEmpty() || torn) {
      return;
    }
    Deque<Span> ready = new ArrayDeque<>(orphans.take(session, first, end));
    while (!ready.isEmpty() && !torn) {
      Span span = ready.pop();
      attach(span);
      ready.addAll(orphans.take(span.session, span.first, span.end()));
    }
  }

  private void attach(Span span) {
    Span parent = span.parentSession.find(span.parentCounter);
    if (parent == null || torn) {
      return;
    }
    if (span.left) {
      attachLeft(splitBefore(parent, span.parentCounter), span);
    } else {
      if (span.parentCounter < parent.end() - 1) {
        split(parent, span.parentCounter + 1);
      }
      attachRight(parent, span);
    }
  }

  private void attachLeft(Span parent, Span span) {
    Span before = siblingBefore(parent.lefts, span);
    Span after = before == null ? parent.lefts : before.sibling;
    if (before == null) {
      parent.lefts = span;
    } else {
      before.sibling = span;
    }
    span.sibling = after;
    rope.insertBefore(after == null ? parent : leftmost(after), span);
  }

  private void attachRight(Span parent, Span span) {
    Span before = siblingBefore(parent.rights, span);
    Span after = before == null ? parent.rights : before.sibling;
    if (before == null) {
      parent.rights = span;
    } else {
      before.sibling = span;
    }
    span.sibling = after;
    if (before == null) {
      rope.insertAfter(parent, span);
    } else if (after != null) {
      rope.insertBefore(leftmost(after), span);
    } else {
      rope.insertAfter(rightmost(before), span);
    }
  }

  private @Nullable Span siblingBefore(@Nullable Span first, Span span) {
    Span before = null;
    for (Span next = first; next != null && next.isBelow(span); next = next.sibling) {
      before = next;
      step();
    }
    return before;
  }

  private Span leftmost(Span span) {
    Span found = span;
    while (found.lefts != null) {
      found = found.lefts;
      step();
    }
    return found;
  }

  private Span rightmost(Span span) {
    Span found = span;
    while (found.rights != null) {
      found = found.rights;
      while (found.sibling != null) {
        found = found.sibling;
        step();
      }
      step();
    }
    return found;
  }

  private void step() {
    if (--stepsLeft < 0) {
      torn = true;
    }
  }

  /** All spans, the root's too. */
  List<Span> allSpans() {
    List<Span> all = new ArrayList<>(spans);
    sessions.values().forEach(session -> all.addAll(session.spans()));
    return all;
  }
}
