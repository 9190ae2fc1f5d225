package sh.fazt.mesh.crdt.text;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.crdt.text.Fragment.Parent;
import sh.fazt.mesh.crdt.text.Fragment.Piece;
import sh.fazt.mesh.crdt.text.Fragment.Range;

/**
 * Edits of one writer, applied to a tree one after the other, and the delta of them all. Confined.
 */
final class LocalEdits {
  private static final Comparator<Range> BY_ID =
      (one, other) -> {
        int order = Long.compareUnsigned(one.session(), other.session());
        return order != 0 ? order : Long.compare(one.first(), other.first());
      };

  private final FugueTree tree;
  private final Joining joining;
  private final Writer writer;
  private final List<Piece> pieces = new ArrayList<>(1);
  private final List<Range> erased = new ArrayList<>(1);
  private final int[] source;

  /**
   * @param source the code points of which the inserted ones are parts
   */
  LocalEdits(FugueTree tree, Writer writer, int[] source) {
    this.tree = tree;
    this.joining = new Joining(tree);
    this.writer = writer;
    this.source = source;
    if (writer.next() > Session.COUNTER_MAX - source.length) {
      throw new IllegalArgumentException("a writer that is used up: " + writer.next());
    }
  }

  /** Deletes some of the text at {@code at}, then inserts a part of the source there. */
  void apply(int at, Difference.Edit edit) {
    tree.settle();
    for (int left = edit.deleted(); left > 0; ) {
      Rope.Place place = tree.rope().find(at);
      long first = place.counter();
      int length = Math.min(left, place.span().visible() - place.offset());
      Session session = place.span().session;
      erased.add(new Range(session.id, first, length));
      joining.erase(session, first, first + length);
      left -= length;
    }
    if (edit.inserted() > 0) {
      Piece piece = new Piece(ids(edit.inserted()), parentAt(at), edit.from());
      pieces.add(piece);
      joining.add(new Fragment(List.of(piece), source, List.of()));
    }
  }

  Bytes delta() {
    if (pieces.isEmpty() && erased.isEmpty()) {
      return Bytes.EMPTY;
    }
    pieces.sort((one, other) -> BY_ID.compare(one.range(), other.range()));
    erased.sort(BY_ID);
    Fragment fragment = new Fragment(pieces, inserted(), coalesced(erased));
    return FragmentWriter.write(FragmentWriter.DELTA, fragment);
  }

  /** The code points of all pieces in the order of their ids. */
  private int[] inserted() {
    int count = 0;
    for (Piece piece : pieces) {
      count += (int) piece.range().length();
    }
    int[] points = new int[count];
    int used = 0;
    for (Piece piece : pieces) {
      int length = (int) piece.range().length();
      System.arraycopy(source, piece.at(), points, used, length);
      used += length;
    }
    return points;
  }

  /** Ranges that touch become one. */
  private static List<Range> coalesced(List<Range> ascending) {
    List<Range> ranges = new ArrayList<>(ascending.size());
    for (Range range : ascending) {
      int last = ranges.size() - 1;
      if (last >= 0
          && ranges.get(last).session() == range.session()
          && ranges.get(last).end() == range.first()) {
        Range previous = ranges.get(last);
        long length = previous.length() + range.length();
        ranges.set(last, new Range(range.session(), previous.first(), length));
      } else {
        ranges.add(range);
      }
    }
    return ranges;
  }

  private Parent parentAt(int at) {
    if (at == 0) {
      return tree.parentAfter(tree.root(), Session.ROOT);
    }
    Rope.Place before = tree.rope().find(at - 1);
    return tree.parentAfter(before.span(), before.counter());
  }

  /** Ids that nobody has used, not even a member who has no right to. */
  private Range ids(int count) {
    long first = writer.next();
    long id = writer.session();
    while (!tree.session(id).isFree(first, first + count)) {
      id = another(id);
    }
    writer.passed(first + count);
    return new Range(id, first, count);
  }

  /** Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", 2014, fig. 5. */
  private static long another(long session) {
    long mixed = session + 0x9e3779b97f4a7c15L;
    mixed = (mixed ^ (mixed >>> 30)) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
    mixed ^= mixed >>> 31;
    return mixed == Session.BASE ? 1 : mixed;
  }
}
