package sh.fazt.mesh.crdt.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;

/** The laws of a join, over several writers, beside the tree as the paper has it. */
class MergedTextTest {
  private static final int CASES = 8_000;
  private static final String[] BASES = {"", "x", "hello", "two\nlines\n", "😀€é"};

  @FunctionalInterface
  private interface Case {
    void run(Random random) throws Exception;
  }

  private static void forAll(int cases, Case law) {
    for (long seed = 0; seed < cases; seed++) {
      try {
        law.run(new Random(seed));
      } catch (Exception | AssertionError e) {
        throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
      }
    }
  }

  private static List<TextReplica> replicas(Random random) {
    String base = BASES[random.nextInt(BASES.length)];
    List<TextReplica> replicas = new ArrayList<>();
    for (int i = 3 + random.nextInt(3); i > 0; i--) {
      replicas.add(new TextReplica(base, random.nextLong()));
    }
    return replicas;
  }

  /** Edits of all, of which some arrive at others in between. */
  private static List<TextReplica.Delta> history(List<TextReplica> replicas, Random random)
      throws MalformedException {
    List<TextReplica.Delta> deltas = new ArrayList<>();
    for (int i = 3 + random.nextInt(20); i > 0; i--) {
      TextReplica replica = replicas.get(random.nextInt(replicas.size()));
      if (deltas.isEmpty() || random.nextBoolean()) {
        deltas.add(replica.edit(random));
      } else {
        replica.merge(deltas.get(random.nextInt(deltas.size())));
      }
    }
    return deltas;
  }

  @Test
  void replicasEndEqualAndAsThePaperHasItWhateverArrivesWhenAndHowOften() {
    forAll(
        CASES,
        random -> {
          List<TextReplica> replicas = replicas(random);
          List<TextReplica.Delta> deltas = history(replicas, random);
          TextReplica one = replicas.get(0);
          one.check();
          for (TextReplica replica : replicas) {
            Collections.shuffle(deltas, random);
            for (TextReplica.Delta delta : deltas) {
              replica.merge(delta);
            }
            assertThat(replica.merge(deltas.get(0))).isFalse();
          }
          one.check();
          for (TextReplica replica : replicas) {
            assertThat(replica.merged.text()).isEqualTo(one.naive.text());
            assertThat(replica.merged.encode()).isEqualTo(one.merged.encode());
          }
        });
  }

  @Test
  void joinIsCommutativeAssociativeAndIdempotent() {
    forAll(
        CASES,
        random -> {
          List<TextReplica> replicas = replicas(random);
          history(replicas, random);
          Bytes a = replicas.get(0).merged.encode();
          Bytes b = replicas.get(1).merged.encode();
          Bytes c = replicas.get(2).merged.encode();
          assertThat(joined(a, b)).isEqualTo(joined(b, a));
          assertThat(joined(joined(a, b), c)).isEqualTo(joined(a, joined(b, c)));
          assertThat(joined(a, a)).isEqualTo(a);
          assertThat(joined(joined(a, b), b)).isEqualTo(joined(a, b));
        });
  }

  @Test
  void joinOfStatesIsTheMergeOfTheirDeltas() {
    forAll(
        CASES / 2,
        random -> {
          List<TextReplica> replicas = replicas(random);
          List<TextReplica.Delta> deltas = history(replicas, random);
          TextReplica one = replicas.get(0);
          replicas.forEach(other -> one.merged.join(other.merged));
          TextReplica last = replicas.get(1);
          for (TextReplica.Delta delta : deltas) {
            last.merge(delta);
          }
          last.check();
          assertThat(one.merged.encode()).isEqualTo(last.merged.encode());
          assertThat(one.merged.text()).isEqualTo(last.merged.text());
        });
  }

  @Test
  void partOfTheDeltasGivesWhatThePaperHasOfThem() {
    forAll(
        CASES,
        random -> {
          List<TextReplica> replicas = replicas(random);
          List<TextReplica.Delta> deltas = history(replicas, random);
          TextReplica some = replicas.get(0);
          Collections.shuffle(deltas, random);
          for (TextReplica.Delta delta : deltas.subList(0, random.nextInt(deltas.size()))) {
            some.merge(delta);
            assertThat(some.merged.text()).isEqualTo(some.naive.text());
          }
          some.edit(random);
          some.check();
        });
  }

  /** Of deletions that move a border between spans, and children that hang on that border. */
  @Test
  void everyOrderOfAFewDeltasEndsAsThePaperHasIt() throws MalformedException {
    for (boolean backwards : new boolean[] {true, false}) {
      TextReplica author = new TextReplica("", 1);
      List<TextReplica.Delta> deltas = new ArrayList<>();
      deltas.add(author.edit(0, 0, "ab"));
      List<TextReplica> others = List.of(new TextReplica("", 2), new TextReplica("", 3));
      for (TextReplica other : others) {
        other.merge(deltas.get(0));
        deltas.add(other.edit(2, 0, "" + other.writer.session()));
      }
      deltas.add(author.edit(2, 0, "c"));
      deltas.add(author.edit(backwards ? 2 : 0, 1, ""));
      deltas.add(author.edit(backwards ? 1 : 0, 1, ""));
      for (TextReplica.Delta delta : deltas.subList(1, 3)) {
        author.merge(delta);
      }
      author.check();
      permute(deltas, 0, author);
    }
  }

  private static void permute(List<TextReplica.Delta> deltas, int from, TextReplica whole)
      throws MalformedException {
    if (from == deltas.size()) {
      TextReplica replica = new TextReplica("", 4);
      for (TextReplica.Delta delta : deltas) {
        replica.merge(delta);
        assertThat(replica.merged.text()).isEqualTo(replica.naive.text());
      }
      assertThat(replica.merged.encode()).isEqualTo(whole.merged.encode());
    }
    for (int i = from; i < deltas.size(); i++) {
      Collections.swap(deltas, from, i);
      permute(deltas, from + 1, whole);
      Collections.swap(deltas, from, i);
    }
  }

  @Test
  void changeGivesTheTextThatIsWantedHereAndThere() {
    forAll(
        CASES,
        random -> {
          List<TextReplica> replicas = replicas(random);
          history(replicas, random);
          TextReplica from = replicas.get(0);
          TextReplica to = replicas.get(1);
          MergedText twin = MergedText.decode(from.merged.encode());
          String wanted = to.merged.text() + to.merged.text();
          Bytes delta = from.merged.change(from.writer, wanted);
          assertThat(from.merged.text()).isEqualTo(wanted);
          twin.merge(delta);
          assertThat(twin.text()).isEqualTo(wanted);
          assertThat(twin.encode()).isEqualTo(from.merged.encode());
          assertThat(from.merged.change(from.writer, wanted)).isEqualTo(Bytes.EMPTY);
        });
  }

  private static Bytes joined(Bytes one, Bytes other) throws MalformedException {
    MergedText text = MergedText.decode(one);
    text.join(MergedText.decode(other));
    return text.encode();
  }
}
