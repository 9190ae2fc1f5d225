package sh.fazt.mesh.node;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import sh.fazt.mesh.roster.Role;

/** Whole nodes over loopback, one of which may not write. */
class RoleNodesTest extends LoopbackNodes {
  @Test
  void nodeThatMayOnlyReadFollowsAndItsOwnWritesAreTakenBack() {
    MeshNode vps =
        found("vps", "CREATE TABLE t (id TEXT PRIMARY KEY, v)", "INSERT INTO t VALUES ('a', 1)");
    joiner("laptop", vps.invite(persona, MeshNode.INVITE_TTL, Role.READ)).join();
    MeshNode laptop = start("laptop");
    sync(laptop);
    assertThat(laptop.status().role()).isEqualTo(Role.READ);
    assertThat(vps.peers()).extracting(PeerStatus::role).containsExactly(Role.READ);
    sql("laptop", "UPDATE t SET v = 'mine'");
    await(() -> sql("laptop", "SELECT v FROM t").contains("1"));
    sql("vps", "UPDATE t SET v = 2");
    await(() -> sql("laptop", "SELECT v FROM t").contains("2"));
    assertThat(sql("vps", "SELECT v FROM t")).containsExactly("2");
    vps.changeRole("laptop", Role.FULL, persona);
    await(() -> laptop.status().role() == Role.FULL);
    sql("laptop", "UPDATE t SET v = 'ours'");
    await(() -> sql("vps", "SELECT v FROM t").contains("ours"));
  }

  @Test
  void nodeThatMayOnlyRelayCarriesBetweenNodesThatNeverMeet() {
    MeshNode vps = found("vps", "CREATE TABLE t (id TEXT PRIMARY KEY, v)");
    MeshNode relay = join("relay", vps);
    MeshNode phone = join("phone", relay);
    sync(phone);
    vps.changeRole("relay", Role.RELAY, persona);
    await(() -> relay.status().role() == Role.RELAY);
    sql("vps", "INSERT INTO t VALUES ('v', 1)");
    sql("phone", "INSERT INTO t VALUES ('p', 1)");
    await(() -> sql("phone", "SELECT id FROM t").contains("v"));
    await(() -> sql("vps", "SELECT id FROM t").contains("p"));
  }
}
