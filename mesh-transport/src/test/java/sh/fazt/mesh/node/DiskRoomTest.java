package sh.fazt.mesh.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.node.DiskGauge.Space;

/** A disk that is nearly full is left to the application. */
final class DiskRoomTest extends LoopbackNodes {
  private static final long TOTAL = 100L << 30;

  private static boolean isShort(long freeBytes, long totalBytes, long envelopeBytes) {
    DiskGauge gauge = () -> Optional.of(new Space(freeBytes, totalBytes));
    return new DiskRoom(Path.of("data.db"), gauge).shortage(envelopeBytes).isPresent();
  }

  @Test
  void marginIsLeftBesideWhatABatchMayTake() {
    long margin = DiskRoom.MARGIN_BYTES;
    assertThat(isShort(margin - 1, TOTAL, 0)).isTrue();
    assertThat(isShort(margin, TOTAL, 0)).isFalse();
    assertThat(isShort(margin, TOTAL, 1)).isTrue();
    assertThat(isShort(margin + 4_000, TOTAL, 1_000)).isFalse();
  }

  @Test
  void marginOfASmallDiskIsATenthOfIt() {
    assertThat(isShort(10_000_000, 100_000_000, 0)).isFalse();
    assertThat(isShort(9_999_999, 100_000_000, 0)).isTrue();
  }

  @Test
  void whereNobodyCanSayThereIsRoom() {
    assertThat(new DiskRoom(Path.of("data.db"), Optional::empty).shortage(1L << 40)).isEmpty();
  }

  @Test
  void whatPeersSendWaitsUntilThereIsRoomAndTheApplicationWritesOn() {
    MeshNode vps = found("vps", "CREATE TABLE t (id TEXT PRIMARY KEY, v TEXT)");
    AtomicLong free = new AtomicLong(TOTAL);
    joiner("laptop", invite(vps)).join();
    MeshNode laptop =
        MeshNode.start(
            NodeConfig.of(file("laptop"))
                .listeningOn("127.0.0.1:0")
                .measuredBy(() -> Optional.of(new Space(free.get(), TOTAL))));
    nodes.add(laptop);
    sync(laptop);
    free.set(1 << 20);
    sql("vps", "INSERT INTO t VALUES ('from afar', '1')");
    sql("laptop", "INSERT INTO t VALUES ('here', '2')");
    await(() -> sql("vps", "SELECT id FROM t WHERE id = 'here'").size() == 1);
    await(() -> laptop.status().verdict() == NodeStatus.Verdict.SYNCING);
    assertThat(laptop.status().hindrances())
        .singleElement()
        .satisfies(hindrance -> assertThat(hindrance.code()).isEqualTo(ErrorCode.DISK_FULL));
    assertThat(sql("laptop", "SELECT id FROM t")).containsExactly("here");
    free.set(TOTAL);
    await(() -> sql("laptop", "SELECT id FROM t").size() == 2);
    assertThat(laptop.status().hindrances()).isEmpty();
  }
}
