package sh.fazt.mesh.crdt.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.crdt.text.Fragment.Parent;
import sh.fazt.mesh.crdt.text.Fragment.Piece;
import sh.fazt.mesh.crdt.text.Fragment.Range;

/**
 * A text that several write at once: a join of sets of elements and of deleted ids, so deltas may
 * come in any order, in part and again, and equal sets give equal texts and equal bytes.
 *
 * <p>An element is one code point with an id, session and counter; it hangs on another as in Fugue
 * ({@link FugueTree}), so what two insert at one place stays together. The <em>base</em> is what
 * the text was before any edit, known to all alike: session 0, a chain. Any code points but lone
 * surrogates. Mutable, confined.
 */
public final class MergedText {
  private final FugueTree tree = new FugueTree();
  private final Joining joining = new Joining(tree);
  private final long baseLength;

  private MergedText(Fragment state) {
    baseLength = baseLength(state);
    joining.add(state);
  }

  /**
   * A text that nobody has edited yet.
   *
   * @throws IllegalArgumentException if {@code base} has a surrogate that stands alone
   */
  public static MergedText of(String base) {
    int[] points = CodePoints.of(base);
    Range range = new Range(Session.BASE, 0, points.length);
    List<Piece> pieces = points.length == 0 ? List.of() : List.of(new Piece(range, Parent.ROOT, 0));
    return new MergedText(new Fragment(pieces, points, List.of()));
  }

  /** The text whose {@link #encode} this is. */
  public static MergedText decode(Bytes state) throws MalformedException {
    Fragment read = FragmentReader.read(FragmentWriter.STATE, state);
    long base = baseLength(read);
    for (Piece piece : read.pieces()) {
      if (piece.session() == Session.BASE
          && !(piece.end() <= base
              && piece.parentOf(piece.first()).isBefore(Session.BASE, piece.first()))) {
        throw new MalformedException("a base that is no chain from 0");
      }
    }
    check(read, base);
    return new MergedText(read);
  }

  /** The whole state, base included; equal states give equal bytes. */
  public Bytes encode() {
    return FragmentWriter.write(FragmentWriter.STATE, fragment());
  }

  /** What is to be read now. */
  public String text() {
    StringBuilder text = new StringBuilder(length());
    settled()
        .forEach(
            span -> {
              for (int i = 0; i < span.visible(); i++) {
                text.appendCodePoint(span.session.point(span.at + i));
              }
            });
    return text.toString();
  }

  /** Code points of {@link #text}. */
  public int length() {
    return settled().length();
  }

  /**
   * Deletes and inserts at one place, here; returns the delta for the others, empty if nothing
   * changes.
   *
   * @param at code points before the place
   * @param deleted code points to delete from there
   * @throws IllegalArgumentException if {@code inserted} has a surrogate that stands alone
   */
  public Bytes edit(Writer me, int at, int deleted, String inserted) {
    if (at < 0 || deleted < 0 || at > length() - deleted) {
      throw new IllegalArgumentException(deleted + " at " + at + " of " + length());
    }
    int[] points = CodePoints.of(inserted);
    LocalEdits edits = new LocalEdits(tree, me, points);
    edits.apply(at, new Difference.Edit(at, deleted, 0, points.length));
    return edits.delta();
  }

  /**
   * Makes {@link #text} equal to {@code wanted}; returns the delta for the others, empty if nothing
   * changes.
   *
   * @throws IllegalArgumentException if {@code wanted} has a surrogate that stands alone
   */
  public Bytes change(Writer me, String wanted) {
    int[] points = CodePoints.of(wanted);
    LocalEdits edits = new LocalEdits(tree, me, points);
    int shift = 0;
    for (Difference.Edit edit : Difference.between(CodePoints.of(text()), points)) {
      edits.apply(edit.at() + shift, edit);
      shift += edit.inserted() - edit.deleted();
    }
    return edits.delta();
  }

  /**
   * Takes in what another text of the same base has changed; says whether something was new.
   *
   * @throws MalformedException with nothing changed
   */
  public boolean merge(Bytes delta) throws MalformedException {
    if (delta.isEmpty()) {
      return false;
    }
    Fragment read = FragmentReader.read(FragmentWriter.DELTA, delta);
    if (!read.pieces().isEmpty() && read.pieces().get(0).session() == Session.BASE) {
      throw new MalformedException("a delta that inserts into the base");
    }
    check(read, baseLength);
    return joining.add(read);
  }

  /**
   * Takes in all that {@code other} has.
   *
   * @throws IllegalArgumentException if its base has another length
   */
  public void join(MergedText other) {
    if (other.baseLength != baseLength) {
      throw new IllegalArgumentException("bases of " + baseLength + " and " + other.baseLength);
    }
    joining.add(other.fragment());
  }

  private Rope settled() {
    tree.settle();
    return tree.rope();
  }

  private static long baseLength(Fragment state) {
    long length = 0;
    for (Piece piece : state.pieces()) {
      if (piece.session() != Session.BASE || piece.first() != length) {
        return length;
      }
      length = piece.end();
    }
    return length;
  }

  /** All that is named of the base is within it. */
  private static void check(Fragment read, long baseLength) throws MalformedException {
    long last = Session.ROOT;
    for (Piece piece : read.pieces()) {
      Parent parent = piece.parent();
      last = parent.session() == Session.BASE ? Math.max(last, parent.counter()) : last;
    }
    for (Range range : read.erased()) {
      last = range.session() == Session.BASE ? Math.max(last, range.end() - 1) : last;
    }
    if (last >= baseLength) {
      throw new MalformedException("element " + last + " in a base of " + baseLength);
    }
  }

  private Fragment fragment() {
    List<Session> sessions = new ArrayList<>(tree.sessions().values());
    sessions.sort((one, other) -> Long.compareUnsigned(one.id, other.id));
    List<Piece> pieces = new ArrayList<>();
    List<Range> erased = new ArrayList<>();
    int[] points = new int[sessions.stream().mapToInt(Session::used).sum()];
    int used = 0;
    for (Session session : sessions) {
      for (Span span : session.spans()) {
        if (span == tree.root()) {
          continue;
        }
        Range range = new Range(session.id, span.first, span.length);
        pieces.add(new Piece(range, span.parentOf(span.first), span.isShown() ? used : -1));
        if (span.isShown()) {
          System.arraycopy(session.points(), span.at, points, used, span.visible());
          used += span.visible();
        }
      }
      for (Map.Entry<Long, Long> range : session.erased.ends().entrySet()) {
        erased.add(new Range(session.id, range.getKey(), range.getValue() - range.getKey()));
      }
    }
    return new Fragment(pieces, Arrays.copyOf(points, used), erased);
  }
}
