package sh.fazt.mesh.crdt.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.crdt.text.Fragment.Parent;
import sh.fazt.mesh.crdt.text.Fragment.Piece;
import sh.fazt.mesh.crdt.text.Fragment.Range;

/** Bytes of states and deltas: one spelling each, nothing else is taken, and it costs no memory. */
class TextBytesTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final long MEMORY_MAX = 1 << 20;
  private static final int SEEDS = 20;

  @FunctionalInterface
  private interface Reader {
    void read(Bytes input) throws MalformedException;
  }

  /** Reads what has been damaged; says whether it was taken. */
  private static boolean isTaken(Bytes input, Reader reader) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    boolean taken = true;
    try {
      reader.read(input);
    } catch (MalformedException e) {
      assertThat(e.getMessage()).isNotBlank();
      taken = false;
    }
    long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
    assertThat(allocated).as("memory for %s", input).isLessThan(MEMORY_MAX);
    return taken;
  }

  private static List<Bytes> damaged(Bytes whole) {
    List<Bytes> damaged = new ArrayList<>();
    for (int at = 0; at < whole.size(); at++) {
      damaged.add(whole.slice(0, at));
      for (int bit = 0; bit < 8; bit++) {
        byte[] flipped = whole.toArray();
        flipped[at] ^= (byte) (1 << bit);
        damaged.add(Bytes.wrap(flipped));
      }
      for (int value : new int[] {0, 0x7f, 0x80, 0xff}) {
        byte[] other = whole.toArray();
        other[at] = (byte) value;
        damaged.add(Bytes.wrap(other));
      }
      Bytes rest = whole.slice(at, whole.size());
      damaged.add(Bytes.concat(whole.slice(0, at), Bytes.wrap(new byte[] {1}), rest));
      damaged.add(Bytes.concat(whole.slice(0, at), whole.slice(at + 1, whole.size())));
      damaged.add(Bytes.concat(whole.slice(0, at), varint(Session.COUNTER_MAX - 1), rest));
    }
    damaged.removeIf(whole::equals);
    return damaged;
  }

  private static TextReplica edited(long seed, List<TextReplica.Delta> deltas)
      throws MalformedException {
    Random random = new Random(seed);
    TextReplica one = new TextReplica(seed % 2 == 0 ? "" : "bäse", random.nextLong());
    TextReplica other = new TextReplica(seed % 2 == 0 ? "" : "bäse", random.nextLong());
    for (int i = 0; i < 8; i++) {
      deltas.add(one.edit(random));
      TextReplica.Delta theirs = other.edit(random);
      if (random.nextInt(3) > 0) {
        one.merge(theirs);
      }
    }
    deltas.removeIf(delta -> delta.bytes().isEmpty());
    return one;
  }

  @Test
  void damagedStateIsRefusedOrAnother() throws MalformedException {
    int taken = 0;
    for (long seed = 0; seed < SEEDS; seed++) {
      Bytes whole = edited(seed, new ArrayList<>()).merged.encode();
      for (Bytes each : damaged(whole)) {
        boolean isState =
            isTaken(
                each,
                input -> {
                  MergedText text = MergedText.decode(input);
                  assertThat(text.encode()).isEqualTo(input);
                  assertThat(text.text().codePoints()).hasSize(text.length());
                });
        taken += isState ? 1 : 0;
      }
    }
    assertThat(taken).isPositive();
  }

  @Test
  void damagedDeltaIsRefusedWithNothingChangedOrAnother() throws MalformedException {
    int taken = 0;
    for (long seed = 0; seed < SEEDS; seed++) {
      List<TextReplica.Delta> deltas = new ArrayList<>();
      Bytes state = edited(seed, deltas).merged.encode();
      for (TextReplica.Delta delta : deltas.subList(0, Math.min(3, deltas.size()))) {
        for (Bytes each : damaged(delta.bytes())) {
          MergedText text = MergedText.decode(state);
          boolean isDelta = isTaken(each, text::merge);
          taken += isDelta ? 1 : 0;
          if (!isDelta) {
            assertThat(text.encode()).isEqualTo(state);
          }
          assertThat(MergedText.decode(text.encode()).text()).isEqualTo(text.text());
        }
      }
    }
    assertThat(taken).isPositive();
  }

  @Test
  void deltaHasOneSpelling() throws MalformedException {
    for (long seed = 0; seed < SEEDS; seed++) {
      List<TextReplica.Delta> deltas = new ArrayList<>();
      edited(seed, deltas);
      for (TextReplica.Delta delta : deltas) {
        for (Bytes each : damaged(delta.bytes())) {
          isTaken(
              each,
              input -> {
                Fragment read = FragmentReader.read(FragmentWriter.DELTA, input);
                assertThat(FragmentWriter.write(FragmentWriter.DELTA, read)).isEqualTo(input);
              });
        }
      }
    }
  }

  @Test
  void lengthsThatTheTextDoesNotHaveAreRefused() {
    for (long length : new long[] {2, 1L << 31, (1L << 32) + 1, (1L << 61) + 1}) {
      Bytes run = run(length << 1 | 1, 4);
      Bytes stretches = Bytes.concat(run(2 * length + 3, 6), varint(length), varint(1));
      for (Bytes each : List.of(run, stretches)) {
        Bytes input = Bytes.concat(each, Bytes.utf8("x"));
        assertThat(isTaken(input, MergedText.of("")::merge)).as("length %d", length).isFalse();
      }
    }
    assertThat(isTaken(Bytes.concat(run(3, 4), Bytes.utf8("x")), MergedText.of("")::merge))
        .isTrue();
  }

  /** A delta of one run, but for its text. */
  private static Bytes run(long length, int head) {
    ByteWriter out = new ByteWriter();
    return out.u8(FragmentWriter.DELTA)
        .varint(2)
        .u64(7)
        .varint(head)
        .varint(5)
        .varint(length)
        .toBytes();
  }

  private static Bytes varint(long value) {
    return new ByteWriter().varint(value).toBytes();
  }

  @Test
  void statesThatNameWhatTheirBaseDoesNotHaveAreRefused() {
    Piece base = new Piece(new Range(Session.BASE, 0, 2), Parent.ROOT, 0);
    Piece within = new Piece(new Range(7, 0, 1), new Parent(Session.BASE, 1, false), 2);
    Piece beyond = new Piece(new Range(7, 0, 1), new Parent(Session.BASE, 2, false), 2);
    Piece apart = new Piece(new Range(Session.BASE, 3, 1), Parent.before(Session.BASE, 3), 2);
    Piece loose = new Piece(new Range(Session.BASE, 2, 1), new Parent(7, 0, false), 2);
    List<Range> erased = List.of(new Range(Session.BASE, 2, 1));
    assertThat(isTaken(state(List.of(base, within), List.of()), MergedText::decode)).isTrue();
    for (Piece each : List.of(beyond, apart, loose)) {
      assertThat(isTaken(state(List.of(base, each), List.of()), MergedText::decode)).isFalse();
    }
    assertThat(isTaken(state(List.of(base, within), erased), MergedText::decode)).isFalse();
  }

  private static Bytes state(List<Piece> pieces, List<Range> erased) {
    Fragment fragment = new Fragment(pieces, new int[] {'a', 'b', 'c'}, erased);
    return FragmentWriter.write(FragmentWriter.STATE, fragment);
  }

  @Test
  void sectionsOfNothingAreRefused() {
    ByteWriter base = new ByteWriter().u8(FragmentWriter.DELTA).varint(3).u64(7).varint(0);
    base.varint(4).varint(5).varint(3).u8('x');
    assertThat(isTaken(base.toBytes(), MergedText.of("")::merge)).isFalse();
    ByteWriter session = new ByteWriter().u8(FragmentWriter.DELTA).varint(4).u64(7).u64(8);
    session.varint(4).varint(5).varint(3).varint(0).u8('x');
    assertThat(isTaken(session.toBytes(), MergedText.of("")::merge)).isFalse();
  }

  @Test
  void noiseIsRefused() {
    Random random = new Random(1);
    for (int i = 0; i < 20_000; i++) {
      byte[] noise = new byte[1 + random.nextInt(40)];
      random.nextBytes(noise);
      noise[0] = (byte) (1 + random.nextInt(2));
      if (random.nextBoolean() && noise.length > 1) {
        noise[1] = (byte) random.nextInt(2);
      }
      Bytes input = Bytes.wrap(noise);
      isTaken(input, MergedText::decode);
      isTaken(input, MergedText.of("base")::merge);
    }
  }

  @Test
  void statesAndDeltasAreNotTakenForEachOther() {
    MergedText text = MergedText.of("base");
    Bytes delta = text.edit(new Writer(1, 0), 0, 0, "x");
    assertThatThrownBy(() -> MergedText.decode(delta)).isInstanceOf(MalformedException.class);
    assertThatThrownBy(() -> text.merge(text.encode())).isInstanceOf(MalformedException.class);
    assertThatThrownBy(() -> MergedText.decode(Bytes.EMPTY)).isInstanceOf(MalformedException.class);
  }

  @Test
  void deltaOfAnotherBaseIsRefused() {
    Bytes delta = MergedText.of("a long base").edit(new Writer(1, 0), 8, 1, "x");
    MergedText text = MergedText.of("base");
    assertThatThrownBy(() -> text.merge(delta)).hasMessageContaining("in a base of 4");
    assertThatThrownBy(() -> text.join(MergedText.of("other")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(text.text()).isEqualTo("base");
  }

  @Test
  void aTypedCharacterCostsTwentyBytesAtMost() {
    MergedText text = MergedText.of("some text");
    Writer writer = new Writer(-5, 2_000_000);
    text.edit(writer, 4, 0, "x");
    for (int i = 5; i < 100; i++) {
      assertThat(text.edit(writer, i, 0, "y").size()).isLessThanOrEqualTo(20);
    }
    assertThat(text.edit(writer, 0, 1, "").size()).isLessThanOrEqualTo(10);
  }

  @Test
  void whatWasDeletedIsKeptNowhere() {
    MergedText text = MergedText.of("base and secret");
    text.edit(new Writer(1, 0), 4, 0, ", password, ");
    text.edit(new Writer(2, 0), 4, text.length() - 4, "");
    assertThat(text.encode().asUtf8()).contains("base").doesNotContain("secret", "password");
  }

  @Test
  void everyCodePointButSurrogatesIsCarried() throws MalformedException {
    int[] points =
        java.util.stream.IntStream.rangeClosed(0, Character.MAX_CODE_POINT)
            .filter(point -> point < Character.MIN_SURROGATE || point > Character.MAX_SURROGATE)
            .toArray();
    String all = new String(points, 0, points.length);
    MergedText text = MergedText.of("");
    MergedText other = MergedText.of("");
    other.merge(text.edit(new Writer(1, 0), 0, 0, all));
    assertThat(other.text()).isEqualTo(all);
    assertThat(MergedText.decode(other.encode()).text()).isEqualTo(all);
    assertThat(MergedText.decode(MergedText.of(all).encode()).text()).isEqualTo(all);
  }

  @Test
  void aLoneSurrogateIsRefused() {
    MergedText text = MergedText.of("base");
    Writer writer = new Writer(1, 0);
    for (String lone : List.of("\ud800", "a\udc00b", "\udc00\ud800", "a\ud83d")) {
      assertThatThrownBy(() -> MergedText.of(lone)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> text.edit(writer, 0, 1, lone))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> text.change(writer, lone))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(text.text()).isEqualTo("base");
    assertThat(writer.next()).isZero();
  }

  @Test
  void placesOutsideTheTextAreRefused() {
    MergedText text = MergedText.of("base");
    for (int[] place : new int[][] {{-1, 0}, {5, 0}, {0, 5}, {4, 1}, {0, -1}, {1, 0x7fff_ffff}}) {
      assertThatThrownBy(() -> text.edit(new Writer(1, 0), place[0], place[1], ""))
          .as(Arrays.toString(place))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
