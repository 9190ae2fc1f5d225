package sh.fazt.mesh.fingerprint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.bytes.ByteReader;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.Hash;
import sh.fazt.mesh.bytes.MalformedException;

class ReconciliationTest {
  private static final int CASES = 2_000;

  /** A row of a test: what its key hashes to, and what its content does. */
  private record Row(Bytes key, Bytes content) {}

  private static Row draw(Random random) {
    byte[] key = new byte[32];
    byte[] content = new byte[32];
    random.nextBytes(key);
    random.nextBytes(content);
    return new Row(Bytes.wrap(key), Bytes.wrap(content));
  }

  private static StateSet set(List<Row> rows) {
    StateSet.Builder builder = new StateSet.Builder();
    rows.forEach(
        row -> {
          byte[] content = row.content().toArray();
          if (content[0] > 0) {
            builder.addMerged(row.key().toArray(), content);
          }
          if (content[0] <= 0 || content[1] > 0) {
            builder.addShown(row.key().toArray(), content);
          }
        });
    return builder.build();
  }

  private static long id(Row row) {
    return StateSet.id(row.key().toArray());
  }

  /** What came of a search. */
  private record Found(Set<Long> ids, int exchanges, long bytes, boolean cut) {}

  private static Found reconcile(StateSet ours, StateSet theirs) throws MalformedException {
    Reconciliation search = new Reconciliation(ours, theirs.root());
    int exchanges = 1;
    long bytes = size(new StateAnswer.Root(Hash.ZERO, theirs.root()));
    for (List<Prefix> asked = search.next(); !asked.isEmpty(); asked = search.next()) {
      StateQuestion question = new StateQuestion.Ranges(theirs.root().hash(), asked);
      StateAnswer.Ranges answer =
          new StateAnswer.Ranges(asked.stream().map(theirs::range).toList());
      exchanges++;
      bytes += size(question) + size(answer);
      search.on(((StateAnswer.Ranges) reread(answer)).ranges());
    }
    return new Found(new TreeSet<>(search.differing()), exchanges, bytes, search.isCut());
  }

  private static long size(StateQuestion question) {
    ByteWriter out = new ByteWriter();
    question.writeTo(out);
    return out.size();
  }

  private static long size(StateAnswer answer) {
    ByteWriter out = new ByteWriter();
    answer.writeTo(out);
    return out.size();
  }

  private static StateAnswer reread(StateAnswer answer) throws MalformedException {
    ByteWriter out = new ByteWriter();
    answer.writeTo(out);
    ByteReader in = new ByteReader(out.toBytes());
    StateAnswer read = StateAnswer.readFrom(in);
    in.end();
    return read;
  }

  private static List<Row> rows(Random random, int count) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rows.add(draw(random));
    }
    return rows;
  }

  @Test
  void equalSetsNeedOneExchangeWhateverTheOrder() throws MalformedException {
    for (long seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      List<Row> rows = rows(random, random.nextInt(400));
      List<Row> other = new ArrayList<>(rows);
      Collections.shuffle(other, random);
      Found found = reconcile(set(rows), set(other));
      assertThat(found.ids()).as("seed " + seed).isEmpty();
      assertThat(found.exchanges()).isOne();
      assertThat(found.bytes()).isLessThan(128);
    }
  }

  @Test
  void exactlyTheRowsThatDifferAreFound() throws MalformedException {
    for (long seed = 0; seed < CASES; seed++) {
      Random random = new Random(seed);
      List<Row> ours = rows(random, random.nextInt(300));
      List<Row> theirs = new ArrayList<>();
      Set<Long> differing = new TreeSet<>();
      for (Row row : ours) {
        int fate = random.nextInt(20);
        if (fate == 0) {
          theirs.add(new Row(row.key(), draw(random).content()));
        } else if (fate > 1) {
          theirs.add(row);
        }
        if (fate <= 1) {
          differing.add(id(row));
        }
      }
      for (Row row : rows(random, random.nextInt(10))) {
        theirs.add(row);
        differing.add(id(row));
      }
      Found found = reconcile(set(ours), set(theirs));
      assertThat(found.ids()).as("seed " + seed).isEqualTo(differing);
      assertThat(found.cut()).isFalse();
      assertThat(reconcile(set(theirs), set(ours)).ids()).as("seed " + seed).isEqualTo(differing);
    }
  }

  @Test
  void oneDifferenceAmongManyCostsLittle() throws MalformedException {
    Random random = new Random(1);
    List<Row> rows = rows(random, 200_000);
    StateSet ours = set(rows);
    for (int count : new int[] {1, 10, 100}) {
      List<Row> other = new ArrayList<>(rows);
      for (int i = 0; i < count; i++) {
        other.set(i * 1_000, new Row(rows.get(i * 1_000).key(), draw(random).content()));
      }
      Found found = reconcile(ours, set(other));
      assertThat(found.ids()).hasSize(count);
      // 200,000 rows are five levels of sixteen parts, each of 33 bytes and more.
      assertThat(found.bytes()).isLessThan(500 + count * 5L * 16 * 36);
      assertThat(found.exchanges()).isLessThanOrEqualTo(6 + count * 5 / StateLimits.RANGES_MAX);
    }
  }

  @Test
  void whoChoosesKeysThatBeginAlikeMakesNothingSlowOrWrong() throws MalformedException {
    Random random = new Random(2);
    List<Row> rows = new ArrayList<>();
    byte[] key = new byte[32];
    for (int i = 0; i < 50_000; i++) {
      key[7] = (byte) i;
      key[6] = (byte) (i >> 8);
      rows.add(new Row(Bytes.copyOf(key), draw(random).content()));
    }
    List<Row> other = new ArrayList<>(rows);
    other.remove(7);
    Collections.shuffle(other, random);
    Found found = reconcile(set(rows), set(other));
    assertThat(found.ids()).containsExactly(id(rows.get(7)));
    assertThat(found.exchanges()).isLessThanOrEqualTo(1 + Prefix.DIGITS_MAX + 1);
  }

  @Test
  void rowsOfOneIdAreOrderedByTheirContent() {
    Random random = new Random(3);
    List<Row> rows = new ArrayList<>();
    Bytes key = draw(random).key();
    for (int i = 0; i < 5; i++) {
      rows.add(new Row(key, draw(random).content()));
    }
    List<Row> other = new ArrayList<>(rows);
    Collections.reverse(other);
    assertThat(set(rows).root()).isEqualTo(set(other).root());
    assertThat(set(rows.subList(1, 5)).root()).isNotEqualTo(set(other).root());
  }

  @Test
  void searchEndsWhereTooMuchDiffers() throws MalformedException {
    Random random = new Random(4);
    Found found = reconcile(set(rows(random, 20_000)), set(rows(random, 20_000)));
    assertThat(found.cut()).isTrue();
    assertThat(found.ids()).hasSize(StateLimits.DIFFERENCES_MAX);
    assertThat(found.exchanges()).isLessThan(200);
  }

  @Test
  void exactlyAsManyAsMayDifferAreAllFound() throws MalformedException {
    List<Row> rows = rows(new Random(5), StateLimits.DIFFERENCES_MAX);
    Found found = reconcile(set(rows), set(List.of()));
    assertThat(found.cut()).isFalse();
    assertThat(found.ids()).hasSize(StateLimits.DIFFERENCES_MAX);
  }

  @Test
  void peerThatAlwaysClaimsMoreIsGivenUp() throws MalformedException {
    StateSet ours = set(List.of());
    Fingerprint lie = new Fingerprint(1_000_000, Hash.of(Bytes.utf8("lie")));
    Reconciliation search = new Reconciliation(ours, lie);
    int questions = 0;
    for (List<Prefix> asked = search.next(); !asked.isEmpty(); asked = search.next()) {
      questions++;
      List<StateRange> lies = new ArrayList<>();
      for (Prefix prefix : asked) {
        lies.add(
            prefix.digits() == Prefix.DIGITS_MAX
                ? new StateRange.Items(List.of())
                : new StateRange.Parts(Collections.nCopies(16, lie)));
      }
      search.on(lies);
    }
    assertThat(questions).isEqualTo(StateLimits.QUESTIONS_MAX);
    assertThat(search.isCut()).isTrue();
    assertThat(search.differing()).isEmpty();
  }

  @Test
  void answersThatAnswerNothingAreMalformed() {
    StateSet ours = set(rows(new Random(6), 100));
    Fingerprint other = new Fingerprint(1, Hash.ZERO);
    Reconciliation search = new Reconciliation(ours, other);
    assertThat(search.next()).containsExactly(Prefix.ALL);
    assertThatThrownBy(() -> search.on(List.of())).isInstanceOf(MalformedException.class);
    Reconciliation deep = new Reconciliation(ours, other);
    StateItem outside = new StateItem(-1, Bytes.wrap(new byte[StateItem.DIGEST_BYTES]));
    deep.next();
    List<Fingerprint> parts =
        new ArrayList<>(Collections.nCopies(16, new Fingerprint(0, Hash.ZERO)));
    parts.set(0, other);
    assertThatThrownBy(
            () -> {
              deep.on(List.of(new StateRange.Parts(parts)));
              assertThat(deep.next()).containsExactly(Prefix.ALL.child(0));
              deep.on(List.of(new StateRange.Items(List.of(outside))));
            })
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("outside");
  }
}
