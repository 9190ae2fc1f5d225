package sh.fazt.mesh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.bytes.ByteWriter;
import sh.fazt.mesh.bytes.Bytes;
import sh.fazt.mesh.bytes.MalformedException;
import sh.fazt.mesh.delta.SnapshotJoiner;

/** Snapshots of large rows, and of many, take memory for a row at a time, and are copied seldom. */
class LargeSnapshotTest extends PairOfReplicas {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int MIB = 1 << 20;
  private static final int PIECE = 4 << 10;
  private static final String T =
      "CREATE TABLE t (id TEXT PRIMARY KEY, v BLOB NOT NULL, w BLOB NOT NULL, n INTEGER NOT NULL)";

  private static String blob(int bytes) {
    return "randomblob(" + bytes + ")";
  }

  private List<Bytes> pieces(String from, int bytes) {
    List<Bytes> pieces = new ArrayList<>();
    try (SnapshotSource source = nodes.mesh(from).snapshot().orElseThrow()) {
      for (Bytes next = source.next(bytes); !next.isEmpty(); next = source.next(bytes)) {
        pieces.add(next);
      }
    }
    return pieces;
  }

  private static void takeAll(Rebase rebase, List<Bytes> pieces) {
    try {
      for (Bytes piece : pieces) {
        rebase.take(piece);
      }
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  /** The lengths of the records in a snapshot. */
  private List<Integer> lengths(String from) {
    SnapshotJoiner joiner = new SnapshotJoiner();
    List<Integer> lengths = new ArrayList<>();
    try {
      for (Bytes piece : pieces(from, PIECE)) {
        joiner.add(piece).forEach(record -> lengths.add(record.size()));
      }
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
    assertThat(joiner.isOpen()).isFalse();
    return lengths;
  }

  private void assertWhole(String name) {
    nodes.sync("vps", name);
    assertThat(nodes.app(name).exact("t")).isEqualTo(nodes.app("vps").exact("t"));
    assertThat(figures(name).parked() + figures(name).untaken()).isZero();
    assertThat(figures(name).aside()).isZero();
  }

  @Test
  void aRecordInManyPiecesIsCopiedAFewTimesOnly() {
    pair(T);
    vps("INSERT INTO t VALUES ('a', " + blob(8 * MIB) + ", x'00', 1)");
    nodes.mesh("vps").harvest();
    nodes.join("phone", "vps");
    List<Bytes> pieces = pieces("vps", PIECE);
    try (Rebase rebase = nodes.mesh("phone").rebase()) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      takeAll(rebase, pieces);
      assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).isLessThan(64L * MIB);
    }
    long before = THREADS.getCurrentThreadAllocatedBytes();
    assertThat(pieces("vps", PIECE)).isEqualTo(pieces);
    assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).isLessThan(64L * MIB);
  }

  @Test
  void largeRowsArriveWhole() {
    pair(T);
    vps("INSERT INTO t VALUES ('a', " + blob(3 * MIB) + ", " + blob(2 * MIB) + ", 1)");
    vps("INSERT INTO t VALUES ('b', " + blob(MIB / 2) + ", " + blob(MIB) + ", 2)");
    vps("INSERT INTO t VALUES ('c', x'', x'01', 3)");
    nodes.mesh("vps").harvest();
    nodes.join("phone", "vps");
    rebase("vps", "phone");
    assertWhole("phone");
  }

  @Test
  void noRecordHoldsMoreThanIsMeantToBesidesItsFirstValue() {
    pair(T);
    vps("INSERT INTO t VALUES ('a', " + blob(3 * MIB) + ", " + blob(2 * MIB) + ", 1)");
    vps("INSERT INTO t VALUES ('b', " + blob(MIB / 2) + ", " + blob(MIB / 3) + ", 1)");
    nodes.mesh("vps").harvest();
    assertThat(lengths("vps").stream().filter(size -> size > SnapshotSource.RECORD_BYTES_TARGET))
        .hasSize(2)
        .allMatch(size -> size < 3 * MIB + 1_000);
  }

  @Test
  void aLargeRowKeepsWhatWasWrittenToItHere() {
    pair(T);
    nodes.join("phone", "vps");
    vps("INSERT INTO t VALUES ('a', " + blob(2 * MIB) + ", " + blob(2 * MIB) + ", 1)");
    sync();
    nodes.sync("vps", "phone");
    nodes.nowMillis += 10;
    nodes.app("phone").run("UPDATE t SET n = 7", "UPDATE t SET w = x'77'");
    nodes.mesh("phone").harvest();
    vps("UPDATE t SET v = " + blob(3 * MIB));
    nodes.mesh("vps").harvest();
    rebase("vps", "phone");
    assertWhole("phone");
    assertThat(rows("vps", "SELECT n || hex(w) FROM t")).containsExactly("777");
    assertThat(conflicts("phone") + conflicts("vps")).isZero();
  }

  @Test
  void aStateOfMoreBytesThanOneTransactionTakesComesInPages() {
    pair(T);
    for (int i = 0; i < 5; i++) {
      vps("INSERT INTO t VALUES (" + i + ", " + blob(8 * MIB) + ", " + blob(8 * MIB) + ", 1)");
      nodes.mesh("vps").harvest();
    }
    nodes.join("phone", "vps");
    try (Rebase rebase = nodes.mesh("phone").rebase()) {
      takeAll(rebase, pieces("vps", MIB / 4));
      for (int i = 1; i <= 5; i++) {
        // Never a part of a row.
        assertThat(rebase.merge()).as("after row %d", i).isEqualTo(i < 5);
        assertThat(rows("phone", "SELECT count(*) FROM t")).containsExactly(String.valueOf(i));
      }
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
    assertWhole("phone");
  }

  @Test
  void aRecordThatStatesMoreThanTheLimitIsRefused() {
    pair(T);
    long over = SnapshotJoiner.RECORD_BYTES_MAX + 1L;
    try (Rebase rebase = nodes.mesh("vps").rebase()) {
      assertThatThrownBy(() -> rebase.take(new ByteWriter().u32(over).toBytes()))
          .isInstanceOf(MalformedException.class);
    }
  }

  @Test
  void aRecordThatStatesTheLimitTakesNoMemoryBeforeItComes() throws MalformedException {
    SnapshotJoiner joiner = new SnapshotJoiner();
    Bytes head = new ByteWriter().u32(SnapshotJoiner.RECORD_BYTES_MAX).u32(0).toBytes();
    long before = THREADS.getCurrentThreadAllocatedBytes();
    assertThat(joiner.add(head)).isEmpty();
    assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).isLessThan(MIB);
    assertThat(joiner.isOpen()).isTrue();
  }

  @Test
  void aRowThatGoesOnForEverIsMalformed() {
    pair(T);
    vps("INSERT INTO t VALUES ('a', " + blob(2 * MIB) + ", " + blob(2 * MIB) + ", 1)");
    nodes.mesh("vps").harvest();
    SnapshotJoiner joiner = new SnapshotJoiner();
    try (Rebase rebase = nodes.mesh("laptop").rebase()) {
      List<Bytes> records = new ArrayList<>();
      for (Bytes piece : pieces("vps", MIB)) {
        records.addAll(joiner.add(piece));
      }
      takeAll(rebase, pieces("vps", MIB));
      Bytes last = records.get(records.size() - 1);
      Bytes again = new ByteWriter().u32(last.size()).raw(last).toBytes();
      assertThatThrownBy(() -> rebase.take(again))
          .isInstanceOf(MalformedException.class)
          .hasMessageContaining("goes on");
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }
}
