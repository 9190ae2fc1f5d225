package sh.fazt.mesh.crdt.text;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Builds the tree and the rope anew from the set of elements alone. What cannot be reached from the
 * root, since an ancestor is missing or is its own, waits as orphan. Linear but for the search of
 * parents.
 */
final class Regrowth {
  private final FugueTree tree;

  Regrowth(FugueTree tree) {
    this.tree = tree;
  }

  void run() {
    tree.rope().clear();
    tree.orphans().clear();
    for (Span span : tree.allSpans()) {
      span.leaf = null;
    }
    for (Span span : tree.allSpans()) {
      cutAtParent(span);
    }
    List<Span> spans = tree.allSpans();
    spans.sort((one, other) -> one == other ? 0 : one.isBelow(other) ? 1 : -1);
    for (Span span : spans) {
      unlink(span);
    }
    for (Span span : spans) {
      link(span);
    }
    walk();
    for (Span span : spans) {
      if (span.leaf == null) {
        unlink(span);
        tree.orphans().add(span);
      }
    }
  }

  private static void unlink(Span span) {
    span.lefts = null;
    span.rights = null;
    span.sibling = null;
  }

  private @Nullable Span parent(Span span) {
    return span == tree.root() ? null : span.parentSession.find(span.parentCounter);
  }

  private void cutAtParent(Span span) {
    Span parent = parent(span);
    if (parent == null) {
      return;
    }
    if (span.left) {
      tree.splitBefore(parent, span.parentCounter);
    } else if (span.parentCounter < parent.end() - 1) {
      tree.split(parent, span.parentCounter + 1);
    }
  }

  /** Called in descending order of id, so that siblings end in ascending order. */
  private void link(Span span) {
    Span parent = parent(span);
    if (parent != null && span.left) {
      span.sibling = parent.lefts;
      parent.lefts = span;
    } else if (parent != null) {
      span.sibling = parent.rights;
      parent.rights = span;
    }
  }

  /** A place of the walk: the span itself, or all that begins with it. */
  private record Step(Span span, boolean entered) {}

  private void walk() {
    Deque<Step> steps = new ArrayDeque<>();
    steps.push(new Step(tree.root(), false));
    while (!steps.isEmpty()) {
      Step step = steps.pop();
      Span span = step.span();
      if (step.entered()) {
        tree.rope().append(span);
        push(steps, span.sibling);
        push(steps, span.rights);
      } else {
        steps.push(new Step(span, true));
        push(steps, span.lefts);
      }
    }
  }

  private static void push(Deque<Step> steps, @Nullable Span span) {
    if (span != null) {
      steps.push(new Step(span, false));
    }
  }
}
