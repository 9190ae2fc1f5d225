package sh.fazt.mesh.crdt.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;

/** Long texts, deep trees and many deltas. Nothing here is timed: what is not linear would hang. */
class LargeTextTest {
  private static final int MILLION = 1_000_000;
  private static final int MANY = 100_000;

  @Test
  void aMillionCodePointsAreEditedAnywhere() throws MalformedException {
    String base = "line of text\n".repeat(MILLION / 13);
    MergedText text = MergedText.of(base);
    MergedText other = MergedText.of(base);
    StringBuilder plain = new StringBuilder(base);
    Random random = new Random(1);
    Writer writer = new Writer(1, 0);
    for (int i = 0; i < 2_000; i++) {
      int at = random.nextInt(plain.length() - 10);
      int deleted = random.nextInt(10);
      plain.replace(at, at + deleted, "new");
      other.merge(text.edit(writer, at, deleted, "new"));
    }
    assertThat(text.text()).isEqualTo(plain.toString());
    assertThat(other.encode()).isEqualTo(text.encode());
    assertThat(MergedText.decode(text.encode()).text()).isEqualTo(plain.toString());
  }

  @Test
  void aMillionElementsInOneChain() throws MalformedException {
    MergedText text = MergedText.of("");
    MergedText other = MergedText.of("");
    Writer writer = new Writer(1, 0);
    for (int i = 0; i < MILLION; i += 10) {
      other.merge(text.edit(writer, i, 0, "0123456789"));
    }
    assertThat(text.text()).isEqualTo("0123456789".repeat(MILLION / 10)).isEqualTo(other.text());
    Bytes state = text.encode();
    assertThat(state.size()).isLessThan(MILLION + 100);
    assertThat(MergedText.decode(state).encode()).isEqualTo(state);
    other.edit(new Writer(2, 0), MILLION / 2, 1, "!");
    text.join(other);
    assertThat(text.encode()).isEqualTo(other.encode());
  }

  @Test
  void aChainTypedBackwardsIsAsDeepAndNothingRecurses() throws MalformedException {
    MergedText text = MergedText.of("");
    Writer writer = new Writer(1, 0);
    List<Bytes> deltas = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      deltas.add(text.edit(writer, 0, 0, i % 2 == 0 ? "a" : "b"));
    }
    assertThat(text.text()).isEqualTo("ba".repeat(MANY / 2));
    assertThat(MergedText.decode(text.encode()).text()).isEqualTo(text.text());
    Collections.reverse(deltas);
    assertThat(merged(deltas).encode()).isEqualTo(text.encode());
  }

  @Test
  void manyDeltasArriveInAnyOrder() throws MalformedException {
    MergedText text = MergedText.of("");
    Writer writer = new Writer(1, 0);
    List<Bytes> deltas = new ArrayList<>();
    Random random = new Random(1);
    for (int i = 0; i < MANY / 2; i++) {
      boolean deletes = text.length() > 100 && random.nextInt(3) == 0;
      int at = random.nextInt(text.length() + (deletes ? 0 : 1));
      deltas.add(text.edit(writer, at, deletes ? 1 : 0, deletes ? "" : "x"));
    }
    Collections.shuffle(deltas, random);
    MergedText other = merged(deltas);
    assertThat(other.text()).isEqualTo(text.text());
    assertThat(other.encode()).isEqualTo(text.encode());
  }

  @Test
  void twoWhoRewriteAMillionCodePointsEndEqual() throws MalformedException {
    String base = "some line\n".repeat(MILLION / 10);
    MergedText one = MergedText.of(base);
    MergedText other = MergedText.of(base);
    Bytes first = one.change(new Writer(1, 0), "another line\n".repeat(MILLION / 13));
    Bytes second = other.change(new Writer(2, 0), base.replace("e l", "e long l"));
    one.merge(second);
    other.merge(first);
    assertThat(one.text()).isEqualTo(other.text());
    assertThat(one.encode()).isEqualTo(other.encode());
  }

  private static MergedText merged(List<Bytes> deltas) throws MalformedException {
    MergedText text = MergedText.of("");
    for (Bytes delta : deltas) {
      text.merge(delta);
    }
    return text;
  }
}
