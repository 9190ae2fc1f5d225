package sh.fazt.mesh.crdt.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.crdt.text.Fragment.Parent;
import sh.fazt.mesh.crdt.text.Fragment.Piece;
import sh.fazt.mesh.crdt.text.Fragment.Range;

/** Deltas that no honest member makes: two elements with one id, parents in circles. */
class ForgedTextTest {
  private static final int CASES = 5_000;
  private static final long MINE = 7;

  private static Bytes delta(Piece piece, int... points) {
    return FragmentWriter.write(
        FragmentWriter.DELTA, new Fragment(List.of(piece), points, List.of()));
  }

  private static Bytes erasing(long session, long first, long length) {
    List<Range> erased = List.of(new Range(session, first, length));
    return FragmentWriter.write(FragmentWriter.DELTA, new Fragment(List.of(), new int[0], erased));
  }

  @Test
  void ofTwoElementsWithOneIdTheGreaterCountsInWhateverOrder() throws MalformedException {
    Parent end = new Parent(Session.BASE, 2, false);
    Parent start = new Parent(Session.BASE, 0, true);
    Range ids = new Range(MINE, 0, 3);
    List<Bytes> deltas =
        new ArrayList<>(
            List.of(
                delta(new Piece(ids, start, 0), 'x', 'y', 'z'),
                delta(new Piece(ids, end, 0), 'p', 'a', 'r'),
                delta(new Piece(ids, end, 0), 'q', 'b', 'c'),
                delta(new Piece(new Range(MINE, 1, 1), new Parent(MINE, 0, true), 0), 'l')));
    for (int i = 0; i < 24; i++) {
      Collections.shuffle(deltas, new Random(i));
      MergedText text = MergedText.of("abc");
      for (Bytes each : deltas) {
        text.merge(each);
      }
      assertThat(text.text()).isEqualTo("abclzq");
      for (Bytes each : deltas) {
        assertThat(text.merge(each)).isFalse();
      }
    }
  }

  @Test
  void whateverIsForgedAllEndEqualAndAsThePaperHasItOfTheGreaterElements() {
    for (long seed = 0; seed < CASES; seed++) {
      Random random = new Random(seed);
      List<TextReplica.Delta> deltas = new ArrayList<>();
      for (int i = 2 + random.nextInt(14); i > 0; i--) {
        deltas.add(random.nextInt(5) == 0 ? drawErasing(random) : draw(random));
      }
      List<TextReplica> replicas =
          List.of(new TextReplica("abc", 1), new TextReplica("abc", 2), new TextReplica("abc", 3));
      try {
        for (TextReplica replica : replicas) {
          Collections.shuffle(deltas, random);
          for (TextReplica.Delta delta : deltas) {
            replica.merge(delta);
            if (random.nextBoolean()) {
              assertThat(replica.merged.text()).isEqualTo(replica.naive.text());
            }
          }
          replica.check();
          assertThat(replica.merge(deltas.get(0))).isFalse();
          assertThat(replica.merged.encode()).isEqualTo(replicas.get(0).merged.encode());
        }
        replicas.get(0).edit(random);
        replicas.get(0).check();
      } catch (MalformedException | RuntimeException | AssertionError e) {
        throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
      }
    }
  }

  private static TextReplica.Delta draw(Random random) {
    long session = random.nextBoolean() ? 7 : 8;
    int[] points = random.ints(1 + random.nextInt(4), 'a', 'e').toArray();
    Range ids = new Range(session, random.nextInt(6), points.length);
    Parent parent = parent(random);
    List<NaiveText.Element> elements = new ArrayList<>();
    for (int i = 0; i < points.length; i++) {
      long counter = ids.first() + i;
      NaiveText.Id above =
          i == 0
              ? new NaiveText.Id(parent.session(), parent.counter())
              : new NaiveText.Id(session, counter - 1);
      NaiveText.Id id = new NaiveText.Id(session, counter);
      elements.add(new NaiveText.Element(id, above, i == 0 && parent.left(), points[i]));
    }
    return new TextReplica.Delta(
        delta(new Piece(ids, parent, 0), points), new NaiveText.Delta(elements, List.of()));
  }

  private static Parent parent(Random random) {
    return random.nextInt(3) == 0
        ? new Parent(Session.BASE, random.nextInt(3), random.nextBoolean())
        : new Parent(7 + random.nextInt(3), random.nextInt(8), random.nextBoolean());
  }

  private static TextReplica.Delta drawErasing(Random random) {
    long session = random.nextBoolean() ? 7 : 8;
    long first = random.nextInt(8);
    int length = 1 + random.nextInt(3);
    List<NaiveText.Id> ids = new ArrayList<>();
    for (int i = 0; i < length; i++) {
      ids.add(new NaiveText.Id(session, first + i));
    }
    return new TextReplica.Delta(
        erasing(session, first, length), new NaiveText.Delta(List.of(), ids));
  }

  @Test
  void whoseIdsAreForgedOrDeletedInAdvanceStillWrites() throws MalformedException {
    MergedText mine = MergedText.of("()");
    MergedText yours = MergedText.of("()");
    Bytes forged = erasing(MINE, 0, Session.COUNTER_MAX);
    mine.merge(forged);
    Writer writer = new Writer(MINE, 0);
    yours.merge(mine.edit(writer, 1, 0, "kept"));
    yours.merge(forged);
    yours.merge(mine.change(writer, "(kept, too)"));
    assertThat(yours.text()).isEqualTo("(kept, too)").isEqualTo(mine.text());
    assertThat(yours.encode()).isEqualTo(mine.encode());
  }

  @Test
  void parentsInACircleStayOutAndHoldNothingUp() throws MalformedException {
    MergedText text = MergedText.of("()");
    text.merge(delta(new Piece(new Range(MINE, 0, 2), new Parent(8, 1, true), 0), 'a', 'b'));
    text.merge(delta(new Piece(new Range(8, 0, 2), new Parent(MINE, 1, false), 0), 'c', 'd'));
    text.merge(delta(new Piece(new Range(9, 0, 2), new Parent(9, 1, false), 0), 'e', 'f'));
    assertThat(text.text()).isEqualTo("()");
    text.edit(new Writer(1, 0), 1, 0, "x");
    assertThat(text.text()).isEqualTo("(x)");
    assertThat(MergedText.decode(text.encode()).encode()).isEqualTo(text.encode());
  }

  @Test
  void manySiblingsWithDeepTreesTakeNoLongerThanTheirNumber() throws MalformedException {
    int depth = 5_000;
    TreeMap<Long, Bytes> deltas = new TreeMap<>();
    for (int i = 0; i < depth; i++) {
      Parent above =
          i == 0 ? new Parent(Session.BASE, 0, false) : new Parent(MINE, 2L * i - 2, i % 3 == 0);
      deltas.put((long) i, delta(new Piece(new Range(MINE, 2L * i, 1), above, 0), 'a'));
    }
    MergedText text = MergedText.of("()");
    for (Bytes delta : deltas.descendingMap().values()) {
      text.merge(delta);
    }
    assertThat(text.length()).isEqualTo(2 + depth);
    List<Piece> siblings = new ArrayList<>();
    for (int i = 0; i < depth; i++) {
      Range ids = new Range(MINE + 1, 2L * i, 1);
      siblings.add(new Piece(ids, new Parent(Session.BASE, 0, false), i));
    }
    int[] points = new int[depth];
    Arrays.fill(points, 'b');
    text.merge(
        FragmentWriter.write(FragmentWriter.DELTA, new Fragment(siblings, points, List.of())));
    assertThat(text.text()).startsWith("()a").endsWith("a" + "b".repeat(depth));
  }

  @Test
  void manyForgedDeltasAreCheapUntilTheTextIsRead() throws MalformedException {
    int count = 20_000;
    List<Bytes> deltas = new ArrayList<>();
    int[] points = new int[count];
    Arrays.fill(points, 'a');
    deltas.add(delta(new Piece(new Range(MINE, 0, count), Parent.before(MINE + 1, 1), 0), points));
    deltas.add(delta(new Piece(new Range(MINE + 1, 0, 1), Parent.ROOT, 0), 'r'));
    for (int i = 1; i < count; i += 2) {
      Parent above = new Parent(MINE + 1, i % 3, i % 4 == 1);
      deltas.add(delta(new Piece(new Range(MINE, i, 1), above, 0), 'b'));
    }
    MergedText one = MergedText.of("()");
    MergedText other = MergedText.of("()");
    for (int i = 0; i < deltas.size(); i++) {
      one.merge(deltas.get(i));
      other.merge(deltas.get(deltas.size() - 1 - i));
    }
    assertThat(one.text()).contains("r").isEqualTo(other.text());
    assertThat(one.encode()).isEqualTo(other.encode());
    assertThat(MergedText.decode(one.encode()).text()).isEqualTo(one.text());
  }
}
