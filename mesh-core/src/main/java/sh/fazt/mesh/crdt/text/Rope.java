package sh.fazt.mesh.crdt.text;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Spans in the order of the text, found by position in O(log n): a B-tree that counts the shown
 * code points below each node. Spans are put in and never taken out. Mutable, confined.
 */
final class Rope {
  private static final int FANOUT = 32;

  private Node top = new Node(true);
  private Node first = top;
  private Node last = top;
  private int length;

  /** A node of the tree, whose items are spans in a leaf and else nodes. */
  static final class Node {
    private final Object[] items = new Object[FANOUT];
    private final int[] visible = new int[FANOUT];
    private final boolean isLeaf;
    private @Nullable Node parent;
    private @Nullable Node next;
    private int size;

    private Node(boolean isLeaf) {
      this.isLeaf = isLeaf;
    }

    private int indexOf(Object item) {
      int index = 0;
      while (items[index] != item) {
        index++;
      }
      return index;
    }
  }

  /** A shown element: {@code offset} from the start of its span. */
  record Place(Span span, int offset) {
    long counter() {
      return span.first + offset;
    }
  }

  /** Shown code points. */
  int length() {
    return length;
  }

  /** The shown element at {@code position}, 0 to {@link #length} − 1. */
  Place find(int position) {
    int rest = position;
    Node node = top;
    while (true) {
      int index = 0;
      while (rest >= node.visible[index]) {
        rest -= node.visible[index++];
      }
      if (node.isLeaf) {
        return new Place((Span) node.items[index], rest);
      }
      node = (Node) node.items[index];
    }
  }

  void append(Span span) {
    put(last, last.size, span);
  }

  void insertAfter(Span place, Span span) {
    Node leaf = leafOf(place);
    put(leaf, leaf.indexOf(place) + 1, span);
  }

  void insertBefore(Span place, Span span) {
    Node leaf = leafOf(place);
    put(leaf, leaf.indexOf(place), span);
  }

  /** The span after {@code span}, shown or not. */
  @Nullable Span next(Span span) {
    Node leaf = leafOf(span);
    int index = leaf.indexOf(span) + 1;
    if (index < leaf.size) {
      return (Span) leaf.items[index];
    }
    return leaf.next == null ? null : (Span) leaf.next.items[0];
  }

  /** Notes that {@code span} shows so many code points more. */
  void grow(Span span, int by) {
    addUp(leafOf(span), span, by);
  }

  void forEach(Consumer<Span> action) {
    for (Node leaf = first; leaf != null; leaf = leaf.next) {
      for (int i = 0; i < leaf.size; i++) {
        action.accept((Span) leaf.items[i]);
      }
    }
  }

  void clear() {
    top = new Node(true);
    first = top;
    last = top;
    length = 0;
  }

  private static Node leafOf(Span span) {
    if (span.leaf == null) {
      throw new IllegalStateException("a span that is not in the rope");
    }
    return span.leaf;
  }

  private void put(Node leaf, int index, Span span) {
    span.leaf = leaf;
    place(leaf, index, span, 0);
    if (span.visible() > 0) {
      addUp(leafOf(span), span, span.visible());
    }
  }

  private void place(Node node, int index, Object item, int visible) {
    System.arraycopy(node.items, index, node.items, index + 1, node.size - index);
    System.arraycopy(node.visible, index, node.visible, index + 1, node.size - index);
    node.items[index] = item;
    node.visible[index] = visible;
    node.size++;
    if (node.size == FANOUT) {
      divide(node);
    }
  }

  private void addUp(Node from, Object item, int by) {
    length += by;
    Object child = item;
    for (Node node = from; node != null; node = node.parent) {
      node.visible[node.indexOf(child)] += by;
      child = node;
    }
  }

  private void divide(Node node) {
    Node upper = new Node(node.isLeaf);
    int from = FANOUT / 2;
    int moved = 0;
    upper.size = FANOUT - from;
    System.arraycopy(node.items, from, upper.items, 0, upper.size);
    System.arraycopy(node.visible, from, upper.visible, 0, upper.size);
    for (int i = from; i < FANOUT; i++) {
      moved += node.visible[i];
    }
    node.size = from;
    adopt(upper);
    if (node.isLeaf) {
      upper.next = node.next;
      node.next = upper;
      last = node == last ? upper : last;
    }
    Node parent = node.parent;
    if (parent == null) {
      parent = new Node(false);
      parent.items[0] = node;
      parent.visible[0] = length;
      parent.size = 1;
      node.parent = parent;
      top = parent;
    }
    upper.parent = parent;
    int index = parent.indexOf(node);
    parent.visible[index] -= moved;
    place(parent, index + 1, upper, moved);
  }

  private static void adopt(Node node) {
    for (int i = 0; i < node.size; i++) {
      if (node.items[i] instanceof Span span) {
        span.leaf = node;
      } else {
        ((Node) node.items[i]).parent = node;
      }
    }
  }
}
