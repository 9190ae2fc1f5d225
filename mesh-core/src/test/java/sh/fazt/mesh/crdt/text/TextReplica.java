package sh.fazt.mesh.crdt.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;

/** A text and its naive twin, which go through the same edits and deltas. */
final class TextReplica {
  private static final String[] POINTS = {"a", "b", "c", " ", "\n", "é", "\u0000", "€", "😀"};

  final MergedText merged;
  final NaiveText naive;
  final Writer writer;
  private int cursor;

  /** One edit, for both. */
  record Delta(Bytes bytes, NaiveText.Delta naive) {}

  TextReplica(String base, long session) {
    merged = MergedText.of(base);
    naive = new NaiveText(base);
    writer = new Writer(session, 0);
    cursor = merged.length();
  }

  /** Types or deletes, mostly where it did last: at first all are at the end of the base. */
  Delta edit(Random random) {
    int length = merged.length();
    int at = Math.min(cursor, length);
    if (random.nextInt(4) == 0) {
      at = random.nextInt(length + 1);
    }
    int deleted = 0;
    if (random.nextInt(3) == 0) {
      int back = Math.min(at, random.nextInt(3));
      at -= back;
      deleted = Math.min(length - at, back + random.nextInt(2));
    }
    StringBuilder inserted = new StringBuilder();
    for (int i = random.nextInt(deleted > 0 ? 2 : 4); i > 0; i--) {
      inserted.append(POINTS[random.nextInt(POINTS.length)]);
    }
    cursor = at + inserted.codePointCount(0, inserted.length());
    return edit(at, deleted, inserted.toString());
  }

  Delta edit(int at, int deleted, String inserted) {
    long counter = writer.next();
    Bytes bytes = merged.edit(writer, at, deleted, inserted);
    return new Delta(bytes, naive.edit(writer.session(), counter, at, deleted, inserted));
  }

  boolean merge(Delta delta) throws MalformedException {
    naive.merge(delta.naive());
    return merged.merge(delta.bytes());
  }

  void check() throws MalformedException {
    assertThat(merged.text()).isEqualTo(naive.text());
    assertThat(merged.length()).isEqualTo(merged.text().codePointCount(0, merged.text().length()));
    Bytes state = merged.encode();
    MergedText read = MergedText.decode(state);
    assertThat(read.text()).isEqualTo(merged.text());
    assertThat(read.encode()).isEqualTo(state);
  }
}
