package sh.fazt.mesh.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.Ambient;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;

/** A node whose clock was ahead, over real links. */
class RestampTest extends LoopbackNodes {
  private static final long DAY_MILLIS = 24 * 60 * 60 * 1000L;

  private final AtomicLong ahead = new AtomicLong();

  private MeshNode startWithClock(String name) {
    Ambient system = Ambient.system();
    Ambient off = new Ambient(() -> system.now() + ahead.get(), system.chance());
    MeshNode node = MeshNode.start(new NodeConfig(file(name), Optional.of("127.0.0.1:0"), off));
    nodes.add(node);
    return node;
  }

  private long offset(MeshNode node) {
    return node.peers().get(0).clockOffsetMillis().orElse(0);
  }

  @Test
  void whatAClockAheadHasWrittenShowsElsewhereOnceItIsRightAndSaysSo() {
    MeshNode vps = found("vps", "CREATE TABLE t (id TEXT PRIMARY KEY, v)");
    stop(join("laptop", vps));
    ahead.set(DAY_MILLIS);
    MeshNode laptop = startWithClock("laptop");
    sql(
        "laptop",
        "BEGIN IMMEDIATE",
        "INSERT INTO t VALUES ('a', 1)",
        "UPDATE _mesh_touched_1 SET at = at + " + DAY_MILLIS,
        "COMMIT");
    sync(laptop);
    await(() -> vps.status().figures().parked() == 1);
    assertThat(offset(vps)).isGreaterThan(DAY_MILLIS / 2);
    assertThatThrownBy(laptop::restamp)
        .isInstanceOfSatisfying(
            MeshException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CLOCK_SKEW));
    ahead.set(0);
    await(() -> laptop.status().figures().early().changes() == 1);
    await(() -> Math.abs(offset(laptop)) < 60_000);
    assertThat(laptop.restamp()).isEqualTo(1);
    await(() -> sql("vps", "SELECT v FROM t").contains("1"));
    sql("laptop", "INSERT INTO t VALUES ('b', 2)");
    await(() -> sql("vps", "SELECT v FROM t").contains("2"));
    assertThat(laptop.status().figures().early().changes()).isZero();
    assertThat(laptop.restamp()).isZero();
  }
}
