package sh.fazt.mesh.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.Persona;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;

/** Three whole nodes over loopback, of which one, the laptop, is removed. */
class RemovedMemberTest extends LoopbackNodes {
  private static final Duration AT_ONCE = Duration.ofSeconds(5);

  private MeshNode vps;
  private MeshNode laptop;
  private MeshNode phone;

  private void trio() {
    vps = found("vps", "CREATE TABLE t (id TEXT PRIMARY KEY, v)", "INSERT INTO t VALUES ('a', 1)");
    laptop = join("laptop", vps);
    phone = join("phone", vps);
    sync(laptop);
    sync(phone);
    await(() -> connected(vps) == 2);
  }

  private static long connected(MeshNode node) {
    return node.peers().stream().filter(peer -> peer.state() == PeerStatus.State.CONNECTED).count();
  }

  private static boolean isRemoved(MeshNode node) {
    return node.status().verdict() == NodeStatus.Verdict.REMOVED;
  }

  private List<String> ids(String name) {
    return sql(name, "SELECT id FROM t ORDER BY id");
  }

  @Test
  void removedNodeIsPartedFromToldAndHeardNoMore() {
    trio();
    long before = System.nanoTime();
    vps.remove("laptop", persona);
    await(() -> isRemoved(laptop) && connected(vps) == 1);
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(AT_ONCE);
    assertThat(laptop.status().hindrances())
        .anySatisfy(
            each -> {
              assertThat(each.code()).isEqualTo(ErrorCode.REMOVED);
              assertThat(each.message()).startsWith("jay has removed this node");
            });
    assertThat(laptop.peers()).isEmpty();
    sql("laptop", "INSERT INTO t VALUES ('late', 2)");
    sql("vps", "INSERT INTO t VALUES ('b', 2)");
    sync(laptop);
    await(() -> ids("phone").contains("b"));
    sync(vps);
    assertThat(ids("vps")).containsExactly("a", "b");
    assertThat(ids("phone")).containsExactly("a", "b");
    assertThat(ids("laptop")).as("its data stays its own").containsExactly("a", "late");
    await(() -> vps.status().verdict() == NodeStatus.Verdict.IN_SYNC);
  }

  @Test
  void whatItWroteBeforeReachesAllThoughOneNodeAloneHadIt() {
    vps = found("vps", "CREATE TABLE t (id TEXT PRIMARY KEY, v)", "INSERT INTO t VALUES ('a', 1)");
    phone = join("phone", vps);
    laptop = join("laptop", phone);
    sync(laptop);
    sync(phone);
    String address = vps.listening();
    stop(vps);
    sql("laptop", "INSERT INTO t VALUES ('last', 1)");
    sync(laptop);
    await(() -> ids("phone").contains("last"));
    stop(phone);
    stop(laptop);
    vps = startAt("vps", address);
    vps.remove("laptop", persona);
    assertThat(ids("vps")).containsExactly("a");
    phone = start("phone");
    await(() -> ids("vps").contains("last"));
    assertThat(ids("vps")).isEqualTo(ids("phone"));
  }

  @Test
  void nodeThatWasAwayLearnsItAtItsNextContactAndForGood() {
    trio();
    String address = vps.listening();
    stop(laptop);
    vps.remove(laptopId(), persona);
    laptop = start("laptop");
    await(() -> isRemoved(laptop));
    stop(laptop);
    stop(vps);
    stop(phone);
    laptop = start("laptop");
    assertThat(isRemoved(laptop)).as("with nobody there to say so").isTrue();
    stop(laptop);
    vps = startAt("vps", address);
    assertThat(vps.peers()).extracting(PeerStatus::name).containsExactly("phone");
    sql("laptop", "DELETE FROM _mesh_op WHERE number = (SELECT max(number) FROM _mesh_op)");
    laptop = start("laptop");
    await(() -> isRemoved(laptop));
    assertThat(connected(vps)).isZero();
  }

  private String laptopId() {
    return vps.peers().stream()
        .filter(peer -> peer.name().equals("laptop"))
        .map(peer -> peer.id().text())
        .findFirst()
        .orElseThrow();
  }

  @Test
  void removedNodeMayLeaveAndJoinAsAnother() {
    trio();
    vps.remove("laptop", persona);
    await(() -> isRemoved(laptop));
    laptop.leave(AT_ONCE).join();
    nodes.remove(laptop);
    assertThat(ids("laptop")).containsExactly("a");
    laptop = join("laptop", vps);
    sync(laptop);
    await(() -> laptop.status().verdict() == NodeStatus.Verdict.IN_SYNC);
  }

  @Test
  void nobodyIsRemovedWithoutThePersonaOrByAWrongName() {
    trio();
    Persona stranger = Persona.create("eve");
    assertThatThrownBy(() -> vps.remove("laptop", stranger))
        .isInstanceOfSatisfying(
            MeshException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_A_MEMBER));
    assertThatThrownBy(() -> vps.remove("lap", persona))
        .isInstanceOfSatisfying(
            MeshException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PEER_UNKNOWN));
    assertThat(connected(vps)).isEqualTo(2);
  }
}
