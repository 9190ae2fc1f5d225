package sh.fazt.mesh.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Nodes that have met only through a third. */
final class ThirdNodeTest extends LoopbackNodes {
  private static boolean isLinked(MeshNode node, String peer) {
    return node.status().peers().stream()
        .anyMatch(each -> each.name().equals(peer) && each.state() == PeerStatus.State.CONNECTED);
  }

  /** They learn from it where the other is, and need it no more. */
  @Test
  void twoThatJoinedThroughAThirdFindEachOtherAndGoOnWithoutIt() {
    MeshNode vps = found("vps", "CREATE TABLE t (id TEXT PRIMARY KEY, v)");
    MeshNode laptop = join("laptop", vps);
    MeshNode phone = join("phone", vps);
    await(() -> isLinked(laptop, "phone") && isLinked(phone, "laptop"));
    stop(vps);
    sql("laptop", "INSERT INTO t VALUES ('a', 1)");
    await(() -> sql("phone", "SELECT v FROM t").equals(List.of("1")));
    stop(phone);
    MeshNode again = start("phone");
    sql("laptop", "INSERT INTO t VALUES ('b', 2)");
    await(() -> sql("phone", "SELECT v FROM t ORDER BY id").equals(List.of("1", "2")));
    assertThat(isLinked(again, "laptop")).isTrue();
  }

  /** What one has written reaches another that it never meets, by way of those between. */
  @Test
  void whatIsWrittenReachesThoseWhoAreNeverMet() {
    MeshNode vps = found("vps", "CREATE TABLE t (id TEXT PRIMARY KEY, v)");
    MeshNode laptop = join("laptop", vps);
    sql("laptop", "INSERT INTO t VALUES ('a', 1)");
    sync(laptop);
    stop(laptop);
    join("phone", vps);
    await(() -> sql("phone", "SELECT v FROM t").equals(List.of("1")));
  }
}
