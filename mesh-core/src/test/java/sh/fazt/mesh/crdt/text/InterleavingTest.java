package sh.fazt.mesh.crdt.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;

/** What becomes of what two write at one place, or one deletes where the other writes. */
class InterleavingTest {
  private static final int SESSIONS = 6;

  @Test
  void whatTwoTypeForwardsAtOnePlaceStaysTogether() throws MalformedException {
    for (int session = 1; session < SESSIONS; session++) {
      Pair pair = new Pair("()", session);
      pair.typeForwards(0, 1, "hello");
      pair.typeForwards(1, 1, "world");
      assertThat(pair.merged()).isIn("(helloworld)", "(worldhello)");
    }
  }

  @Test
  void whatTwoTypeBackwardsAtOnePlaceStaysTogether() throws MalformedException {
    for (int session = 1; session < SESSIONS; session++) {
      Pair pair = new Pair("()", session);
      pair.typeBackwards(0, 1, "hello");
      pair.typeBackwards(1, 1, "world");
      assertThat(pair.merged()).isIn("(helloworld)", "(worldhello)");
    }
  }

  @Test
  void whatOneTypesForwardsAndTheOtherBackwardsStaysTogether() throws MalformedException {
    for (int session = 1; session < SESSIONS; session++) {
      Pair pair = new Pair("", session);
      pair.typeForwards(0, 0, "hello");
      pair.typeBackwards(1, 0, "world");
      assertThat(pair.merged()).isIn("helloworld", "worldhello");
    }
  }

  @Test
  void whatIsTypedOnBothSidesOfAWordStaysOnItsSides() throws MalformedException {
    Pair pair = new Pair("b", 1);
    pair.typeForwards(0, 0, "aa ");
    pair.typeForwards(1, 1, " cc");
    assertThat(pair.merged()).isEqualTo("aa b cc");
  }

  @Test
  void whatIsTypedIntoADeletedPassageStays() throws MalformedException {
    Pair pair = new Pair("one two three", 1);
    pair.edit(0, 0, 13, "");
    pair.typeForwards(1, 7, " and a half");
    assertThat(pair.merged()).isEqualTo(" and a half");
  }

  @Test
  void whatBothDeleteGoesOnce() throws MalformedException {
    Pair pair = new Pair("one two three", 1);
    pair.edit(0, 0, 8, "");
    pair.edit(1, 4, 9, "");
    assertThat(pair.merged()).isEmpty();
    Pair other = new Pair("one two three", 1);
    other.edit(0, 4, 4, "");
    other.edit(1, 4, 4, "2 ");
    assertThat(other.merged()).isEqualTo("one 2 three");
  }

  @Test
  void whatIsTypedAfterADeletionStandsWhereTheDeletedWas() throws MalformedException {
    Pair pair = new Pair("a b c", 1);
    pair.edit(0, 2, 1, "");
    pair.edit(0, 2, 0, "x");
    pair.edit(1, 3, 0, "!");
    assertThat(pair.merged()).isEqualTo("a x! c");
  }

  @Test
  void changesOfTwoLinesByTwoAreBothThere() throws MalformedException {
    Pair pair = new Pair("first line\nsecond line\nthird line\n", 1);
    pair.change(0, "first line\nsecond line, edited\nthird line\n");
    pair.change(1, "line zero\nfirst line\nsecond line\n3rd line\n");
    assertThat(pair.merged()).isEqualTo("line zero\nfirst line\nsecond line, edited\n3rd line\n");
  }

  @Test
  void orphansAppearOnceTheirParentsAreThere() throws MalformedException {
    MergedText author = MergedText.of("[]");
    Writer writer = new Writer(9, 100);
    Bytes first = author.edit(writer, 1, 0, "abc");
    Bytes second = author.edit(writer, 2, 0, "x");
    Bytes third = author.edit(writer, 3, 2, "y");
    MergedText late = MergedText.of("[]");
    assertThat(late.merge(third)).isTrue();
    assertThat(late.merge(second)).isTrue();
    assertThat(late.text()).isEqualTo("[]");
    MergedText copy = MergedText.decode(late.encode());
    for (MergedText each : List.of(late, copy)) {
      assertThat(each.merge(first)).isTrue();
      assertThat(each.text()).isEqualTo("[axy]").isEqualTo(author.text());
      assertThat(each.encode()).isEqualTo(author.encode());
      assertThat(each.merge(second)).isFalse();
    }
  }

  @Test
  void oneWriterServesManyTexts() throws MalformedException {
    Writer writer = new Writer(9, 0);
    MergedText one = MergedText.of("");
    MergedText other = MergedText.of("");
    List<Bytes> deltas = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      deltas.add(one.edit(writer, i, 0, "a"));
      other.edit(writer, 0, 0, "bb");
    }
    assertThat(writer.next()).isEqualTo(30);
    MergedText copy = MergedText.of("");
    for (Bytes delta : deltas) {
      copy.merge(delta);
    }
    assertThat(copy.text()).isEqualTo("aaaaaaaaaa");
    assertThat(copy.encode()).isEqualTo(one.encode());
  }

  /** Two that write without knowing of each other. */
  private static final class Pair {
    private final List<MergedText> texts;
    private final List<Writer> writers;
    private final List<List<Bytes>> deltas = List.of(new ArrayList<>(), new ArrayList<>());

    /** The first has the session, the second is 3: before or after the other's. */
    Pair(String base, long session) {
      texts = List.of(MergedText.of(base), MergedText.of(base));
      writers = List.of(new Writer(session == 3 ? -1 : session, 0), new Writer(3, 0));
    }

    void edit(int who, int at, int deleted, String inserted) {
      deltas.get(who).add(texts.get(who).edit(writers.get(who), at, deleted, inserted));
    }

    void change(int who, String wanted) {
      deltas.get(who).add(texts.get(who).change(writers.get(who), wanted));
    }

    void typeForwards(int who, int at, String typed) {
      for (int i = 0; i < typed.length(); i++) {
        edit(who, at + i, 0, typed.substring(i, i + 1));
      }
    }

    void typeBackwards(int who, int at, String typed) {
      for (int i = typed.length(); i > 0; i--) {
        edit(who, at, 0, typed.substring(i - 1, i));
      }
    }

    String merged() throws MalformedException {
      for (int who = 0; who < 2; who++) {
        for (Bytes delta : deltas.get(1 - who)) {
          texts.get(who).merge(delta);
        }
      }
      assertThat(texts.get(0).encode()).isEqualTo(texts.get(1).encode());
      assertThat(texts.get(0).text()).isEqualTo(texts.get(1).text());
      return texts.get(0).text();
    }
  }
}
