package sh.fazt.mesh.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import sh.fazt.mesh.Ambient;
import sh.fazt.mesh.BundleExport;
import sh.fazt.mesh.BundleImport;
import sh.fazt.mesh.ReplicaRecipient;
import sh.fazt.mesh.fault.ErrorCode;
import sh.fazt.mesh.fault.MeshException;

/** Bundles of nodes that run, for and from one that does not. */
class BundleNodesTest extends LoopbackNodes {
  private static final String TABLE = "CREATE TABLE t (id TEXT PRIMARY KEY, v)";
  private static final String ROWS = "SELECT id || v FROM t ORDER BY id";

  private Path bundle(String name) {
    return folder.resolve(name);
  }

  private BundleImport.Taken takeOffline(String node, Path bundle) {
    try (ReplicaRecipient replica = ReplicaRecipient.open(file(node), Ambient.system())) {
      BundleImport.Taken taken = BundleImport.take(bundle, replica, batches -> {});
      replica.settle();
      return taken;
    }
  }

  private void exportOffline(String node, Path bundle) {
    try (ReplicaRecipient replica = ReplicaRecipient.open(file(node), Ambient.system())) {
      BundleExport.of(file(node), bundle).write(replica.summary());
    }
  }

  private void sync(List<String> names) {
    for (MeshNode node : nodes) {
      sync(node);
    }
    assertThat(names).allSatisfy(name -> assertThat(sql(name, ROWS)).isNotEmpty());
  }

  @Test
  void whatABundleBringsGoesOnToThoseThatAreLinked() {
    MeshNode vps = found("vps", TABLE, "INSERT INTO t VALUES ('a', 1)");
    MeshNode laptop = join("laptop", vps);
    join("phone", vps);
    sync(List.of("vps", "laptop", "phone"));
    stop(laptop);
    for (int i = 0; i < 5; i++) {
      sql("laptop", "INSERT INTO t VALUES ('l" + i + "', 2)");
      exportOffline("laptop", bundle("laptop" + i));
    }
    List<NodeEvent> told = new CopyOnWriteArrayList<>();
    vps.events(told::add);
    BundleImport.Taken taken = vps.importBundle(bundle("laptop4"), batches -> {});
    assertThat(told)
        .filteredOn(event -> event.kind() == NodeEvent.Kind.ROWS_RECEIVED)
        .extracting(NodeEvent::subject, NodeEvent::count)
        .containsExactly(tuple("laptop", 5L));
    assertThat(taken.delivered()).isEqualTo(5);
    assertThat(taken.missing()).isEmpty();
    assertThat(sql("vps", ROWS)).hasSize(6);
    await(() -> sql("phone", ROWS).size() == 6);
    assertThat(vps.importBundle(bundle("laptop4"), batches -> {}).delivered()).isZero();
    sql("phone", "INSERT INTO t VALUES ('p', 3)");
    await(() -> sql("vps", ROWS).size() == 7);
  }

  @Test
  void aRunningNodeLeavesOutWhatAPeerHasSaidToHold() {
    MeshNode vps = found("vps", TABLE, "INSERT INTO t VALUES ('a', 1)");
    MeshNode laptop = join("laptop", vps);
    sync(List.of("vps", "laptop"));
    await(() -> vps.peers().get(0).ahead() == 0);
    stop(laptop);
    sql("vps", "INSERT INTO t VALUES ('late', 2)");
    BundleExport.Written written = vps.exportBundle(bundle("rest"), Optional.of("laptop"), false);
    assertThat(written.batches()).isOne();
    assertThat(written.leftOut()).isPositive();
    BundleImport.Taken taken = takeOffline("laptop", bundle("rest"));
    assertThat(taken.delivered()).isOne();
    assertThat(sql("laptop", ROWS)).isEqualTo(sql("vps", ROWS));
    assertThatThrownBy(() -> vps.exportBundle(bundle("rest"), Optional.empty(), false))
        .isInstanceOfSatisfying(
            MeshException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FILE_EXISTS));
    assertThatThrownBy(() -> vps.exportBundle(bundle("x"), Optional.of("nobody"), false))
        .isInstanceOfSatisfying(
            MeshException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PEER_UNKNOWN));
    assertThat(Files.exists(bundle("x"))).isFalse();
  }

  @Test
  void membersThatABundleTellsOfAreLetIn() {
    MeshNode vps = found("vps", TABLE, "INSERT INTO t VALUES ('a', 1)");
    MeshNode laptop = join("laptop", vps);
    sync(List.of("vps", "laptop"));
    stop(laptop);
    MeshNode phone = join("phone", vps);
    sync(List.of("vps", "phone"));
    sql("phone", "INSERT INTO t VALUES ('p', 3)");
    phone.exportBundle(bundle("phone"), Optional.empty(), false);
    stop(vps);
    stop(phone);
    MeshNode again = start("laptop");
    assertThat(again.peers()).hasSize(1);
    assertThat(again.importBundle(bundle("phone"), batches -> {}).rosterGrew()).isTrue();
    assertThat(again.peers()).hasSize(2);
    assertThat(sql("laptop", ROWS)).containsExactly("a1", "p3");
  }
}
