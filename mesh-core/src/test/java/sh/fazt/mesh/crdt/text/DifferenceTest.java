package sh.fazt.mesh.crdt.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class DifferenceTest {
  private static final int CASES = 30_000;
  private static final int MILLION = 1_000_000;

  private static List<Difference.Edit> between(String old, String wanted) {
    return Difference.between(CodePoints.of(old), CodePoints.of(wanted));
  }

  /** The old text with each edit in brackets: what goes, a bar, what comes. */
  private static String shown(String old, String wanted) {
    int[] points = CodePoints.of(wanted);
    StringBuilder shown = new StringBuilder();
    int at = 0;
    for (Difference.Edit edit : between(old, wanted)) {
      shown.append(old, at, edit.at()).append('[');
      at = edit.at() + edit.deleted();
      shown.append(old, edit.at(), at).append('|');
      shown.append(new String(points, edit.from(), edit.inserted())).append(']');
    }
    return shown.append(old, at, old.length()).toString();
  }

  private static int[] applied(int[] old, int[] wanted) {
    StringBuilder text = new StringBuilder();
    int at = 0;
    for (Difference.Edit edit : Difference.between(old, wanted)) {
      assertThat(edit.at()).isGreaterThanOrEqualTo(at);
      assertThat(edit.deleted() + edit.inserted()).isPositive();
      text.append(new String(old, at, edit.at() - at));
      text.append(new String(wanted, edit.from(), edit.inserted()));
      at = edit.at() + edit.deleted();
    }
    return text.append(new String(old, at, old.length - at)).toString().codePoints().toArray();
  }

  private static String draw(Random random, int most, int letters) {
    return random
        .ints(random.nextInt(most + 1), 0, letters)
        .mapToObj(i -> i == 0 ? "\n" : i == 1 ? " " : Character.toString('a' + i))
        .collect(Collectors.joining());
  }

  /** The old text with a few edits. */
  private static String edited(String old, Random random) {
    StringBuilder text = new StringBuilder(old);
    for (int i = random.nextInt(4); i > 0; i--) {
      int at = random.nextInt(text.length() + 1);
      int end = Math.min(text.length(), at + random.nextInt(6));
      text.replace(at, end, draw(random, 5, 6));
    }
    return text.toString();
  }

  /** Insertions and deletions of a shortest path, by the table of all. */
  private static int fewest(String old, String wanted) {
    int[][] common = new int[old.length() + 1][wanted.length() + 1];
    for (int i = 1; i <= old.length(); i++) {
      for (int j = 1; j <= wanted.length(); j++) {
        common[i][j] =
            old.charAt(i - 1) == wanted.charAt(j - 1)
                ? common[i - 1][j - 1] + 1
                : Math.max(common[i - 1][j], common[i][j - 1]);
      }
    }
    return old.length() + wanted.length() - 2 * common[old.length()][wanted.length()];
  }

  @Test
  void editsLeadFromOneTextToTheOther() {
    for (long seed = 0; seed < CASES; seed++) {
      Random random = new Random(seed);
      String old = draw(random, 40, 2 + random.nextInt(6));
      String wanted = random.nextBoolean() ? draw(random, 40, 6) : edited(old, random);
      int[] goal = CodePoints.of(wanted);
      assertThat(applied(CodePoints.of(old), goal)).as("seed %d", seed).isEqualTo(goal);
    }
  }

  @Test
  void noPathIsShorter() {
    for (long seed = 0; seed < CASES; seed++) {
      Random random = new Random(seed);
      String old = draw(random, 20, 2 + random.nextInt(4));
      String wanted = random.nextBoolean() ? draw(random, 20, 4) : edited(old, random);
      int[] from = CodePoints.of(old);
      int[] to = CodePoints.of(wanted);
      var box = new ShortestEdits.Hunk(0, from.length, 0, to.length);
      int edits =
          ShortestEdits.within(box, from, to, Long.MAX_VALUE).orElseThrow().stream()
              .mapToInt(hunk -> hunk.deleted() + hunk.inserted())
              .sum();
      assertThat(edits).as("seed %d", seed).isEqualTo(fewest(old, wanted));
    }
  }

  @Test
  void equalTextsDifferInNothing() {
    assertThat(between("", "")).isEmpty();
    assertThat(between("same 😀", "same 😀")).isEmpty();
  }

  @Test
  void eachEditStaysByItself() {
    assertThat(shown("one two three", "one 2 three, four")).isEqualTo("one [two|2] three[|, four]");
    assertThat(shown("f(x)", "f(g(x))")).isEqualTo("f([|g(]x)[|)]");
    assertThat(shown("aXbYc", "abc")).isEqualTo("a[X|]b[Y|]c");
  }

  @Test
  void wholeLinesAreInsertedAndDeletedAsLines() {
    assertThat(shown("{\n  a\n}\n", "{\n  a\n}\n{\n  b\n}\n"))
        .isEqualTo("{\n  a\n}\n[|{\n  b\n}\n]");
    assertThat(shown("x\nab\nac\ny\n", "x\nac\ny\n")).isEqualTo("x\n[ab\n|]ac\ny\n");
    assertThat(shown("- one\n- two\n", "- one\n- new\n- two\n"))
        .isEqualTo("- one\n[|- new\n]- two\n");
  }

  @Test
  void wholeWordsAreInsertedAndDeletedAsWords() {
    assertThat(shown("the tea", "the tall tea")).isEqualTo("the [|tall ]tea");
    assertThat(shown("a big bad wolf", "a bad wolf")).isEqualTo("a [big |]bad wolf");
  }

  @Test
  void rewrittenPassagesAreReplacedAsOne() {
    assertThat(shown("say: quick brown foxes.", "say: lazy dogs who sleep."))
        .isEqualTo("say: [quick brown foxes|lazy dogs who sleep].");
  }

  /** The bound of work is counted, not timed: what matters is that lines and all are reached. */
  @Test
  void largeTextsAreDifferencedWhateverTheyHaveInCommon() {
    Random random = new Random(1);
    String one = prose(random, MILLION);
    String other = prose(random, MILLION);
    String letters =
        random.ints(MILLION, 'a', 'c').mapToObj(Character::toString).collect(Collectors.joining());
    String more =
        random.ints(MILLION, 'b', 'd').mapToObj(Character::toString).collect(Collectors.joining());
    for (String[] pair :
        new String[][] {
          {one, other},
          {letters, more},
          {one, ""},
          {"", one},
          {one, one + other},
          {one, letters},
          {"a".repeat(MILLION), "a".repeat(MILLION / 2) + "b" + "a".repeat(MILLION / 2)},
          {"ab".repeat(MILLION / 2), "ba".repeat(MILLION / 2)},
          {"\n".repeat(MILLION), "x\n".repeat(MILLION / 2)},
        }) {
      int[] goal = CodePoints.of(pair[1]);
      assertThat(applied(CodePoints.of(pair[0]), goal)).isEqualTo(goal);
    }
  }

  @Test
  void aLargeTextWithManyChangedLinesChangesInThoseLinesAlone() {
    Random random = new Random(2);
    String[] lines = prose(random, MILLION).split("\n", -1);
    String old = String.join("\n", lines);
    int changed = 0;
    for (int i = 0; i < lines.length; i += 3) {
      lines[i] = prose(random, 60).replace('\n', ' ');
      changed += lines[i].length();
    }
    int[] goal = CodePoints.of(String.join("\n", lines));
    List<Difference.Edit> edits = Difference.between(CodePoints.of(old), goal);
    assertThat(edits).hasSizeGreaterThan(1_000);
    assertThat(edits.stream().mapToInt(Difference.Edit::inserted).sum())
        .isLessThanOrEqualTo(changed + lines.length);
  }

  @Test
  void aLargeTextThatIsIndentedKeepsItsLines() {
    String old = prose(new Random(3), MILLION);
    String wanted = "  " + old.replace("\n", "\n  ");
    List<Difference.Edit> edits = between(old, wanted);
    assertThat(edits.stream().mapToInt(Difference.Edit::deleted).sum()).isLessThan(MILLION / 10);
    assertThat(edits).hasSizeGreaterThan(1_000);
  }

  @Test
  void depthOfTheSearchIsNoDepthOfTheStack() {
    String old = "ab".repeat(1_500);
    String wanted = "ba".repeat(1_400) + "c".repeat(300);
    assertThatCode(() -> between(old, wanted)).doesNotThrowAnyException();
  }

  private static String prose(Random random, int size) {
    StringBuilder text = new StringBuilder(size);
    while (text.length() < size) {
      for (int i = 2 + random.nextInt(8); i > 0; i--) {
        text.append((char) ('a' + random.nextInt(26)));
      }
      text.append(random.nextInt(9) == 0 ? '\n' : ' ');
    }
    text.setLength(size);
    return text.toString();
  }
}
