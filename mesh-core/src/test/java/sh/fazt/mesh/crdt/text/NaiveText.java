package sh.fazt.mesh.crdt.text;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Fugue's tree as its paper has it, an object an element and a recursive walk, to compare with. The
 * whole text is walked for each edit.
 */
final class NaiveText {
  private static final Id ROOT = new Id(0, -1);

  private final Map<Id, Element> elements = new HashMap<>();
  private final Set<Id> deleted = new HashSet<>();

  record Id(long session, long counter) implements Comparable<Id> {
    @Override
    public int compareTo(Id other) {
      int order = Long.compareUnsigned(session, other.session);
      return order != 0 ? order : Long.compare(counter, other.counter);
    }
  }

  record Element(Id id, Id parent, boolean left, int point) {
    boolean beats(Element other) {
      int order = parent.compareTo(other.parent);
      order = order != 0 ? order : Boolean.compare(left, other.left);
      return (order != 0 ? order : Integer.compare(point, other.point)) > 0;
    }
  }

  /** What one edit adds. */
  record Delta(List<Element> elements, List<Id> deleted) {}

  NaiveText(String base) {
    int[] points = base.codePoints().toArray();
    for (int i = 0; i < points.length; i++) {
      Id id = new Id(0, i);
      elements.put(id, new Element(id, new Id(0, i - 1), false, points[i]));
    }
  }

  String text() {
    int[] points =
        walk().stream()
            .filter(id -> !id.equals(ROOT) && !deleted.contains(id))
            .mapToInt(id -> elements.get(id).point)
            .toArray();
    return new String(points, 0, points.length);
  }

  void merge(Delta delta) {
    for (Element each : delta.elements) {
      elements.merge(each.id, each, (known, other) -> other.beats(known) ? other : known);
    }
    deleted.addAll(delta.deleted);
  }

  /** Elements whose way to the root is known. */
  int placed() {
    return walk().size() - 1;
  }

  Delta edit(long session, long counter, int at, int count, String inserted) {
    List<Id> shown = new ArrayList<>();
    for (Id id : walk()) {
      if (!id.equals(ROOT) && !deleted.contains(id)) {
        shown.add(id);
      }
    }
    Delta delta = new Delta(new ArrayList<>(), new ArrayList<>(shown.subList(at, at + count)));
    deleted.addAll(delta.deleted);
    Id before = at == 0 ? ROOT : shown.get(at - 1);
    for (int point : inserted.codePoints().toArray()) {
      Element element = after(before, new Id(session, counter + delta.elements.size()), point);
      elements.put(element.id, element);
      delta.elements.add(element);
      before = element.id;
    }
    return delta;
  }

  /** Algorithm 1 of the paper, {@code insert}. */
  private Element after(Id left, Id id, int point) {
    List<Id> walk = walk();
    int next = walk.indexOf(left) + 1;
    if (next < walk.size() && isAncestor(left, walk.get(next))) {
      return new Element(id, walk.get(next), true, point);
    }
    return new Element(id, left, false, point);
  }

  private boolean isAncestor(Id ancestor, Id of) {
    Id id = of;
    while (!id.equals(ROOT) && !id.equals(ancestor)) {
      id = elements.get(id).parent;
    }
    return id.equals(ancestor);
  }

  /** All elements that hang on the root, which comes first. */
  private List<Id> walk() {
    Map<Id, List<Element>> children = new HashMap<>();
    Collection<Element> all = elements.values();
    all.stream()
        .sorted((one, other) -> one.id.compareTo(other.id))
        .forEach(e -> children.computeIfAbsent(e.parent, id -> new ArrayList<>()).add(e));
    List<Id> walk = new ArrayList<>();
    walk(ROOT, children, walk);
    return walk;
  }

  private static void walk(Id id, Map<Id, List<Element>> children, List<Id> walk) {
    List<Element> mine = children.getOrDefault(id, List.of());
    mine.stream().filter(Element::left).forEach(child -> walk(child.id, children, walk));
    walk.add(id);
    mine.stream().filter(child -> !child.left).forEach(child -> walk(child.id, children, walk));
  }
}
